import { App, Button, Space } from 'antd';
import { useState } from 'react';
import type { RepairOrder } from '../../data/api-types-promises.js';
import { useLanguage, useWords } from '../../data/language.js';
import { useRepairPhones } from '../../data/phones.js';
import { useRepairStep } from '../../data/repairs.js';
import type { RepairStep } from '../../data/repairs.js';
import { shortInstant, wallClock } from '../../model/instants.js';
import { PROMISE_TEXTS } from '../../model/promise-texts.js';
import { nextStep } from '../../model/repair-loop.js';
import { May } from '../may.js';
import { ShowPhones } from '../show-phones.js';
import { ReceiptButton } from './receipt-button.js';
import { StepForm } from './step-form.js';

/** What was said and what was seen, in order of time; the next call; the arithmetic of the clocks. */
export function RepairDetail({ order }: { order: RepairOrder }) {
  const texts = useWords(PROMISE_TEXTS);
  const isEnglish = useLanguage() === 'en';
  const { repair } = texts;
  const readPhones = useRepairPhones(order);
  return (
    <div className="promise-detail">
      {order.routeNote !== null && <p className="late">{isEnglish ? order.routeNote.en : order.routeNote.zh}</p>}
      {order.forced !== null && (
        <p className="faint">
          {repair.forced}: {order.forced.text} ({order.forced.by})
        </p>
      )}
      {order.jobOrderIds.length > 1 && <p className="faint">{repair.sameJob(order.jobOrderIds.length)}</p>}
      {order.trail.length > 0 && (
        <table className="sheet legs-sheet">
          <caption>{repair.trail}</caption>
          <tbody>
            {order.trail.map(({ leg, source, at, by, note, recordedAt }) => (
              <tr key={`${leg} ${source} ${recordedAt}`} data-trail={leg}>
                <th scope="row">{repair.legs[leg] ?? texts.step[leg] ?? leg}</th>
                <td className="figure">{at === null ? '—' : Object.values(wallClock(at)).join(' ')}</td>
                <td className={`leg-word leg-${source === 'observed' ? 'measured' : 'claimed'}`}>
                  {source === 'observed' ? texts.quality.measured : texts.quality.claimed}
                </td>
                <td>{by}</td>
                <td className="faint">{note}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {order.callbacks.map(({ at, by, reached, satisfied, note }) => (
        <p key={at}>
          <span className="figure faint">{shortInstant(at, null)}</span> {repair.legs.calledBack} {by} ·{' '}
          {reached ? (satisfied === true ? repair.satisfied : repair.notSatisfied) : repair.notReached} {note}
        </p>
      ))}
      <Space wrap>
        {order.state !== 'closed' && <ShowPhones read={readPhones} />}
        <ReceiptButton subjectType="repair_order" subjectId={order.id} />
      </Space>
      {order.state !== 'closed' && (
        <May call="POST /repair-orders/:id/dispatched">
          <NextCall order={order} />
        </May>
      )}
    </div>
  );
}

const STEPS = ['dispatched', 'arrived', 'repaired', 'called-back'] as const satisfies RepairStep[];

function NextCall({ order }: { order: RepairOrder }) {
  const texts = useWords(PROMISE_TEXTS);
  const { message } = App.useApp();
  const { mutate, isPending, error, reset } = useRepairStep(order.id);
  const [step, setStep] = useState<RepairStep | null>(null);
  const next = nextStep(order.state);
  const leave = (): void => {
    reset();
    setStep(null);
  };
  if (step === null)
    return (
      <Space wrap>
        {STEPS.map((one) => (
          <Button
            key={one}
            size="small"
            type={one === next ? 'primary' : 'default'}
            className="not-printed"
            onClick={() => setStep(one)}
          >
            {texts.step[one]}
          </Button>
        ))}
      </Space>
    );
  return (
    <StepForm
      title={texts.step[step] ?? step}
      by={step === 'dispatched' || step === 'called-back' ? '' : (order.crew ?? '')}
      isCallback={step === 'called-back'}
      isBusy={isPending}
      error={error}
      onLeave={leave}
      onSave={(given, calledBack) =>
        mutate(
          {
            step,
            ...given,
            ...(step === 'called-back' && { reached: calledBack !== 'notReached' }),
            ...(step === 'called-back' && calledBack !== 'notReached' && { satisfied: calledBack === 'satisfied' }),
          },
          {
            onSuccess: () => {
              void message.success(texts.saved);
              leave();
            },
          },
        )
      }
    />
  );
}
