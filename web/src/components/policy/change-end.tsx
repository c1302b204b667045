import { Alert, App, Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { ProblemError } from '../../data/client.js';
import type { InputError } from '../../data/client.js';
import { useWords } from '../../data/language.js';
import { usePolicyChange } from '../../data/policy.js';
import type { ChangedPolicy } from '../../data/policy.js';
import { wallClock } from '../../model/instants.js';
import { POLICY_TEXTS } from '../../model/policy-texts.js';
import { DifferenceTable } from './difference-table.js';

interface ChangeEndProps {
  /** What is to be written; null while it is not complete. */
  text: string | object | null;
  /** The errors of the text, to be shown at their place in it; none when it fits. */
  onRefused: (errors: readonly InputError[]) => void;
  onWritten: () => void;
}

const TEXT = 'body.text';

/** The end of every change: from when on, why, a trial that writes nothing, and the writing. */
export function ChangeEnd({ text, onRefused, onWritten }: ChangeEndProps) {
  const texts = useWords(POLICY_TEXTS);
  const { message } = App.useApp();
  const { mutate, isPending, error } = usePolicyChange();
  const [effectiveFrom, setEffectiveFrom] = useState('');
  const [note, setNote] = useState('');
  const [checked, setChecked] = useState<{ text: string | object; outcome: ChangedPolicy } | null>(null);
  const [agreed, setAgreed] = useState(false);
  const outcome = checked?.text === text ? checked?.outcome : undefined;
  const displaced = outcome?.supersedes ?? [];

  const send = (isTrial: boolean): void => {
    if (text === null) return;
    const supersedes = agreed ? displaced.map(({ version }) => version) : [];
    mutate(
      { text, effectiveFrom: effectiveFrom === '' ? null : effectiveFrom, supersedes, note: note.trim(), isTrial },
      {
        onSuccess: (outcome) => {
          onRefused([]);
          setAgreed(false);
          if (outcome.version === null) return setChecked({ text, outcome });
          void message.success(texts.wrote(outcome.version));
          onWritten();
        },
        onError: (refusal) => {
          setChecked(null);
          // The trial says what the change would replace, and asks whether it may.
          if (refusal instanceof ProblemError && refusal.code === 'policy_version_scheduled') return send(true);
          const errors = refusal instanceof ProblemError ? refusal.errors : [];
          onRefused(errors.filter(({ path }) => path.startsWith(TEXT)));
        },
      },
    );
  };
  const errors = error instanceof ProblemError ? error.errors : [];
  const at = (path: string): string | undefined => errors.find((one) => one.path === path)?.message;
  const isIncomplete = text === null || note.trim() === '';
  return (
    <div className="change-end">
      <label className="field">
        <span>
          {texts.effect} <small>{texts.atOnce}</small>
        </span>
        <input
          type="datetime-local"
          className="instant-input"
          value={effectiveFrom}
          onChange={(event) => {
            setEffectiveFrom(event.target.value);
            setChecked(null);
          }}
        />
        <FieldError text={at('body.effectiveFrom')} />
      </label>
      <label className="field">
        {texts.note}
        <Input
          value={note}
          onChange={(event) => setNote(event.target.value)}
          placeholder={texts.noteHint}
          maxLength={2_000}
        />
        <FieldError text={at('body.note')} />
      </label>
      {error !== null && (
        <Alert type="error" showIcon title={errors.length === 0 ? error.message : texts.refused} data-refused />
      )}
      {outcome !== undefined && <Outcome outcome={outcome} />}
      {displaced.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={displaced
            .map(({ version, effectiveFrom }) => texts.displaced(version, wholeInstant(effectiveFrom)))
            .join(' ')}
          description={
            <Checkbox checked={agreed} onChange={(event) => setAgreed(event.target.checked)}>
              {texts.supersede}
            </Checkbox>
          }
          data-displaced
        />
      )}
      <div className="form-end">
        <Button onClick={() => send(true)} disabled={isIncomplete} loading={isPending}>
          {texts.check}
        </Button>
        <Button
          type="primary"
          onClick={() => send(false)}
          disabled={isIncomplete || (displaced.length > 0 && !agreed)}
          loading={isPending}
        >
          {texts.write}
        </Button>
      </div>
    </div>
  );
}

const wholeInstant = (instant: string): string => Object.values(wallClock(instant)).join(' ');

function Outcome({ outcome }: { outcome: ChangedPolicy }) {
  const texts = useWords(POLICY_TEXTS);
  const at = wholeInstant(outcome.effectiveFrom);
  const count = outcome.changes.length;
  return (
    <div data-checked={count}>
      <Alert
        type={count === 0 ? 'info' : 'success'}
        showIcon
        title={count === 0 ? texts.noChange : texts.checked(count)}
        description={texts.replaces(outcome.replaces, at)}
      />
      {count > 0 && <DifferenceTable differences={outcome.changes} />}
    </div>
  );
}

export function FieldError({ text }: { text: string | undefined }) {
  return text === undefined ? null : (
    <span className="field-error" role="alert">
      {text}
    </span>
  );
}
