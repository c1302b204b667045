import { Timeline } from 'antd';
import type { WarningDetail } from '../data/api-types.js';
import { useLanguage, useTexts } from '../data/language.js';
import { wallClock } from '../model/instants.js';

/** What rules and people did with a warning, in the order of time. */
export function WarningHistory({ warning }: { warning: WarningDetail }) {
  const texts = useTexts();
  const isEnglish = useLanguage() === 'en';
  const happened = [
    { at: warning.knownAt, text: texts.warning.raised, more: '', person: false },
    ...warning.revisions.map((revision) => ({
      at: revision.at,
      text: isEnglish ? revision.whyEn : revision.why,
      more: Object.keys(revision.changed).join(', '),
      person: false,
    })),
    ...warning.comments.map((comment) => ({
      at: comment.at,
      text: `${comment.actor} ${texts.warning.action[comment.action] ?? comment.action}`,
      more: isEnglish ? comment.noteEn : comment.note,
      person: true,
    })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (
    <Timeline
      items={happened.map((one, index) => ({
        key: index,
        color: one.person ? 'blue' : 'gray',
        content: (
          <div>
            <span className="faint figure">{Object.values(wallClock(one.at)).join(' ')}</span> {one.text}
            {one.more !== '' && <div className="faint">{one.more}</div>}
          </div>
        ),
      }))}
    />
  );
}
