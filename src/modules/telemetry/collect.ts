import type { Decoded, Reading, StateReport, TerminalEvent } from '../../domain/telemetry/decoded.js';
import type { DecodedMessage } from './decoded-message.js';
import type { Refusal } from './keep-rejected.js';
import type { BatchOutcome, ReceivedMessage } from './received-message.js';
import type { Arrival, EventArrival, ReplyArrival, Station, Terminal } from './station.js';
import { isSameMeasurement } from './store-readings.js';

/** What a batch brings, by transformer and in event time. */
export interface Collected {
  readonly stations: readonly Station[];
  /** Events of terminals, and wills as events of type `offline`. */
  readonly events: readonly EventArrival[];
  readonly replies: readonly ReplyArrival[];
  readonly shards: ReadonlyMap<Terminal, string>;
  readonly refusals: Refusal[];
  readonly outcome: BatchOutcome;
  /** The reading as JSON when it came in an array with others; null when it is the whole message. */
  readonly elementOf: (message: ReceivedMessage, reading: Reading) => string | null;
}

const NO_DATA: TerminalEvent['data'] = Object.freeze({});

/** Sorts a decoded batch to the transformers of the terminals found in the register. */
export function collect(batch: readonly DecodedMessage[], terminals: ReadonlyMap<string, Terminal>): Collected {
  const stations = new Set<Station>();
  const events: EventArrival[] = [];
  const wills: { report: StateReport; terminal: Terminal; message: ReceivedMessage }[] = [];
  const replies: ReplyArrival[] = [];
  const shards = new Map<Terminal, string>();
  const refusals: Refusal[] = [];
  const outcome = emptyOutcome(batch.length);
  const arrays = new Set<ReceivedMessage>();

  for (const { message, parts } of batch) {
    for (const part of parts) {
      outcome.ignoredNames += part.ignoredNames;
      for (const { reason, detail, element } of part.rejections)
        refusals.push({ message, terminal: part.terminal, reason, detail, element });
      if (!hasContent(part)) continue;
      const terminal = terminals.get(part.terminal);
      if (terminal === undefined) {
        refusals.push({
          message,
          terminal: part.terminal,
          reason: 'unknown_terminal',
          detail: 'the terminal is not in the register; register it and the message is taken',
          element: null,
        });
        continue;
      }
      const { station } = terminal;
      stations.add(station);
      if (part.live && message.rejectedId === undefined) hear(station, message.receivedAt);
      if (part.shard !== null && part.shard !== terminal.shard) shards.set(terminal, part.shard);
      if (part.readings.length > 1) arrays.add(message);
      for (const reading of part.readings) {
        station.arrivals.push({ reading, terminal, message });
        if (reading.sid !== null && part.live && reading.sid > (station.latestSid ?? -1))
          station.latestSid = reading.sid;
      }
      for (const event of part.events) events.push({ event, terminal, message });
      if (part.reply !== null) {
        replies.push({ terminal, reply: part.reply, message });
        outcome.replies += 1;
      }
      if (part.state !== null) {
        outcome.states += 1;
        if (part.state.state === 'online') beBorn(station, part.state, message.retain);
        else wills.push({ report: part.state, terminal, message });
      }
    }
  }
  const collected = {
    stations: [...stations],
    events,
    replies,
    shards,
    refusals,
    outcome,
    elementOf: (message: ReceivedMessage, reading: Reading) => (arrays.has(message) ? elementText(reading) : null),
  };
  for (const station of collected.stations) arrange(station, collected);
  for (const { report, terminal, message } of wills) {
    const { station } = terminal;
    if (report.sid !== null && station.latestSid !== null && report.sid < station.latestSid) {
      outcome.staleWills += 1;
      continue;
    }
    // The broker shows a retained will again after every new session; it says nothing new of a terminal that is not live.
    if (message.retain && station.state.supply !== 'live') continue;
    const newest = station.fresh.at(-1)?.reading.ts ?? station.state.lastTs ?? 0;
    const event = {
      // A kept will that is sent through again is of its own time; a new one is of now, also when the terminal's clock is ahead.
      ts: message.rejectedId === undefined ? Math.max(message.receivedAt, newest) : message.receivedAt,
      type: 'offline',
      phases: null,
      eid: null,
      data: NO_DATA,
    };
    events.push({ event, terminal, message });
  }
  return collected;
}

const hasContent = (part: Decoded): boolean =>
  part.readings.length > 0 || part.events.length > 0 || part.state !== null || part.reply !== null;

function hear(station: Station, receivedAt: number): void {
  station.touched = true;
  if (station.heardAt === null || receivedAt > station.heardAt) station.heardAt = receivedAt;
}

/** A birth that was just sent is right about its boot, whatever was before (a replaced device starts again at 1); a retained one may be old. */
function beBorn(station: Station, { sid }: StateReport, retained: boolean): void {
  if (sid === null || (retained && station.latestSid !== null && sid < station.latestSid)) return;
  station.latestSid = sid;
  station.touched = true;
}

/** In event time; what is repeated within the batch is taken once; then parted into what is surely new and what may be known. */
function arrange(station: Station, { outcome, refusals, elementOf }: Collected): void {
  const { arrivals } = station;
  const [first] = arrivals;
  if (arrivals.length <= 1) {
    if (first !== undefined && first.reading.ts > (station.state.lastTs ?? -Infinity)) station.fresh = arrivals;
    else station.old = arrivals;
    return;
  }
  arrivals.sort((a, b) => a.reading.ts - b.reading.ts);
  const lastTs = station.state.lastTs ?? -Infinity;
  const fresh: Arrival[] = [];
  const old: Arrival[] = [];
  let before = null;
  for (const arrival of arrivals) {
    const { reading, terminal, message } = arrival;
    if (before !== null && before.reading.ts === reading.ts) {
      if (isSameMeasurement(before.reading, reading)) outcome.duplicates += 1;
      else
        refusals.push({
          message,
          terminal: terminal.code,
          reason: 'conflicting_duplicate',
          detail: `another reading of ${new Date(reading.ts).toISOString()} is stored, with other values`,
          element: elementOf(message, reading),
        });
      continue;
    }
    before = arrival;
    (reading.ts > lastTs ? fresh : old).push(arrival);
  }
  station.fresh = fresh;
  station.old = old;
}

/** The reading in the service's own names, as it can be sent again. */
function elementText(reading: Reading): string {
  const names = Object.entries(reading).filter(([name, value]) => name !== 'kind' && value !== null);
  return JSON.stringify(Object.fromEntries(names));
}

const emptyOutcome = (messages: number): BatchOutcome => ({
  messages,
  refusedMessages: 0,
  readings: 0,
  late: 0,
  duplicates: 0,
  events: 0,
  states: 0,
  replies: 0,
  staleWills: 0,
  rejected: {},
  ignoredNames: 0,
  gaps: 0,
});
