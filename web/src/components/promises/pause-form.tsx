import { App, Button, Input } from 'antd';
import { useState } from 'react';
import type { Deadline } from '../../data/api-types-promises.js';
import { usePause, useResume } from '../../data/deadlines.js';
import { useWords } from '../../data/language.js';
import { PAUSE_TEXTS } from '../../model/pause-texts.js';
import { May } from '../may.js';
import { Refusal } from '../refusal.js';

/** Stops the clock of a promise that the policy lets stand, with why and what proves it; lets it run again. */
export function PauseForm({ deadline: { id, state, pausable } }: { deadline: Deadline }) {
  const isPaused = state === 'paused';
  if (!isPaused && !(pausable && state === 'pending')) return null;
  return <May call="POST /deadlines/:id/pause">{isPaused ? <ResumeButton id={id} /> : <Pause id={id} />}</May>;
}

function Pause({ id }: { id: number }) {
  const texts = useWords(PAUSE_TEXTS);
  const { message } = App.useApp();
  const { mutateAsync, isPending, error } = usePause(id);
  const [reason, setReason] = useState('');
  const [evidence, setEvidence] = useState('');
  const given = { reason: reason.trim(), evidence: evidence.trim() };
  const text = (value: string, set: (value: string) => void, label: string) => (
    <Input
      className="step-note"
      value={value}
      onChange={(event) => set(event.target.value)}
      placeholder={label}
      aria-label={label}
      maxLength={500}
    />
  );
  return (
    <form
      className="step-form not-printed"
      data-pause={id}
      onSubmit={(event) => {
        event.preventDefault();
        // Not mutate's own callback: a live event may take the row off the list before the answer is here. A refusal stands in `error`.
        mutateAsync(given).then(
          () => message.success(texts.paused),
          () => undefined,
        );
      }}
    >
      {text(reason, setReason, texts.reason)}
      {text(evidence, setEvidence, texts.evidence)}
      <Button htmlType="submit" loading={isPending} disabled={given.reason.length < 2 || given.evidence.length < 2}>
        {texts.pause}
      </Button>
      <Refusal error={error} />
    </form>
  );
}

function ResumeButton({ id }: { id: number }) {
  const texts = useWords(PAUSE_TEXTS);
  const { message } = App.useApp();
  const { mutateAsync, isPending, error } = useResume(id);
  const resume = (): void => {
    mutateAsync(undefined).then(
      () => message.success(texts.resumed),
      () => undefined,
    );
  };
  return (
    <div className="step-form not-printed">
      <Button type="primary" loading={isPending} onClick={resume}>
        {texts.resume}
      </Button>
      <Refusal error={error} />
    </div>
  );
}
