import { App, Button, Popconfirm, Space } from 'antd';
import { useState } from 'react';
import type { PaidButDark } from '../../data/api-types-promises.js';
import { useLanguage, useTexts, useWords } from '../../data/language.js';
import { useAccountPhones } from '../../data/phones.js';
import { ORDER_STEPS, useOrderStep, useRemoteReconnection } from '../../data/reconnection-orders.js';
import type { OrderStep } from '../../data/reconnection-orders.js';
import { readableInstants, wallClock } from '../../model/instants.js';
import { PROMISE_TEXTS } from '../../model/promise-texts.js';
import { legsInOrder } from '../../model/repair-loop.js';
import { May } from '../may.js';
import { ShowPhones } from '../show-phones.js';
import { ReceiptButton } from './receipt-button.js';
import { StepForm } from './step-form.js';

/** The legs of one order with their instants and how certain each is; the next steps of a crew; the arithmetic of its limit. */
export function OrderDetail({ order }: { order: PaidButDark }) {
  const readPhones = useAccountPhones(order.accountNo);
  const texts = useWords(PROMISE_TEXTS);
  const isEnglish = useLanguage() === 'en';
  return (
    <div className="promise-detail">
      <table className="sheet legs-sheet">
        <tbody>
          {legsInOrder(order.legs).map(({ leg, at, source, quality }) => (
            <tr key={`${leg} ${at}`} data-leg={leg}>
              <th scope="row">{texts.leg[leg] ?? leg}</th>
              <td className="figure">{Object.values(wallClock(at)).join(' ')}</td>
              <td className={`leg-word leg-${quality}`}>{texts.quality[quality] ?? quality}</td>
              <td className="faint">{source}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {order.forecast !== null && (
        <p className="faint">
          {readableInstants(isEnglish ? order.forecast.arithmetic.en : order.forecast.arithmetic.zh)}
        </p>
      )}
      <Space wrap>
        <ShowPhones read={readPhones} />
        <ReceiptButton subjectType="reconnection_order" subjectId={order.id} />
      </Space>
      <May call="POST /reconnection-orders/:id/crew-assigned">
        <Steps id={order.id} />
      </May>
    </div>
  );
}

function Steps({ id }: { id: number }) {
  const texts = useWords(PROMISE_TEXTS);
  const { message } = App.useApp();
  const { mutate, isPending, error, reset } = useOrderStep(id);
  const [step, setStep] = useState<OrderStep | null>(null);
  if (step === null)
    return (
      <Space wrap>
        {ORDER_STEPS.map((one) => (
          <Button key={one} size="small" className="not-printed" onClick={() => setStep(one)}>
            {texts.step[one]}
          </Button>
        ))}
        <May call="POST /reconnection-orders/:id/remote" quiet>
          <RemoteButton id={id} />
        </May>
      </Space>
    );
  const leave = (): void => {
    reset();
    setStep(null);
  };
  return (
    <StepForm
      title={texts.step[step] ?? step}
      by=""
      isBusy={isPending}
      error={error}
      onLeave={leave}
      onSave={(given) =>
        mutate(
          { step, ...given },
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

function RemoteButton({ id }: { id: number }) {
  const texts = useWords(PROMISE_TEXTS);
  const { warning, decide } = useTexts();
  const { message } = App.useApp();
  const { mutate, isPending } = useRemoteReconnection(id);
  const ask = (): void =>
    mutate(undefined, {
      onSuccess: () => void message.success(texts.remoteAsked),
      onError: (error) => void message.error(error.message),
    });
  return (
    <Popconfirm title={texts.remoteAsk} onConfirm={ask} okText={warning.acknowledge} cancelText={decide.keep}>
      <Button size="small" className="not-printed" loading={isPending}>
        {texts.remote}
      </Button>
    </Popconfirm>
  );
}
