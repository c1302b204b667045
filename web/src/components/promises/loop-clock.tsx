import { useTexts, useWords } from '../../data/language.js';
import { useServiceNow } from '../../data/service-clock.js';
import { formatDuration } from '../../model/countdown.js';
import { PROMISE_TEXTS } from '../../model/promise-texts.js';
import type { LoopClock } from '../../model/repair-loop.js';

/** One clock of a leg: what is left of it, or how it ended. */
export function LoopClockLine({ clock, name }: { clock: LoopClock | null; name: string }) {
  const { repair } = useWords(PROMISE_TEXTS);
  if (clock === null || clock.state === 'off') return null;
  return (
    <div className={`loop-clock loop-${clock.state}`} data-clock={clock.kind} data-clock-state={clock.state}>
      {name !== '' && <span>{name} </span>}
      {clock.state === 'running' ? (
        <Running dueAt={clock.dueAt} />
      ) : (
        <strong>{clock.state === 'late' ? repair.late : repair.done}</strong>
      )}
    </div>
  );
}

/** Draws itself again each second; nothing around it does. */
function Running({ dueAt }: { dueAt: number }) {
  const words = useTexts();
  const leftMs = dueAt - useServiceNow();
  return (
    <strong className={leftMs <= 0 ? 'late' : undefined}>
      {leftMs <= 0 && '+'}
      {formatDuration(leftMs, words)}
    </strong>
  );
}
