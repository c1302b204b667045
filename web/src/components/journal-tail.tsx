import { Empty } from 'antd';
import { useMemo } from 'react';
import { useRecentEntries } from '../data/journal.js';
import { useLanguage, useTexts } from '../data/language.js';
import { wallClock } from '../model/instants.js';
import { entryWords, subjectWords } from '../model/words.js';
import { Panel } from './panel.js';
import { useFresh } from './use-fresh.js';

/** The newest entries of the journal, at the time they became known. */
export function JournalTail() {
  const texts = useTexts();
  const language = useLanguage();
  const query = useRecentEntries(80);
  const entries = query.data ?? [];
  const isFresh = useFresh(useMemo(() => query.data?.map((entry) => entry.id), [query.data]));
  return (
    <Panel title={texts.journal} query={query}>
      {entries.length === 0 && <Empty description={texts.noJournal} image={Empty.PRESENTED_IMAGE_SIMPLE} />}
      <ol className="tail tail-journal">
        {entries.map((entry) => (
          <li
            key={entry.id}
            className={isFresh(entry.id) ? 'fresh' : ''}
            data-entry={entry.type}
            title={`${entry.type} ${entry.happenedAt} ${JSON.stringify(entry.data)}`}
          >
            <span className="figure">{wallClock(entry.knownAt).time}</span>{' '}
            <strong>{entryWords(entry.type, language)}</strong>{' '}
            <span className="faint">
              {subjectWords(entry.subjectType, language)} {entry.subjectId}
              {entry.actor === 'system' ? '' : ` · ${entry.actor}`}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
