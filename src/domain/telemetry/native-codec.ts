import { NOTHING, rejected } from './decoded.js';
import type { Decoded, DecodeContext, Reading, Rejection, TerminalEvent } from './decoded.js';
import { decodeEvent, decodeReply, decodeState } from './event-codec.js';
import { elementText, parsePayload, Refused } from './payload.js';
import { decodeReading } from './reading-codec.js';

export type Channel = 'meas' | 'backfill' | 'event' | 'state' | 'reply';

export interface NativeTopic {
  shard: string;
  terminal: string;
  channel: Channel;
}

const LIMIT_BYTES: Record<Channel, number> = {
  meas: 2_048,
  backfill: 16_384,
  event: 16_384,
  state: 16_384,
  reply: 16_384,
};
const TERMINAL = /^[\w.:-]{1,64}$/;

/** `{prefix}/{shard}/{terminal}/up/{channel}`, or null for any other topic. */
export function parseNativeTopic(topic: string, prefix: string): NativeTopic | null {
  if (!topic.startsWith(prefix) || topic.charCodeAt(prefix.length) !== 47) return null;
  const afterShard = topic.indexOf('/', prefix.length + 1);
  const afterTerminal = topic.indexOf('/', afterShard + 1);
  if (afterShard < 0 || afterTerminal < 0 || !topic.startsWith('/up/', afterTerminal)) return null;
  const channel = topic.slice(afterTerminal + 4);
  if (!Object.hasOwn(LIMIT_BYTES, channel)) return null;
  const shard = topic.slice(prefix.length + 1, afterShard);
  const terminal = topic.slice(afterShard + 1, afterTerminal);
  if (shard === '' || shard.length > 64 || /[+#\0]/.test(shard) || !TERMINAL.test(terminal)) return null;
  return { shard, terminal, channel: channel as Channel };
}

/** The service's own format (interface: terminals, version 1). Never throws, whatever the bytes are. */
export function decodeNative(topic: NativeTopic, payload: Buffer, context: DecodeContext): Decoded {
  const { terminal, shard, channel } = topic;
  const live = channel !== 'backfill' && !context.retained;
  if (context.retained && channel !== 'state')
    return rejected(terminal, shard, 'retained', `${channel} must not be published as retained`);
  const parsed = parsePayload(payload, LIMIT_BYTES[channel]);
  if (parsed instanceof Refused) return rejected(terminal, shard, parsed.reason, parsed.detail, live);
  const { value } = parsed;
  if (channel === 'state') {
    const state = decodeState(value, terminal);
    if (state instanceof Refused) return rejected(terminal, shard, state.reason, state.detail, live);
    return { ...empty(terminal, shard, live), state };
  }
  if (channel === 'reply') {
    const reply = decodeReply(value, terminal);
    if (reply instanceof Refused) return rejected(terminal, shard, reply.reason, reply.detail, live);
    return { ...empty(terminal, shard, live), reply };
  }
  if (channel === 'event' || Array.isArray(value))
    return decodeList(topic, Array.isArray(value) ? value : [value], context, live);
  const decoded = decodeReading(value, terminal, context);
  if (decoded instanceof Refused) return rejected(terminal, shard, decoded.reason, decoded.detail, live);
  return {
    terminal,
    shard,
    live,
    readings: [decoded.reading],
    events: NOTHING,
    state: null,
    reply: null,
    rejections: NOTHING,
    ignoredNames: decoded.ignoredNames,
  };
}

const empty = (terminal: string, shard: string, live: boolean): Decoded => ({
  terminal,
  shard,
  live,
  readings: NOTHING,
  events: NOTHING,
  state: null,
  reply: null,
  rejections: NOTHING,
  ignoredNames: 0,
});

/** Each element stands for itself: a bad one is refused alone, the rest is taken. */
function decodeList(topic: NativeTopic, values: readonly unknown[], context: DecodeContext, live: boolean): Decoded {
  const { terminal, shard, channel } = topic;
  if (values.length === 0) return rejected(terminal, shard, 'missing_field', 'the array is empty', live);
  const readings: Reading[] = [];
  const events: TerminalEvent[] = [];
  const rejections: Rejection[] = [];
  let ignoredNames = 0;
  for (const value of values) {
    const decoded =
      channel === 'event' ? decodeEvent(value, terminal, context) : decodeReading(value, terminal, context);
    if (decoded instanceof Refused) {
      const element = values.length === 1 ? null : elementText(value);
      rejections.push({ reason: decoded.reason, detail: decoded.detail, element });
      continue;
    }
    ignoredNames += decoded.ignoredNames;
    if ('reading' in decoded) readings.push(decoded.reading);
    else events.push(decoded.event);
  }
  return { terminal, shard, live, readings, events, state: null, reply: null, rejections, ignoredNames };
}
