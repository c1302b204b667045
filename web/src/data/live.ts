import { backoffMs, EventStreamParser } from '../model/event-stream.js';
import { ProblemError } from './client.js';
import type { ApiClient } from './client.js';

export type LiveState = 'connecting' | 'live' | 'reconnecting';

export interface LiveListener {
  onState(state: LiveState): void;
  /** One entry of the journal, each once, in order. */
  onEntry(type: string): void;
  /** What happened before is unknown (first connection, or a place that cannot be resumed): read the lists again. */
  onStartOver(): void;
  /** The service's clock, as RFC 3339 text. */
  onClock(instant: string): void;
}

/** The service writes at least a comment every 15 s; a line that is silent for longer is dead, whatever the browser thinks. */
const SILENCE_MS = 40_000;

/** Follows the journal until `signal` is aborted; comes back after every break behind the last entry it has. */
export async function followJournal(api: ApiClient, listener: LiveListener, signal: AbortSignal): Promise<void> {
  let lastEventId: string | null = null;
  let attempt = 0;
  listener.onState('connecting');
  while (!signal.aborted) {
    const line = new AbortController();
    const hangUp = (): void => line.abort();
    signal.addEventListener('abort', hangUp);
    let watchdog = setTimeout(hangUp, SILENCE_MS);
    try {
      const body = await api.stream(lastEventId, line.signal);
      attempt = 0;
      listener.onState('live');
      if (lastEventId === null) listener.onStartOver();
      const parser = new EventStreamParser();
      for await (const text of body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)) {
        clearTimeout(watchdog);
        watchdog = setTimeout(hangUp, SILENCE_MS);
        for (const event of parser.push(text)) {
          const clock = event.comments.find((comment) => /^\d{4}-\d{2}-\d{2}T/.test(comment));
          if (clock !== undefined) listener.onClock(clock);
          if (event.data !== null) listener.onEntry(event.event);
          if (event.id !== undefined) lastEventId = event.id;
        }
      }
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) return;
      if (error instanceof ProblemError && error.code === 'unknown_journal_id') lastEventId = null;
    } finally {
      clearTimeout(watchdog);
      signal.removeEventListener('abort', hangUp);
    }
    if (signal.aborted) return;
    listener.onState('reconnecting');
    attempt += 1;
    await rest(backoffMs(attempt, Math.random()), signal);
  }
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        done();
      },
      { once: true },
    );
  });
}
