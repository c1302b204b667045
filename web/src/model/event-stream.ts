/** What one block of a server-sent event stream says. */
export interface StreamEvent {
  /** Set when the block moved the last event id. */
  id?: string;
  event: string;
  /** Null when the block had no data (only an id, or only comments). */
  data: string | null;
  comments: string[];
}

/**
 * Parses a stream of server-sent events (WHATWG HTML 9.2.6) as its text arrives, in pieces of any size.
 * Fields other than id, event and data do not concern us.
 */
export class EventStreamParser {
  private rest = '';
  private lines: string[] = [];

  push(text: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    // A lone \r at the end of a piece may be the first half of \r\n: it waits for the next piece.
    const whole = this.rest + text;
    const cut = whole.endsWith('\r') ? whole.length - 1 : whole.length;
    const lines = whole.slice(0, cut).split(/\r\n|\n|\r/);
    this.rest = (lines.pop() ?? '') + whole.slice(cut);
    for (const line of lines) {
      if (line !== '') this.lines.push(line);
      else if (this.lines.length > 0) {
        events.push(blockOf(this.lines));
        this.lines = [];
      }
    }
    return events;
  }
}

function blockOf(lines: readonly string[]): StreamEvent {
  const block: StreamEvent = { event: 'message', data: null, comments: [] };
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === '') block.comments.push(value);
    else if (name === 'id' && !value.includes('\0')) block.id = value;
    else if (name === 'event') block.event = value;
    else if (name === 'data') block.data = block.data === null ? value : `${block.data}\n${value}`;
  }
  return block;
}

/** How long to wait before attempt n (from 1): doubling from half a second to 15 s, with jitter so that consoles do not return as one. */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(15_000, 500 * 2 ** (attempt - 1));
  return Math.round(ceiling * (0.5 + random / 2));
}
