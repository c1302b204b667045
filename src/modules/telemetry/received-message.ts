/** A message as it came from the broker. */
export interface ReceivedMessage {
  topic: string;
  payload: Buffer;
  /** Arrival, epoch milliseconds. */
  receivedAt: number;
  /** True when the broker kept it from before we subscribed. */
  retain: boolean;
}
