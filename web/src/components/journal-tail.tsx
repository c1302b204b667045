import { Empty } from 'antd';
import { useMemo } from 'react';
import { useRecentEntries } from '../data/journal.js';
import { useTexts } from '../data/language.js';
import { wallClock } from '../model/instants.js';
import { Panel } from './panel.js';
import { useFresh } from './use-fresh.js';

/** The newest entries of the journal, as they are. */
export function JournalTail() {
  const texts = useTexts();
  const query = useRecentEntries(80);
  const entries = query.data ?? [];
  const isFresh = useFresh(useMemo(() => query.data?.map((entry) => entry.id), [query.data]));
  return (
    <Panel title={texts.journal} query={query}>
      {entries.length === 0 && <Empty description={texts.noJournal} image={Empty.PRESENTED_IMAGE_SIMPLE} />}
      <ol className="tail tail-journal">
        {entries.map((entry) => (
          <li key={entry.id} className={isFresh(entry.id) ? 'fresh' : ''} title={JSON.stringify(entry.data)}>
            <span className="figure">{wallClock(entry.happenedAt).time}</span> <strong>{entry.type}</strong>{' '}
            <span className="faint">
              {entry.subjectType} {entry.subjectId}
              {entry.actor === 'system' ? '' : ` · ${entry.actor}`}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
