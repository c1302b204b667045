import type { DecodeContext, Reply, StateReport, TerminalEvent } from './decoded.js';
import { instantFault, isCounter, isIdOf, isObject, MAX_SID, Refused } from './payload.js';

const NUL = '\u0000';
const TEXT_LIMIT = 200;
const TYPE = /^[a-z][a-z0-9_.-]{0,63}$/i;
const PHASES = /^(?!$)A?B?C?N?$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const KNOWN = new Set(['ts', 'type', 'phases', 'eid', 'id', 'v', 'tq']);

/** Text that PostgreSQL can store and a person can read. */
const isText = (value: unknown, limit: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= limit && !value.includes(NUL);

const idFault = (given: unknown, id: string): Refused | null =>
  isIdOf(given, id) ? null : new Refused('id_mismatch', 'id is not the terminal of the topic');

/** One event. Unknown types are taken; scalar fields beside the known ones are kept, anything deeper is ignored and counted. */
export function decodeEvent(
  source: unknown,
  id: string,
  context: DecodeContext,
): { event: TerminalEvent; ignoredNames: number } | Refused {
  if (!isObject(source)) return new Refused('missing_field', 'an event must be an object');
  const mismatch = idFault(source.id, id);
  if (mismatch !== null) return mismatch;
  if (source.tq === 2)
    return new Refused('clock_unsynchronised', 'the clock of the terminal was never synchronised (tq 2)');
  const wrongInstant = instantFault(source.ts, context.now, context.futureToleranceMs, context.retentionMs);
  if (wrongInstant !== null) return wrongInstant;
  if (source.type === undefined || source.type === null) return new Refused('missing_field', 'type is missing');
  if (typeof source.type !== 'string' || !TYPE.test(source.type))
    return new Refused('out_of_bounds', 'type must be a name of at most 64 letters, digits, _ . or -');
  const phases = source.phases ?? null;
  if (phases !== null && (typeof phases !== 'string' || !PHASES.test(phases)))
    return new Refused('out_of_bounds', 'phases must be letters of ABCN in that order');
  const eid = typeof source.eid === 'number' ? String(source.eid) : (source.eid ?? null);
  if (eid !== null && !isText(eid, TEXT_LIMIT))
    return new Refused('out_of_bounds', `eid must be a text of at most ${TEXT_LIMIT} characters`);
  const data = Object.create(null) as Record<string, string | number | boolean>;
  let ignoredNames = 0;
  for (const [name, value] of Object.entries(source)) {
    if (KNOWN.has(name)) continue;
    const scalar = typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
    if (isText(name, 64) && (scalar || isText(value, TEXT_LIMIT))) data[name] = value;
    else ignoredNames += 1;
  }
  return { event: { ts: source.ts as number, type: source.type, phases, eid, data }, ignoredNames };
}

/** Birth or will. The instant of a birth is not used: what matters is which boot speaks. */
export function decodeState(source: unknown, id: string): StateReport | Refused {
  if (!isObject(source)) return new Refused('missing_field', 'a state must be an object');
  const mismatch = idFault(source.id, id);
  if (mismatch !== null) return mismatch;
  if (source.state === undefined || source.state === null) return new Refused('missing_field', 'state is missing');
  if (source.state !== 'online' && source.state !== 'offline')
    return new Refused('out_of_bounds', 'state must be online or offline');
  const sid = source.sid ?? null;
  if (sid !== null && !isCounter(sid, MAX_SID))
    return new Refused('out_of_bounds', `sid must be a whole number from 0 to ${MAX_SID}`);
  if (sid === null && source.state === 'offline')
    return new Refused('missing_field', 'a will needs sid: without it a will of an earlier boot cannot be told apart');
  return { state: source.state, sid };
}

/** Answer to a command, kept whole. */
export function decodeReply(source: unknown, id: string): Reply | Refused {
  if (!isObject(source)) return new Refused('missing_field', 'an answer must be an object');
  const mismatch = idFault(source.id, id);
  if (mismatch !== null) return mismatch;
  if (source.rid === undefined || source.rid === null) return new Refused('missing_field', 'rid is missing');
  if (typeof source.rid !== 'string' || !UUID.test(source.rid))
    return new Refused('out_of_bounds', 'rid must be the rid of a command');
  if (depthOf(source, MAX_DEPTH) > MAX_DEPTH)
    return new Refused('out_of_bounds', `an answer must not be nested deeper than ${MAX_DEPTH}`);
  const answer = JSON.stringify(source);
  if (answer.includes('\\u0000')) return new Refused('out_of_bounds', 'an answer must not hold U+0000');
  return { rid: source.rid.toLowerCase(), answer };
}

const MAX_DEPTH = 16;

function depthOf(value: unknown, limit: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (limit < 0) return 1;
  let deepest = 0;
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner, limit - 1));
  return deepest + 1;
}
