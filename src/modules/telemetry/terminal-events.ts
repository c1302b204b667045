import type { NewJournalEntry } from '../../domain/journal-entry.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import type { EventArrival } from './station.js';

/** A terminal may use an event number again after this; within it the same number and type is the same event. */
const SAME_EVENT_HOURS = 24;

const keyOf = ({ event }: EventArrival): string =>
  event.eid === null ? `type:${event.type}@${event.ts}` : `eid:${event.eid}@${event.ts}`;

export interface StoredEvents {
  stored: EventArrival[];
  duplicates: number;
  entries: NewJournalEntry[];
}

/** Stores events once each. The caller holds the transformers' state rows, so nobody else stores events of these terminals meanwhile. */
export async function storeEvents(tx: Tx, arrivals: readonly EventArrival[]): Promise<StoredEvents> {
  const distinct = withoutRepeats(arrivals);
  if (distinct.length === 0) return { stored: [], duplicates: arrivals.length, entries: [] };
  const inserted = await tx.query<{ terminalId: number; key: string }>(
    `insert into terminal_event (terminal_id, transformer_id, ts, received_at, type, phases, dedupe_key, data)
     select n.terminal_id, n.transformer_id, n.ts, n.received_at, n.type, n.phases, n.key, n.data
     from unnest($1::integer[], $2::integer[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::text[])
       as n(terminal_id, transformer_id, ts, received_at, type, phases, key, data, eid)
     where n.eid is null or not exists (
       select from terminal_event e
       where e.terminal_id = n.terminal_id and e.type = n.type
         and e.dedupe_key >= 'eid:' || n.eid || '@' and e.dedupe_key < 'eid:' || n.eid || 'A'
         and e.ts between n.ts - make_interval(hours => ${SAME_EVENT_HOURS}) and n.ts + make_interval(hours => ${SAME_EVENT_HOURS})
         and e.dedupe_key = 'eid:' || n.eid || '@' || (extract(epoch from e.ts) * 1000)::bigint)
     order by n.ts -- also so that all are looked up before the first is inserted, and none has to step over those
     on conflict (terminal_id, dedupe_key) do nothing
     returning terminal_id as "terminalId", dedupe_key as key`,
    [
      distinct.map(({ terminal }) => terminal.id),
      distinct.map(({ terminal }) => terminal.station.transformerId),
      distinct.map(({ event }) => at(event.ts)),
      distinct.map(({ message }) => at(message.receivedAt)),
      distinct.map(({ event }) => event.type),
      distinct.map(({ event }) => event.phases),
      distinct.map(keyOf),
      distinct.map(({ event }) => JSON.stringify(event.data)),
      distinct.map(({ event }) => event.eid),
    ],
  );
  const keys = new Set(inserted.map((row) => `${row.terminalId}/${row.key}`));
  const stored = distinct.filter((arrival) => keys.has(`${arrival.terminal.id}/${keyOf(arrival)}`));
  return {
    stored,
    duplicates: arrivals.length - stored.length,
    entries: stored.map(({ event, terminal }) => ({
      type: 'terminal_event',
      subjectType: 'transformer',
      subjectId: terminal.station.transformerId,
      happenedAt: event.ts,
      data: { terminalId: terminal.id, eventType: event.type, phases: event.phases },
    })),
  };
}

/** Repeats inside one batch, by the same rule as those already stored. In event time, so that the order of arrival does not matter. */
function withoutRepeats(arrivals: readonly EventArrival[]): EventArrival[] {
  const sorted = [...arrivals].sort((a, b) => a.event.ts - b.event.ts);
  const lastSeen = new Map<string, number>();
  return sorted.filter(({ event, terminal }) => {
    const name = event.eid === null ? `${event.type}@${event.ts}` : `${event.type}#${event.eid}`;
    const key = `${terminal.id}/${name}`;
    const before = lastSeen.get(key);
    if (before !== undefined && event.ts - before <= SAME_EVENT_HOURS * 3_600_000) return false;
    lastSeen.set(key, event.ts);
    return true;
  });
}
