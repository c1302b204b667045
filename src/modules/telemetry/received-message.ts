/** One message as the broker delivered it. */
export interface ReceivedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  /** Arrival at this service, epoch milliseconds. */
  readonly receivedAt: number;
  /** True when the broker sent it as retained: from its store, not live. */
  readonly retain: boolean;
  /** Set when a kept message is sent through again: its row in rejected_message. */
  readonly rejectedId?: number;
}

/** What became of the parts of one batch; all counted after the commit. */
export interface BatchOutcome {
  messages: number;
  /** Messages of which at least one part was refused. */
  refusedMessages: number;
  /** Readings stored. */
  readings: number;
  /** Of those, readings older than what the transformer had already reported. */
  late: number;
  /** Readings and events that were there already with the same content. */
  duplicates: number;
  events: number;
  /** Births, wills and answers to commands. */
  states: number;
  replies: number;
  /** Wills of a boot that is no longer the latest. */
  staleWills: number;
  /** Refused parts by reason; what was kept of them is in rejected_message. */
  rejected: Record<string, number>;
  /** Names in payloads that mean nothing to the service. */
  ignoredNames: number;
  gaps: number;
}
