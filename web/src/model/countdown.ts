/** How near an open outage is to the limit of a long one; decides colour and order. */
type Closeness = 'calm' | 'near' | 'close' | 'last-hour' | 'over';

export interface Countdown {
  /** Milliseconds to the limit; negative once it has passed. */
  remainingMs: number;
  closeness: Closeness;
  /** Share of the limit that has passed, 0 to 1. */
  share: number;
}

const HOUR_MS = 3_600_000;

/** Counts from a start to start + limit. `now` is the service's clock. */
export function countdownTo(startedAt: number, dueAt: number, now: number): Countdown {
  const remainingMs = dueAt - now;
  const limitMs = Math.max(1, dueAt - startedAt);
  return {
    remainingMs,
    closeness: closenessOf(remainingMs, limitMs),
    share: Math.min(1, Math.max(0, (now - startedAt) / limitMs)),
  };
}

/** The ladder of supervision halves the limit: 4 h of 8 h is near, 2 h is close, 1 h is the last. */
function closenessOf(remainingMs: number, limitMs: number): Closeness {
  if (remainingMs <= 0) return 'over';
  if (remainingMs <= Math.min(HOUR_MS, limitMs / 4)) return 'last-hour';
  if (remainingMs <= limitMs / 4) return 'close';
  if (remainingMs <= limitMs / 2) return 'near';
  return 'calm';
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** `mm:ss` below one hour, `h:mm` above with the unit words given; the sign is left to the caller. */
export function formatDuration(ms: number, words: { hours: string; minutes: string }): string {
  // Remaining time is rounded up, passed time down: 00:00 stands there only when the limit has been reached.
  const seconds = Math.abs(Math.ceil(ms / 1_000));
  if (seconds < 3_600) return `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)} ${words.hours} ${pad(minutes % 60)} ${words.minutes}`;
}
