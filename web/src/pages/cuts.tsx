import { Alert, Button, Input, Segmented } from 'antd';
import { useState } from 'react';
import { FindingTable } from '../components/promises/finding-table.js';
import { QueryError } from '../components/panel.js';
import type { CutFinding, CutQuestion } from '../data/api-types-promises.js';
import { ProblemError } from '../data/client.js';
import { useCutCheck } from '../data/cuts.js';
import { useWords } from '../data/language.js';
import { PROMISE_TEXTS } from '../model/promise-texts.js';
import '../styles/sheets.css';
import '../styles/promises.css';

const REASONS = ['arrears', 'violation', 'theft'] as const;
const EMPTY = {
  accountNo: '',
  plannedAt: '',
  approvedBy: '',
  noticeServedAt: '',
  finalNoticeAt: '',
  authorityInformedAt: '',
};
type Field = keyof typeof EMPTY;

/** Asks before anybody goes to cut a supply: every step that is missing and everything that forbids it, each with its source. */
export function CutsPage() {
  const texts = useWords(PROMISE_TEXTS).cut;
  const [fields, setFields] = useState(EMPTY);
  const [reason, setReason] = useState<CutQuestion['reason']>('arrears');
  const { mutate, isPending, data, error, reset } = useCutCheck();
  const set = (field: Field, value: string): void => {
    reset();
    setFields({ ...fields, [field]: value });
  };
  const ask = (): void => {
    const given = Object.entries(fields).flatMap(([name, value]) =>
      value.trim() === '' ? [] : [[name, value.trim()]],
    );
    mutate({ ...(Object.fromEntries(given) as Omit<CutQuestion, 'reason'>), reason });
  };
  const clock = (field: Field, label: string) => (
    <label className="field">
      {label}
      <input
        type="datetime-local"
        className="instant-input"
        value={fields[field]}
        onChange={(event) => set(field, event.target.value)}
      />
    </label>
  );
  const text = (field: Field, label: string) => (
    <label className="field">
      {label}
      <Input value={fields[field]} onChange={(event) => set(field, event.target.value)} maxLength={100} />
    </label>
  );
  return (
    <section className="panel cut-guard">
      <h2>{texts.title}</h2>
      <p className="faint">{texts.hint}</p>
      <form
        className="cut-fields"
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        {text('accountNo', texts.account)}
        <div className="field">
          {texts.reason}
          <Segmented<CutQuestion['reason']>
            value={reason}
            onChange={(value) => {
              reset();
              setReason(value);
            }}
            options={REASONS.map((value) => ({ value, label: texts.reasons[value] ?? value }))}
          />
        </div>
        {clock('plannedAt', texts.planned)}
        {text('approvedBy', texts.approved)}
        {clock('noticeServedAt', texts.notice)}
        {clock('finalNoticeAt', texts.final)}
        {clock('authorityInformedAt', texts.authority)}
        <div className="form-end">
          <Button
            type="primary"
            htmlType="submit"
            loading={isPending}
            disabled={fields.accountNo.trim() === '' || fields.plannedAt === ''}
          >
            {texts.check}
          </Button>
        </div>
      </form>
      {data !== undefined && (
        <Alert
          type="success"
          showIcon
          title={texts.allowed}
          description={texts.basis(data.policyVersion)}
          data-cut="allowed"
        />
      )}
      <Refusal error={error} onRetry={ask} />
    </section>
  );
}

function Refusal({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  const texts = useWords(PROMISE_TEXTS).cut;
  if (!(error instanceof ProblemError) || error.code !== 'disconnection_not_allowed')
    return <QueryError error={error} onRetry={onRetry} />;
  const findings = error.errors as CutFinding[];
  return (
    <div data-cut="refused">
      <Alert type="error" showIcon title={texts.refused(findings.length)} />
      <FindingTable findings={findings} />
    </div>
  );
}
