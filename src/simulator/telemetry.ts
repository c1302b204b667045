import { chance } from './chance.js';
import { customerAt, transformerAt } from './city.js';
import type { SimTransformer } from './city.js';
import { measure, voltsAt } from './electric.js';
import type { PhaseVolts } from './electric.js';
import type { ArrearsCase, Part } from './incident.js';
import type { Edge, Timeline } from './timeline.js';

export interface SimMessage {
  /** When the terminal sends it. */
  at: number;
  transformer: number;
  channel: 'meas' | 'backfill' | 'event' | 'state';
  retain: boolean;
  body: unknown;
}

export interface SimReading {
  ts: number;
  sid: number;
  seq: number;
  tq: number;
  [name: string]: number;
}

const MINUTE_MS = 60_000;
/** One of so many readings never arrives, one of so many arrives twice. */
const LOST_SHARE = 0.0004;
const DOUBLED_SHARE = 0.001;
const LOST_GASP_SHARE = 0.12;
const READINGS_PER_BACKFILL = 60;
/** A meter's switch state reaches the terminal this long after it changed. */
const SWITCH_REPORT_MS = 20_000;

/** What is true of one transformer at an instant. */
export interface TransformerTruth {
  supply: 'live' | 'dead';
  /** Without measuring noise; zero when dead. */
  volts: PhaseVolts;
  heard: boolean;
}

export function transformerTruth(timeline: Timeline, transformer: SimTransformer, t: number): TransformerTruth {
  const dead = timeline.downAt(transformer.index, t) !== null;
  return {
    supply: dead ? 'dead' : 'live',
    volts: dead ? [0, 0, 0] : voltsAt(timeline.city, transformer, t, timeline.faultsAt(transformer.index, t)),
    heard: !dead && timeline.silentAt(transformer.index, t) === null,
  };
}

/** The whole city at an instant, in the order of its transformers. */
export const cityAt = (timeline: Timeline, t: number): TransformerTruth[] =>
  timeline.city.transformers.map((transformer) => transformerTruth(timeline, transformer, t));

/** The reading a terminal takes at a full minute, or null without power. */
export function readingAt(timeline: Timeline, transformer: SimTransformer, ts: number): SimReading | null {
  const truth = transformerTruth(timeline, transformer, ts);
  if (truth.supply === 'dead') return null;
  const boot = timeline.bootAt(transformer.index, ts);
  const clock = timeline.clockAt(transformer.index, ts);
  return {
    ts: ts + (clock?.aheadMs ?? 0),
    sid: boot.sid,
    seq: Math.floor((ts - boot.since) / MINUTE_MS) + 1,
    tq: clock?.quality ?? 0,
    ...measure(timeline.city, transformer, ts, truth.volts),
  };
}

/** Everything the terminals send with `from <= at < to`, in the order of sending. */
export function messagesBetween(timeline: Timeline, from: number, to: number): SimMessage[] {
  const { city } = timeline;
  const messages: SimMessage[] = [];
  for (let ts = Math.floor(from / MINUTE_MS) * MINUTE_MS; ts < to; ts += MINUTE_MS) {
    for (const transformer of city.transformers) {
      const at = ts + transformer.sendDelayMs;
      if (at < from || at >= to) continue;
      if (timeline.silentAt(transformer.index, ts) !== null || timeline.silentAt(transformer.index, at) !== null)
        continue;
      if (timeline.downAt(transformer.index, at) !== null) continue; // dead before it could send
      const reading = readingAt(timeline, transformer, ts);
      const luck = chance(city.seed, transformer.index, ts / MINUTE_MS, 77);
      if (reading === null || luck < LOST_SHARE) continue;
      const message: SimMessage = { at, transformer: transformer.index, channel: 'meas', retain: false, body: reading };
      messages.push(message);
      if (luck > 1 - DOUBLED_SHARE) messages.push(message);
    }
  }
  for (const edge of timeline.edgesBetween(from, to)) messages.push(...edgeMessages(timeline, edge));
  for (const arrears of timeline.cases) {
    const sentAt = arrears.reconnectedAt === null ? Infinity : arrears.reconnectedAt + SWITCH_REPORT_MS;
    if (sentAt >= from && sentAt < to) messages.push(...switchMessages(timeline, arrears, sentAt));
  }
  return messages.sort((a, b) => a.at - b.at);
}

/** The terminal reads the meters below it and tells of a switch that was closed, when it has power and a link itself. */
function switchMessages(
  timeline: Timeline,
  { customer, externalId, reconnectedAt }: ArrearsCase,
  at: number,
): SimMessage[] {
  const { accountNo, transformer } = customerAt(timeline.city, customer);
  if (timeline.downAt(transformer, at) !== null || timeline.silentAt(transformer, at) !== null) return [];
  const body = { ts: reconnectedAt, type: 'switch_closed', accountNo, eid: `switch-${externalId}` };
  return [{ at, transformer, channel: 'event', retain: false, body }];
}

/** The retained births of all terminals at the very beginning. */
export const births = (timeline: Timeline, at: number): SimMessage[] =>
  timeline.city.transformers
    .filter((transformer) => transformerTruth(timeline, transformer, at).heard)
    .map((transformer) => state(timeline, at, transformer.index, 'online'));

function state(
  timeline: Timeline,
  at: number,
  transformer: number,
  value: 'online' | 'offline',
  bootAt = at,
): SimMessage {
  const { sid } = timeline.bootAt(transformer, bootAt);
  return { at, transformer, channel: 'state', retain: true, body: { ts: at, state: value, sid } };
}

function edgeMessages(timeline: Timeline, edge: Edge): SimMessage[] {
  const { at, part } = edge;
  const { transformer, from } = part;
  const quiet =
    edge.type !== 'reconnected' && timeline.silentAt(transformer, at) !== null && edge.incident.kind !== 'silence';
  const gasp = gaspOf(part);
  switch (edge.type) {
    case 'last_gasp': {
      const luck = chance(timeline.city.seed, transformer, from / 1000, 5);
      if (quiet || luck < LOST_GASP_SHARE) return [];
      const message: SimMessage = { at, transformer, channel: 'event', retain: false, body: gasp };
      return luck > 0.5 ? [message, message] : [message];
    }
    case 'gone_offline':
      // The broker sends the will; it knows nothing of power.
      return quiet ? [] : [state(timeline, at, transformer, 'offline', from - 1)];
    case 'powered_on': {
      if (quiet) return [];
      const on = onOf(part);
      // The terminal's own record of the outage comes with it: whoever lost the last gasp learns the start now.
      return [
        state(timeline, at, transformer, 'online'),
        { at, transformer, channel: 'event', retain: false, body: [gasp, on] },
      ];
    }
    case 'reconnected':
      return [
        state(timeline, at, transformer, 'online'),
        ...unsentEvents(timeline, transformer, from, at),
        ...backfill(timeline, transformerAt(timeline.city, transformer), from, at),
      ];
    default: {
      if (quiet || edge.incident.kind !== 'voltage') return [];
      const body = {
        ts: from,
        type: 'phase_loss',
        phases: edge.incident.phases.join(''),
        eid: `ph-${transformer}-${from}`,
      };
      return [{ at, transformer, channel: 'event', retain: false, body }];
    }
  }
}

/** What the terminal recorded of losses of supply that ended while nobody heard it. */
function unsentEvents(timeline: Timeline, transformer: number, from: number, at: number): SimMessage[] {
  return timeline
    .downsEnding(transformer, from, at)
    .map((down) => ({ at, transformer, channel: 'event', retain: false, body: [gaspOf(down), onOf(down)] }));
}

const gaspOf = ({ transformer, from }: Part) => ({
  ts: from,
  type: 'power_off',
  phases: 'ABC',
  eid: `off-${transformer}-${from}`,
});
const onOf = ({ transformer, to }: Part) => ({ ts: to, type: 'power_on', eid: `on-${transformer}-${to}` });

/** The readings taken with `from <= ts < to`, in arrays as large as the interface allows, two seconds apart. */
export function backfill(timeline: Timeline, transformer: SimTransformer, from: number, to: number): SimMessage[] {
  const readings: SimReading[] = [];
  const first = Math.floor(from / MINUTE_MS) * MINUTE_MS; // its message may still have been on the way when the link broke
  for (let ts = first; ts < to; ts += MINUTE_MS) {
    const reading = readingAt(timeline, transformer, ts);
    if (reading !== null && (ts >= from || ts + transformer.sendDelayMs >= from)) readings.push(reading);
  }
  const messages: SimMessage[] = [];
  for (let n = 0; n < readings.length; n += READINGS_PER_BACKFILL) {
    const at = to + (messages.length + 1) * 2_000;
    messages.push({
      at,
      transformer: transformer.index,
      channel: 'backfill',
      retain: false,
      body: readings.slice(n, n + READINGS_PER_BACKFILL),
    });
  }
  return messages;
}
