import type { ServerResponse } from 'node:http';
import { viewOfEntry } from '../../domain/journal-view.js';
import type { PlacedEntry, Position } from '../journal/read.js';
import { Entry } from './live.schemas.js';

/** Bytes that may wait for a client in live mode before it counts as slow. A screen needs some 300 bytes an entry. */
export const BUFFER_LIMIT_BYTES = 1024 * 1024;
/** A client that takes nothing for so long is gone, whatever its socket says. */
const STALLED_MS = 30_000;

/** True when `a` lies behind `b` in the journal's order. */
export function isAfter(a: Position, b: Position): boolean {
  const [xidA, xidB] = [BigInt(a.xid), BigInt(b.xid)];
  return xidA === xidB ? a.id > b.id : xidA > xidB;
}

/** One entry as a server-sent event; made once, however many clients get it. */
export function frameOf(entry: PlacedEntry): string {
  return `id: ${entry.id}\nevent: ${entry.type}\ndata: ${JSON.stringify(Entry.parse(viewOfEntry(entry)))}\n\n`;
}

/**
 * One client's stream. `position` is the last entry that was written to it; entries at or before it are never written again.
 * Closing it is always safe: the client comes back with the id of the last event it received.
 */
export class LiveClient {
  heartbeats = 0;

  constructor(
    private readonly out: ServerResponse,
    public position: Position,
  ) {}

  get closed(): boolean {
    return this.out.destroyed || this.out.writableEnded || this.out.socket?.destroyed !== false;
  }

  get waitingBytes(): number {
    return this.out.writableLength;
  }

  comment(text: string): void {
    if (!this.closed) this.out.write(`: ${text}\n\n`);
  }

  /** Tells the client where it stands before anything happened, so that even its first reconnect is exact. */
  tellPosition(): void {
    if (!this.closed) this.out.write(`id: ${this.position.id}\n\n`);
  }

  /** Writes what the client does not have yet. `frames[i]` belongs to `entries[i]`, which are in journal order. */
  deliver(entries: readonly PlacedEntry[], frames: readonly string[]): void {
    if (this.closed) return;
    const from = entries.findIndex((entry) => isAfter(entry, this.position));
    const last = entries.at(-1);
    if (from === -1 || last === undefined) return;
    this.out.write(frames.slice(from).join(''));
    this.position = { xid: last.xid, id: last.id };
  }

  /** Ends the stream with a last comment that says why. */
  close(reason: string): void {
    if (this.closed) return;
    this.out.end(`: ${reason}\n\n`);
    // What the socket holds back is dropped in the end; the client resumes behind what it received.
    setTimeout(() => this.out.destroy(), STALLED_MS).unref();
  }

  /** Resolves once the socket has taken what was written, or is closed, or has stalled (then it is destroyed). */
  async drained(): Promise<void> {
    if (this.closed || !this.out.writableNeedDrain) return;
    await new Promise<void>((done) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.out.off('drain', finish).off('close', finish);
        done();
      };
      const timer = setTimeout(() => this.out.destroy(), STALLED_MS);
      this.out.on('drain', finish).on('close', finish);
    });
  }
}
