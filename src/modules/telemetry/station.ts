import type { Reading, Reply, TerminalEvent } from '../../domain/telemetry/decoded.js';
import type { DetectorFact, DetectorState, Rating } from '../../domain/detector.js';
import type { ReceivedMessage } from './received-message.js';

/** A registered terminal that sent something in this batch. */
export interface Terminal {
  readonly id: number;
  readonly code: string;
  readonly intervalMs: number;
  /** Last routing level seen, as stored. */
  readonly shard: string | null;
  readonly station: Station;
}

/** A reading on its way into the database, with where it came from. */
export interface Arrival {
  readonly reading: Reading;
  readonly terminal: Terminal;
  readonly message: ReceivedMessage;
}

export interface EventArrival {
  readonly event: TerminalEvent;
  readonly terminal: Terminal;
  readonly message: ReceivedMessage;
}

export interface ReplyArrival {
  readonly reply: Reply;
  readonly terminal: Terminal;
  readonly message: ReceivedMessage;
}

export interface Gap {
  readonly terminal: Terminal;
  readonly sid: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly fromTs: number;
  readonly toTs: number;
}

/** Shared by everything a station has none of, which is nearly everything: thousands of stations live through each batch. */
const NONE: readonly never[] = [];

/** One transformer during one transaction: its locked state row, and what the batch brings for it. */
export class Station {
  /** Readings newer than everything applied before, in event time. */
  fresh: readonly Arrival[] = NONE;
  /** Readings at or before the newest applied instant; may be duplicates. */
  old: readonly Arrival[] = NONE;
  arrivals: Arrival[] = [];
  events: EventArrival[] | null = null;
  /** Arrival of the newest live message; null when only backfill came. */
  heardAt: number | null = null;
  /** True once the state row must be written. */
  touched = false;
  facts: DetectorFact[] | null = null;
  /** Earliest instant from which history must be run again. */
  reassessFrom: number | null = null;
  /** The state before the first input of a new local day. */
  checkpoints: { ts: number; state: DetectorState }[] | null = null;
  /** The latest boot known, by births and readings in order of arrival. */
  latestSid: number | null;

  constructor(
    readonly transformerId: number,
    public state: DetectorState,
    /** The terminal that sid and seq are of. */
    public terminalId: number | null,
    public sid: number | null,
    public seq: number | null,
    readonly rating: Rating,
    /** The area whose limits count. */
    readonly area: string,
  ) {
    this.latestSid = sid;
    this.loaded = state;
  }

  /** The state as it was locked. */
  readonly loaded: DetectorState;

  needsReassessment(fromTs: number): void {
    if (this.reassessFrom === null || fromTs < this.reassessFrom) this.reassessFrom = fromTs;
  }
}
