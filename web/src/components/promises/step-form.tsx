import { Button, Input, Segmented } from 'antd';
import { useState } from 'react';
import { useWords } from '../../data/language.js';
import type { StepGiven } from '../../data/reconnection-orders.js';
import { serviceNow, serviceOffsetMinutes } from '../../data/service-clock.js';
import { atOffset } from '../../model/instants.js';
import { PROMISE_TEXTS } from '../../model/promise-texts.js';
import { Refusal } from '../refusal.js';

/** What the customer said when called back; null where nothing is asked. */
export type CalledBack = 'satisfied' | 'notSatisfied' | 'notReached';

interface StepFormProps {
  title: string;
  by: string;
  isCallback?: boolean;
  isBusy: boolean;
  error: Error | null;
  onSave: (given: StepGiven, calledBack: CalledBack) => void;
  onLeave: () => void;
}

/** Who did it, when, and a note. The instant is the utility's wall clock, to the second, so that what has just happened does not lie before it. */
export function StepForm({ title, by: first, isCallback = false, isBusy, error, onSave, onLeave }: StepFormProps) {
  const texts = useWords(PROMISE_TEXTS);
  const [by, setBy] = useState(first);
  const [note, setNote] = useState('');
  const [at, setAt] = useState(() => atOffset(serviceNow(), serviceOffsetMinutes()).slice(0, 19));
  const [calledBack, setCalledBack] = useState<CalledBack>('satisfied');
  return (
    <form
      className="step-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSave({ at, by: by.trim(), note: note.trim() }, calledBack);
      }}
    >
      <strong>{title}</strong>
      {isCallback && (
        <Segmented<CalledBack>
          size="small"
          value={calledBack}
          onChange={setCalledBack}
          options={(['satisfied', 'notSatisfied', 'notReached'] as const).map((value) => ({
            value,
            label: texts.repair[value],
          }))}
        />
      )}
      <input
        type="datetime-local"
        step={1}
        className="instant-input"
        aria-label={texts.at}
        value={at}
        onChange={(event) => setAt(event.target.value)}
      />
      <Input
        className="step-by"
        value={by}
        onChange={(event) => setBy(event.target.value)}
        placeholder={texts.by}
        aria-label={texts.by}
        maxLength={100}
      />
      <Input
        className="step-note"
        value={note}
        onChange={(event) => setNote(event.target.value)}
        placeholder={texts.note}
        aria-label={texts.note}
        maxLength={2_000}
      />
      <Button type="primary" htmlType="submit" loading={isBusy} disabled={by.trim() === '' || at === ''}>
        {texts.save}
      </Button>
      <Button onClick={onLeave}>{texts.leave}</Button>
      <Refusal error={error} />
    </form>
  );
}
