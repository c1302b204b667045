/**
 * What a customer who moved lived through, from the histories of the transformers it hung on. An interruption is the customer's (IEEE 1366):
 * it ends when the customer is moved to a transformer with supply, begins when it is moved onto one without, and goes on as one, that of
 * the outage it began with, when it is moved from one without supply onto another.
 */
import type { Interruption, Stay, Stretch } from './reliability.js';

/** What was without supply, or without any word, of one or of several transformers. */
export interface History {
  losses: Interruption[];
  silences: Stretch[];
}

/** The part of a transformer's history that customers were there for. */
export interface LivedPart extends History {
  stay: Stay;
}

/** What lies in a stay; null when there is nothing. */
export function partOf(
  stay: Stay,
  losses: readonly Interruption[],
  silences: readonly Stretch[],
  now: number,
): LivedPart | null {
  const part = { stay, losses: cut(losses, stay, now), silences: cut(silences, stay, now) };
  return part.losses.length + part.silences.length === 0 ? null : part;
}

function cut<Of extends Stretch>(stretches: readonly Of[], { from, to }: Stay, now: number): Of[] {
  return stretches
    .filter(({ startedAt, endedAt }) => startedAt < to && (startedAt >= from || (endedAt ?? now) > from))
    .map((stretch) => ({
      ...stretch,
      startedAt: Math.max(stretch.startedAt, from),
      endedAt: stretch.endedAt === null && to > now ? null : Math.min(stretch.endedAt ?? now, to),
    }));
}

/** Parts as one history. */
export function joinParts(parts: readonly LivedPart[]): History {
  const whole: History = { losses: [], silences: [] };
  for (const { stay, losses, silences } of parts.toSorted((a, b) => a.stay.from - b.stay.from)) {
    const [first, ...others] = losses.toSorted((a, b) => a.startedAt - b.startedAt);
    const before = whole.losses.at(-1);
    whole.silences.push(...silences);
    if (first === undefined) continue;
    if (before !== undefined && before.endedAt === stay.from && first.startedAt === stay.from)
      before.endedAt = first.endedAt;
    else whole.losses.push(first);
    whole.losses.push(...others);
  }
  return whole;
}
