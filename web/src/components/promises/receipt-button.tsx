import { Button, Modal, Skeleton } from 'antd';
import { useState } from 'react';
import type { Deadline } from '../../data/api-types-promises.js';
import { useDeadlines, useReceipt } from '../../data/deadlines.js';
import { useLanguage, useWords } from '../../data/language.js';
import { readableInstants, wallClock } from '../../model/instants.js';
import { PROMISE_TEXTS } from '../../model/promise-texts.js';
import { QueryError } from '../panel.js';
import '../../styles/sheets.css';
import '../../styles/promises.css';

/** Opens the arithmetic of every deadline of one promise, in words. */
export function ReceiptButton({ subjectType, subjectId }: { subjectType: string; subjectId: number }) {
  const texts = useWords(PROMISE_TEXTS);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button size="small" className="not-printed" onClick={() => setIsOpen(true)}>
        {texts.receipt}
      </Button>
      {isOpen && (
        <Modal open onCancel={() => setIsOpen(false)} title={texts.receipt} footer={null} width={720}>
          <Receipts subjectType={subjectType} subjectId={subjectId} />
        </Modal>
      )}
    </>
  );
}

function Receipts({ subjectType, subjectId }: { subjectType: string; subjectId: number }) {
  const texts = useWords(PROMISE_TEXTS);
  const { data: deadlines, error, refetch } = useDeadlines({ subjectType, subjectId });
  if (deadlines === undefined)
    return error === null ? <Skeleton active /> : <QueryError error={error} onRetry={() => refetch()} />;
  if (deadlines.length === 0) return <p className="faint">{texts.noDeadlines}</p>;
  return deadlines.map((deadline, index) => (
    <details key={deadline.id} className="receipt" open={index === deadlines.length - 1}>
      <summary>
        <DeadlineLine deadline={deadline} />
      </summary>
      <Receipt id={deadline.id} />
    </details>
  ));
}

const whole = (instant: string): string => Object.values(wallClock(instant)).join(' ');

/** What is due when, and how it stands. */
export function DeadlineLine({ deadline }: { deadline: Deadline }) {
  const texts = useWords(PROMISE_TEXTS);
  const { kind, stage, dueAt, state } = deadline;
  return (
    <>
      <strong>{texts.deadlineKind[kind] ?? kind}</strong> {texts.stage[stage] ?? stage} ·{' '}
      <span className="figure">{whole(dueAt)}</span> ·{' '}
      <span className={`deadline-${state}`}>{texts.stageState[state] ?? state}</span>
    </>
  );
}

/** The arithmetic of one deadline, step by step. */
export function Receipt({ id }: { id: number }) {
  const texts = useWords(PROMISE_TEXTS);
  const isEnglish = useLanguage() === 'en';
  const { data: receipt, error, refetch } = useReceipt(id);
  if (receipt === undefined)
    return error === null ? <Skeleton active /> : <QueryError error={error} onRetry={() => refetch()} />;
  return (
    <div data-receipt={id}>
      <ol className="receipt-steps">
        {receipt.steps.map((step) => (
          <li key={step.en}>{readableInstants(isEnglish ? step.en : step.zh)}</li>
        ))}
      </ol>
      {receipt.pauses.length > 0 && (
        <p>
          {texts.pauses}:{' '}
          {receipt.pauses
            .map(
              ({ pausedAt, resumedAt, reason, evidence }) =>
                `${whole(pausedAt)} – ${resumedAt === null ? '' : whole(resumedAt)} ${reason} (${evidence})`,
            )
            .join('; ')}
        </p>
      )}
      {receipt.escalation !== null && (
        <p className="faint">
          {texts.escalated} {texts.role[receipt.escalation.role] ?? receipt.escalation.role}{' '}
          {receipt.escalation.persons.join(', ')}
        </p>
      )}
    </div>
  );
}
