import { useServiceNow } from '../data/service-clock.js';
import { useTexts } from '../data/language.js';
import { countdownTo, formatDuration } from '../model/countdown.js';
import { shortInstant } from '../model/instants.js';

/** Time left to a limit, with a bar of what has passed. Draws itself again each second; nothing around it does. */
export function CountdownCell({ startedAt, dueAt, overText }: { startedAt: number; dueAt: number; overText: string }) {
  const texts = useTexts();
  const now = useServiceNow();
  const { remainingMs, closeness, share } = countdownTo(startedAt, dueAt, now);
  const duration = formatDuration(remainingMs, texts);
  return (
    <div className={`countdown countdown-${closeness}`} data-closeness={closeness}>
      <div className="countdown-text">
        {closeness === 'over' ? (
          <>
            <strong>{overText}</strong> <span>+{duration}</span>
          </>
        ) : (
          <strong>{duration}</strong>
        )}
      </div>
      <div className="countdown-bar" aria-hidden>
        {/* A width through the style object is set by script, which the content policy allows; a style attribute is not. */}
        <div style={{ width: `${Math.round(share * 1000) / 10}%` }} />
      </div>
    </div>
  );
}

/** When supply is expected back; a time that has passed while it is still out is marked, for nobody must read it out as a promise. */
export function Until({ at, over, today }: { at: string | null; over: boolean; today: string | null }) {
  const texts = useTexts();
  const now = useServiceNow();
  const isLate = !over && at !== null && Date.parse(at) <= now;
  return (
    <span className={isLate ? 'figure passed' : 'figure'}>
      {shortInstant(at, today)} {isLate && texts.etrPassed}
    </span>
  );
}

/** How long ago an instant was. */
export function Age({ since }: { since: number }) {
  const texts = useTexts();
  const now = useServiceNow();
  return <span className="age">{formatDuration(Math.min(0, since - now), texts)}</span>;
}
