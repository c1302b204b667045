import { Alert, Button, Input, Segmented } from 'antd';
import { useState } from 'react';
import type { FaultAnswer } from '../../data/api-types-promises.js';
import { newExternalId } from '../../data/external-id.js';
import { useLanguage, useWords } from '../../data/language.js';
import { useFaultReport } from '../../data/repairs.js';
import { openOver } from '../../data/route.js';
import { shortInstant } from '../../model/instants.js';
import { callOf, EMPTY_CALL, EXTENTS } from '../../model/intake.js';
import type { CallFields, Extent } from '../../model/intake.js';
import { INTAKE_TEXTS } from '../../model/intake-texts.js';
import { PROMISE_TEXTS } from '../../model/promise-texts.js';
import { Refusal } from '../refusal.js';

/** Takes a call about missing supply down: either the words to say, because the cause is known, or an order for a crew. */
export function FaultIntake({ onClose }: { onClose: () => void }) {
  const texts = useWords(INTAKE_TEXTS);
  const [fields, setFields] = useState(EMPTY_CALL);
  const [externalId, setExternalId] = useState(newExternalId);
  const { mutate, isPending, data, error, reset } = useFaultReport();
  const call = callOf(fields);
  const isAnswered = data !== undefined;
  const next = (): void => {
    reset();
    setFields(EMPTY_CALL);
    setExternalId(newExternalId());
  };
  const text = (name: Exclude<keyof CallFields, 'extent'>, label: string, maxLength: number) => (
    <label className="field">
      {label}
      <Input
        value={fields[name]}
        disabled={isAnswered}
        onChange={(event) => setFields({ ...fields, [name]: event.target.value })}
        maxLength={maxLength}
      />
    </label>
  );
  return (
    <section className="panel cut-guard intake not-printed" data-intake>
      <h2>{texts.open}</h2>
      <form
        className="cut-fields"
        onSubmit={(event) => {
          event.preventDefault();
          if (call !== null && !isAnswered) mutate({ ...call, externalId });
        }}
      >
        {text('accountNo', texts.account, 64)}
        {text('callerPhone', texts.phone, 20)}
        {text('transformerCode', texts.transformer, 64)}
        {text('address', texts.address, 500)}
        {text('symptom', texts.symptom, 2_000)}
        {text('place', texts.place, 500)}
        {text('contact', texts.contact, 200)}
        <div className="field">
          {texts.extentLabel}
          <Segmented<Extent>
            value={fields.extent}
            disabled={isAnswered}
            onChange={(extent) => setFields({ ...fields, extent })}
            options={EXTENTS.map((value) => ({ value, label: texts.extent[value] }))}
          />
        </div>
        <div className="form-end panel-tools">
          {isAnswered ? (
            <Button type="primary" onClick={next}>
              {texts.next}
            </Button>
          ) : (
            <Button type="primary" htmlType="submit" loading={isPending} disabled={call === null}>
              {texts.take}
            </Button>
          )}
          <Button onClick={onClose}>{texts.close}</Button>
          {call === null && <span className="faint">{texts.whoHint}</span>}
        </div>
      </form>
      <Refusal error={error} />
      {isAnswered && (
        <Answer
          answer={data}
          isBusy={isPending}
          onForce={(reason) => mutate({ ...call, externalId, force: { reason } })}
        />
      )}
    </section>
  );
}

interface AnswerProps {
  answer: FaultAnswer;
  isBusy: boolean;
  /** The same call again, with the reason for which it is to have an order. */
  onForce: (reason: string) => void;
}

function Answer({ answer: { report, order }, isBusy, onForce }: AnswerProps) {
  const texts = useWords(INTAKE_TEXTS);
  const isEnglish = useLanguage() === 'en';
  const routeNote = order?.routeNote ?? null;
  if (order !== null)
    return (
      <Alert
        type="success"
        showIcon
        title={texts.taken(order.id)}
        description={
          <>
            {order.unit !== null && <div>{texts.unit([order.unit, order.person].filter(Boolean).join(' '))}</div>}
            {routeNote !== null && <div>{isEnglish ? routeNote.en : routeNote.zh}</div>}
            {order.forced !== null && <Forced text={order.forced.text} />}
          </>
        }
        data-answer="order"
      />
    );
  const words = (isEnglish ? report.words?.en : report.words?.zh) ?? [];
  const cause = report.cause ?? '';
  const restoration = report.estimatedRestorationAt;
  return (
    <Alert
      type="info"
      showIcon
      data-answer="known"
      title={
        <>
          {texts.known}: {texts.cause[cause] ?? cause}
          {restoration !== null && ` · ${texts.restoration(shortInstant(restoration, null))}`}
        </>
      }
      description={
        <>
          <div className="faint">{texts.say}</div>
          {words.map((line) => (
            <p key={line} className="said">
              {line}
            </p>
          ))}
          <div className="panel-tools">
            {report.eventType === 'outage' && report.eventId !== null && (
              <Button size="small" onClick={() => openOver('outage', report.eventId)}>
                {texts.event} #{report.eventId}
              </Button>
            )}
            <ForceForm isBusy={isBusy} onForce={onForce} />
          </div>
        </>
      }
    />
  );
}

function Forced({ text }: { text: string }) {
  const { repair } = useWords(PROMISE_TEXTS);
  return (
    <div className="late">
      {repair.forced}: {text}
    </div>
  );
}

function ForceForm({ isBusy, onForce }: Pick<AnswerProps, 'isBusy' | 'onForce'>) {
  const texts = useWords(INTAKE_TEXTS);
  const [reason, setReason] = useState('');
  return (
    <form
      className="panel-tools"
      onSubmit={(event) => {
        event.preventDefault();
        onForce(reason.trim());
      }}
    >
      <Input
        size="small"
        className="step-note"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        placeholder={texts.forceHint}
        aria-label={texts.forceHint}
        maxLength={500}
      />
      <Button size="small" htmlType="submit" loading={isBusy} disabled={reason.trim() === ''}>
        {texts.force}
      </Button>
    </form>
  );
}
