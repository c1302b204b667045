/** What a message says, once it is decoded. Instants are epoch milliseconds of the terminal's clock. */

/** One measurement of one terminal. Volts line to neutral, amperes, kW, kvar, Hz, degC; null = not measured. */
export interface Reading {
  readonly kind: 'reading';
  readonly ts: number;
  readonly ua: number | null;
  readonly ub: number | null;
  readonly uc: number | null;
  readonly ia: number | null;
  readonly ib: number | null;
  readonly ic: number | null;
  readonly in: number | null;
  readonly p: number | null;
  readonly q: number | null;
  readonly pf: number | null;
  readonly f: number | null;
  readonly temp: number | null;
  /** Counts the terminal's boots. */
  readonly sid: number | null;
  /** Counts readings within a boot. */
  readonly seq: number | null;
  /** Clock quality: 0 synchronised, 1 holdover. */
  readonly tq: number | null;
}

export interface TerminalEvent {
  readonly ts: number;
  readonly type: string;
  /** Subset of `ABC`, or null when the event names none. */
  readonly phases: string | null;
  /** The terminal's own number of the event; sent twice with one number it counts once. */
  readonly eid: string | null;
  /** Further scalar fields of the payload, kept as they came. */
  readonly data: Readonly<Record<string, string | number | boolean>>;
}

/** Birth or will. A will is written when the connection is made, so its own instant says nothing about the loss. */
export interface StateReport {
  readonly state: 'online' | 'offline';
  readonly sid: number | null;
}

/** Answer to a command. */
export interface Reply {
  readonly rid: string;
  /** The whole answer as JSON text. */
  readonly answer: string;
}

export type RejectReason =
  | 'not_json'
  | 'not_utf8'
  | 'too_large'
  | 'missing_field'
  | 'out_of_bounds'
  | 'unknown_terminal'
  | 'unknown_topic'
  | 'unknown_command'
  | 'id_mismatch'
  | 'clock_unsynchronised'
  | 'ahead_of_clock'
  | 'older_than_retention'
  | 'conflicting_duplicate'
  | 'retained'
  | 'storage_refused';

export const REJECT_REASONS: readonly RejectReason[] = [
  'not_json',
  'not_utf8',
  'too_large',
  'missing_field',
  'out_of_bounds',
  'unknown_terminal',
  'unknown_topic',
  'unknown_command',
  'id_mismatch',
  'clock_unsynchronised',
  'ahead_of_clock',
  'older_than_retention',
  'conflicting_duplicate',
  'retained',
  'storage_refused',
];

/** A message, or one element of its array, that cannot be taken. */
export interface Rejection {
  readonly reason: RejectReason;
  /** One sentence for a person. */
  readonly detail: string;
  /** The refused element as JSON, when the rest of the message was taken; null = the whole message. */
  readonly element: string | null;
}

/** Everything one message says about one terminal. */
export interface Decoded {
  /** The terminal's code, or '' when the topic names none. */
  readonly terminal: string;
  /** Routing level of the topic; null where the topic has none. */
  readonly shard: string | null;
  /** True for what the terminal says as it happens; backfill is not live. */
  readonly live: boolean;
  readonly readings: readonly Reading[];
  readonly events: readonly TerminalEvent[];
  readonly state: StateReport | null;
  readonly reply: Reply | null;
  readonly rejections: readonly Rejection[];
  readonly ignoredNames: number;
}

/** What the codecs need to know from outside. */
export interface DecodeContext {
  /** The service's clock, epoch milliseconds. */
  readonly now: number;
  readonly futureToleranceMs: number;
  readonly retentionMs: number;
  /** True when the broker sent the message from its store. */
  readonly retained: boolean;
}

export const NOTHING: readonly never[] = [];

export function rejected(
  terminal: string,
  shard: string | null,
  reason: RejectReason,
  detail: string,
  live = false,
): Decoded {
  return {
    terminal,
    shard,
    live,
    readings: NOTHING,
    events: NOTHING,
    state: null,
    reply: null,
    rejections: [{ reason, detail, element: null }],
    ignoredNames: 0,
  };
}
