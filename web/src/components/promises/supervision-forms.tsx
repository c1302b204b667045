import { App, Button, Input, Segmented } from 'antd';
import { useState } from 'react';
import type { SupervisionDetail } from '../../data/api-types-promises.js';
import { useWords } from '../../data/language.js';
import { useMay } from '../../data/me.js';
import { useSupervisionStep } from '../../data/supervision.js';
import type { SupervisionStep } from '../../data/supervision.js';
import { SUPERVISION_TEXTS } from '../../model/supervision-texts.js';
import { Refusal } from '../refusal.js';

type Step = SupervisionStep['step'];
const EMPTY = { note: '', by: '', expectedAt: '', unit: '', person: '', withoutMeasurement: '' };

/** Reply, assign or close; the service says what an order still lacks. */
export function SupervisionForms({ order }: { order: SupervisionDetail }) {
  const texts = useWords(SUPERVISION_TEXTS);
  const { message } = App.useApp();
  const mayDecide = useMay('POST /supervision-orders/:id/close');
  const { mutateAsync, isPending, error, reset } = useSupervisionStep(order.id);
  const [step, setStep] = useState<Step>('reply');
  const [fields, setFields] = useState(EMPTY);
  const field = (name: keyof typeof EMPTY, label: string, className = 'step-by') => (
    <Input
      className={className}
      value={fields[name]}
      onChange={(event) => setFields({ ...fields, [name]: event.target.value })}
      placeholder={label}
      aria-label={label}
      maxLength={2_000}
    />
  );
  const body = bodyOf(step, fields);
  const words = { reply: texts.answer, assign: texts.assign, close: texts.close };
  return (
    <form
      className="step-form not-printed"
      onSubmit={(event) => {
        event.preventDefault();
        if (body === null) return;
        // Not mutate's own callback: a live event may take the row off the list before the answer is here. A refusal stands in `error`.
        mutateAsync(body).then(
          () => {
            setFields(EMPTY);
            void message.success(texts.saved);
          },
          () => undefined,
        );
      }}
    >
      <Segmented<Step>
        size="small"
        value={step}
        onChange={(next) => {
          reset();
          setStep(next);
        }}
        options={(mayDecide ? (['reply', 'assign', 'close'] as const) : (['reply'] as const)).map((value) => ({
          value,
          label: words[value],
        }))}
      />
      {step === 'reply' && field('by', texts.by)}
      {step === 'assign' && field('unit', texts.assignUnit)}
      {step === 'assign' && field('person', texts.assignPerson)}
      {field('note', step === 'reply' ? texts.answerHint : texts.closeNote, 'step-note')}
      {step === 'reply' && (
        <label className="faint">
          {texts.expected}{' '}
          <input
            type="datetime-local"
            className="instant-input"
            value={fields.expectedAt}
            onChange={(event) => setFields({ ...fields, expectedAt: event.target.value })}
          />
        </label>
      )}
      {step === 'close' && !order.effect.measured && field('withoutMeasurement', texts.withoutMeasurement, 'step-note')}
      <Button type="primary" htmlType="submit" loading={isPending} disabled={body === null}>
        {texts.save}
      </Button>
      <Refusal error={error} />
    </form>
  );
}

/** What is sent; null while something is missing that the service would only refuse. */
function bodyOf(step: Step, fields: typeof EMPTY): SupervisionStep | null {
  const note = fields.note.trim();
  const [by, unit, person, why] = [fields.by, fields.unit, fields.person, fields.withoutMeasurement].map((text) =>
    text.trim(),
  );
  switch (step) {
    case 'reply':
      if (!note || !by) return null;
      return { step, note, by, ...(fields.expectedAt === '' ? {} : { expectedAt: fields.expectedAt }) };
    case 'assign':
      return unit ? { step, unit, note, ...(person ? { person } : {}) } : null;
    case 'close':
      return { step, note, ...(why ? { withoutMeasurement: why } : {}) };
  }
  return step satisfies never;
}
