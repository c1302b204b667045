import { PrinterOutlined } from '@ant-design/icons';
import { App, Button, Skeleton, Space } from 'antd';
import type { SupervisionDetail as Detail } from '../../data/api-types-promises.js';
import { useLanguage, useWords } from '../../data/language.js';
import { openOver } from '../../data/route.js';
import { openSheet } from '../../data/sheet-window.js';
import { useNoticeSheet, useSupervisionOrder } from '../../data/supervision.js';
import { shortInstant, wallClock } from '../../model/instants.js';
import { SUPERVISION_TEXTS } from '../../model/supervision-texts.js';
import { May } from '../may.js';
import { QueryError } from '../panel.js';
import { ReceiptButton } from './receipt-button.js';
import { SupervisionForms } from './supervision-forms.js';

/** One order with its replies, its measured effect, its note to be printed, and what can be done about it. */
export function SupervisionDetail({ id }: { id: number }) {
  const { data: order, error, refetch } = useSupervisionOrder(id);
  if (order === undefined)
    return error === null ? <Skeleton active /> : <QueryError error={error} onRetry={() => refetch()} />;
  return <Body order={order} />;
}

function Body({ order }: { order: Detail }) {
  const texts = useWords(SUPERVISION_TEXTS);
  const language = useLanguage();
  const isEnglish = language === 'en';
  const { message } = App.useApp();
  const readSheet = useNoticeSheet(order.id, language);
  const show = (): void => {
    openSheet(readSheet).catch((error: unknown) => void message.error(String(error)));
  };
  return (
    <div className="promise-detail">
      {order.routeNote !== null && <p className="late">{isEnglish ? order.routeNote.en : order.routeNote.zh}</p>}
      <p>
        <strong>{texts.effect}</strong>: {isEnglish ? order.effect.en : order.effect.zh} ·{' '}
        <span className={order.effect.measured ? 'done' : 'faint'}>
          {order.effect.measured ? texts.measured : texts.notMeasured} {shortInstant(order.effect.at, null)}
        </span>
      </p>
      {order.closedOn !== null && (
        <p className={order.closedOn === 'word' ? 'late' : 'done'}>
          {texts.closedOn[order.closedOn]} · {order.closedBy} {order.closeNote}
        </p>
      )}
      <table className="sheet legs-sheet">
        <caption>{texts.trail}</caption>
        <tbody>
          {order.trail.map(({ at, by, action, zh, en }) => (
            <tr key={`${at} ${action} ${en}`} data-trail={action}>
              <td className="figure">{Object.values(wallClock(at)).join(' ')}</td>
              <td>{by}</td>
              <td>{isEnglish ? en : zh}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Space wrap className="not-printed">
        <Button size="small" icon={<PrinterOutlined />} onClick={show} data-sheet={order.number}>
          {texts.sheet}
        </Button>
        <Button size="small" onClick={() => openOver('warning', order.warningId)}>
          {texts.open}
        </Button>
        <ReceiptButton subjectType="supervision_order" subjectId={order.id} />
      </Space>
      {order.state !== 'closed' && (
        <May call="POST /supervision-orders/:id/reply">
          <SupervisionForms order={order} />
        </May>
      )}
    </div>
  );
}
