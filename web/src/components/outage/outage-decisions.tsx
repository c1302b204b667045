import { App, Button, Popconfirm } from 'antd';
import type { OutageDetail } from '../../data/api-types.js';
import { useTexts, useWords } from '../../data/language.js';
import { useOutageUndo } from '../../data/outages.js';
import { openOver } from '../../data/route.js';
import { shortInstant } from '../../model/instants.js';
import { OUTAGE_TEXTS } from '../../model/outage-texts.js';
import { May } from '../may.js';

/** What people decided about an outage; the last one that stands can be taken back. */
export function OutageDecisions({ outage }: { outage: OutageDetail }) {
  const { warning, decide } = useTexts();
  const texts = useWords(OUTAGE_TEXTS);
  const { message } = App.useApp();
  const { mutate, isPending } = useOutageUndo();
  const last = outage.decisions.findLast(({ undoneAt }) => undoneAt === null);
  if (outage.decisions.length === 0) return null;
  const undo = (decisionId: number): void =>
    mutate(
      { id: outage.id, decisionId },
      {
        onSuccess: () => void message.success(texts.undone),
        onError: (error) => void message.error(error.message),
      },
    );
  return (
    <>
      <h3>{texts.decisions}</h3>
      <ul className="plain-list family">
        {outage.decisions.map((one) => (
          <li key={one.id} data-decision={one.kind}>
            <span className="faint figure">{shortInstant(one.at, null)}</span>{' '}
            <span className={one.undoneAt === null ? undefined : 'taken-back'}>
              <strong>{one.by}</strong> {texts.decision[one.kind]} {one.note}
            </span>{' '}
            {one.outages
              .filter((id) => id !== outage.id)
              .map((id) => (
                <button key={id} type="button" className="as-link code" onClick={() => openOver('outage', id)}>
                  #{id}
                </button>
              ))}
            {one.undoneAt !== null && (
              <span className="faint">{texts.undoneBy(one.undoneBy ?? '', shortInstant(one.undoneAt, null))}</span>
            )}
            {one === last && (
              <May call="POST /outages/:id/undo" quiet>
                <Popconfirm
                  title={texts.undoAsk}
                  onConfirm={() => undo(one.id)}
                  okText={warning.acknowledge}
                  cancelText={decide.keep}
                >
                  <Button size="small" className="not-printed" loading={isPending}>
                    {texts.undo}
                  </Button>
                </Popconfirm>
              </May>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
