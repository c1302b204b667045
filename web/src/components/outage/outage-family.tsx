import { Alert } from 'antd';
import type { OutageDetail, OutageRelative } from '../../data/api-types.js';
import { useTexts, useWords } from '../../data/language.js';
import { openOver } from '../../data/route.js';
import { shortInstant } from '../../model/instants.js';
import { OUTAGE_TEXTS } from '../../model/outage-texts.js';

/** Where an outage comes from and what came of it: nested outages, splits, merges. */
export function OutageFamily({ outage }: { outage: OutageDetail }) {
  const texts = useWords(OUTAGE_TEXTS);
  const { parent, children, mergedIntoId } = outage;
  return (
    <>
      {mergedIntoId !== null && (
        <Alert
          type="info"
          showIcon
          title={
            <button type="button" className="as-link" onClick={() => openOver('outage', mergedIntoId)}>
              {texts.mergedInto(mergedIntoId)}
            </button>
          }
        />
      )}
      {(parent !== null || children.length > 0) && (
        <>
          <h3>{texts.family}</h3>
          <ul className="plain-list family">
            {parent !== null && <Relative relative={parent} word={texts.parent} />}
            {children.map((child) => (
              <Relative key={child.id} relative={child} word={texts.child} />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Relative({ relative, word }: { relative: OutageRelative; word: string }) {
  const texts = useWords(OUTAGE_TEXTS);
  const { outageState } = useTexts();
  const { customersAffected, customersRestored } = relative;
  return (
    <li data-relative={relative.id}>
      <span className="faint">{word}</span>{' '}
      <button type="button" className="as-link" onClick={() => openOver('outage', relative.id)}>
        #{relative.id} {relative.name}
      </button>{' '}
      <span className="figure">
        {shortInstant(relative.startedAt, null)} – {shortInstant(relative.endedAt, null)}
      </span>{' '}
      · {outageState[relative.state]}
      {relative.state !== 'discarded' && ` · ${texts.still(customersAffected - customersRestored, customersAffected)}`}
    </li>
  );
}
