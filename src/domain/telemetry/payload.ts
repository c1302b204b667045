import type { RejectReason } from './decoded.js';

export type JsonObject = Readonly<Record<string, unknown>>;

export class Refused {
  constructor(
    readonly reason: RejectReason,
    readonly detail: string,
  ) {}
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const REPLACEMENT = '\uFFFD';

/**
 * Bytes -> JSON value, or why not. The size is checked before anything is read: 16 KB of nested brackets cost as much as 400 readings.
 */
export function parsePayload(payload: Buffer, limitBytes: number): { value: unknown } | Refused {
  if (payload.length > limitBytes)
    return new Refused('too_large', `${payload.length} bytes; at most ${limitBytes} are taken here`);
  const text = payload.toString('utf8');
  // Invalid bytes decode to U+FFFD. Only then is the slow, strict decoder asked whether the character was really sent.
  if (text.includes(REPLACEMENT)) {
    try {
      strict.decode(payload);
    } catch {
      return new Refused('not_utf8', 'the payload is not UTF-8');
    }
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return new Refused('not_json', `the payload is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON of a refused element; null when it is too deep to be written (then the whole message is kept). */
export function elementText(element: unknown): string | null {
  try {
    return JSON.stringify(element) ?? null;
  } catch {
    return null;
  }
}

/** Why an instant of a terminal cannot be taken, or null when it can. */
export function instantFault(ts: unknown, now: number, futureToleranceMs: number, retentionMs: number): Refused | null {
  if (ts === undefined || ts === null) return new Refused('missing_field', 'ts is missing');
  if (typeof ts !== 'number' || !Number.isInteger(ts))
    return new Refused('out_of_bounds', 'ts must be an instant in whole milliseconds since 1970');
  if (ts > now + futureToleranceMs)
    return new Refused('ahead_of_clock', `ts is ${Math.round((ts - now) / 1000)} s ahead of the clock`);
  if (ts < now - retentionMs) {
    const inMs = ts * 1_000;
    const hint = inMs >= now - retentionMs && inMs <= now + futureToleranceMs ? '; it seems to count seconds' : '';
    return new Refused(
      'older_than_retention',
      `ts is ${Math.round((now - ts) / 86_400_000)} days old${hint}; it must count milliseconds since 1970`,
    );
  }
  return null;
}

/** Whole numbers a counter may have; beyond 2^53 a JSON number is no longer exact. */
export const isCounter = (value: unknown, max: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;

export const MAX_SID = 2_147_483_647;
export const MAX_SEQ = Number.MAX_SAFE_INTEGER;

/** A payload that names its terminal must name the one of its topic. Numbers are accepted for all-digit codes. */
export const isIdOf = (given: unknown, terminal: string): boolean =>
  given === undefined || given === terminal || (typeof given === 'number' && String(given) === terminal);
