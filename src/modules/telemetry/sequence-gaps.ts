import type { NewJournalEntry } from '../../domain/journal-entry.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import type { Arrival, Gap, Station } from './station.js';

const ASK_FOR_HOURS = 24;
/** How far back in event time a number of a gap may have come before the gap was seen: a reading that is late moves no sequence on. */
const CAME_BEFORE_HOURS = 24;
const MAX_MISSING = 2_147_483_647;

/**
 * Follows boot and sequence numbers over a station's new readings, in event time.
 * A jump within a boot is a gap; so is a new boot whose readings do not start at 0 or 1. Readings of an earlier boot change nothing.
 * @returns the gaps
 */
export function followSequence(station: Station): Gap[] {
  const gaps: Gap[] = [];
  let beforeTs = station.state.lastTs;
  for (const { reading, terminal } of station.fresh) {
    const { sid, seq, ts } = reading;
    if (sid !== null && seq !== null) {
      const isSame = station.terminalId === terminal.id && station.sid !== null;
      const isNewBoot = isSame && sid > (station.sid ?? 0);
      const expected = !isSame ? null : isNewBoot ? 1 : sid === station.sid ? (station.seq ?? seq) + 1 : null;
      if (expected !== null && seq > expected && beforeTs !== null)
        gaps.push({ terminal, sid, fromSeq: expected, toSeq: seq - 1, fromTs: beforeTs, toTs: ts });
      if (!isSame || isNewBoot || sid === station.sid) {
        station.terminalId = terminal.id;
        station.sid = sid;
        station.seq = seq;
      }
    }
    beforeTs = ts;
  }
  if (station.latestSid !== null && station.latestSid !== station.sid) {
    // A birth: nothing of this boot was measured yet.
    station.sid = station.latestSid;
    station.seq = 0;
  }
  return gaps;
}

/**
 * Stores gaps, asks the terminals for what is missing, and tells the journal. A gap that is known already is not asked again, and one
 * whose readings have all come before it was seen is none. To be called when the batch's readings are stored.
 * A terminal whose counter has gone wrong makes a gap of every reading: beyond `perTerminal` within a day its gaps are only counted.
 */
export async function recordGaps(tx: Tx, seen: readonly Gap[], perTerminal: number): Promise<NewJournalEntry[]> {
  if (seen.length === 0) return [];
  const gaps = await withinBound(tx, seen, perTerminal);
  if (gaps.length === 0) return [];
  const found = await tx.query<{ terminalId: number; sid: number; fromSeq: number; missing: number }>(
    `insert into sequence_gap (terminal_id, transformer_id, sid, from_seq, to_seq, from_ts, to_ts, found_at, missing, asked_at)
     select g.terminal_id, g.transformer_id, g.sid, g.from_seq, g.to_seq, g.from_ts, g.to_ts, $9, g.missing - came.count, $9
     from unnest($1::integer[], $2::integer[], $3::integer[], $4::bigint[], $5::bigint[], $6::timestamptz[], $7::timestamptz[], $8::integer[])
       as g(terminal_id, transformer_id, sid, from_seq, to_seq, from_ts, to_ts, missing),
       lateral (
         select count(*)::integer from reading r
         where r.transformer_id = g.transformer_id and r.ts < g.to_ts and r.ts >= g.to_ts - $10 * interval '1 h'
           and r.sid = g.sid and r.seq between g.from_seq and g.to_seq) as came(count)
     where g.missing > came.count
     on conflict do nothing
     returning terminal_id as "terminalId", sid, from_seq as "fromSeq", missing`,
    [
      gaps.map((gap) => gap.terminal.id),
      gaps.map((gap) => gap.terminal.station.transformerId),
      gaps.map((gap) => gap.sid),
      gaps.map((gap) => gap.fromSeq),
      gaps.map((gap) => gap.toSeq),
      gaps.map((gap) => at(gap.fromTs)),
      gaps.map((gap) => at(gap.toTs)),
      gaps.map(missingOf),
      at(tx.now),
      CAME_BEFORE_HOURS,
    ],
  );
  const missing = new Map(found.map((row) => [`${row.terminalId}/${row.sid}/${row.fromSeq}`, row.missing]));
  const fresh = gaps.flatMap((gap) => {
    const left = missing.get(`${gap.terminal.id}/${gap.sid}/${gap.fromSeq}`);
    return left === undefined ? [] : { ...gap, missing: left };
  });
  await tx.query(
    `insert into terminal_command (terminal_id, kind, body, created_at, expires_at)
     select terminal_id, 'backfill', body, $3, $4 from unnest($1::integer[], $2::jsonb[]) as c(terminal_id, body)`,
    [
      fresh.map((gap) => gap.terminal.id),
      fresh.map(({ fromTs, toTs, sid, fromSeq, toSeq }) =>
        JSON.stringify({ from: fromTs, to: toTs, sid, fromSeq, toSeq }),
      ),
      at(tx.now),
      at(tx.now + ASK_FOR_HOURS * 3_600_000),
    ],
  );
  return fresh.map((gap) => ({
    type: 'sequence_gap_found',
    subjectType: 'transformer',
    subjectId: gap.terminal.station.transformerId,
    happenedAt: gap.toTs,
    data: {
      terminalId: gap.terminal.id,
      sid: gap.sid,
      fromSeq: gap.fromSeq,
      toSeq: gap.toSeq,
      missing: gap.missing,
    },
  }));
}

/** The caller holds the state rows of the terminals' transformers, so nobody else counts or adds gaps of theirs meanwhile. */
async function withinBound(tx: Tx, gaps: readonly Gap[], perTerminal: number): Promise<Gap[]> {
  const asked = await tx.query<{ terminalId: number; count: number }>(
    `select terminal_id as "terminalId", count(*) as count from sequence_gap
     where terminal_id = any($1::integer[]) and asked_at > $2 group by terminal_id`,
    [[...new Set(gaps.map((gap) => gap.terminal.id))], at(tx.now - ASK_FOR_HOURS * 3_600_000)],
  );
  const room = new Map(asked.map(({ terminalId, count }) => [terminalId, perTerminal - count]));
  return gaps.filter(({ terminal }) => {
    const left = room.get(terminal.id) ?? perTerminal;
    room.set(terminal.id, left - 1);
    return left > 0;
  });
}

const missingOf = (gap: Gap): number => Math.min(gap.toSeq - gap.fromSeq + 1, MAX_MISSING);

/** Counts gaps down by readings that were newly stored; at zero the gap is filled. */
export async function fillGaps(tx: Tx, stored: readonly Arrival[]): Promise<void> {
  const numbered = stored.filter(({ reading }) => reading.sid !== null && reading.seq !== null);
  if (numbered.length === 0) return;
  await tx.query(
    `update sequence_gap g
     set missing = greatest(g.missing - c.came, 0), filled_at = case when g.missing <= c.came then $4::timestamptz end
     from (select o.id, count(*)::integer as came
           from unnest($1::integer[], $2::integer[], $3::bigint[]) as r(terminal_id, sid, seq)
           join sequence_gap o on o.terminal_id = r.terminal_id and o.sid = r.sid and r.seq between o.from_seq and o.to_seq
           where o.filled_at is null
           group by o.id) c
     where g.id = c.id`,
    [
      numbered.map(({ terminal }) => terminal.id),
      numbered.map(({ reading }) => reading.sid),
      numbered.map(({ reading }) => reading.seq),
      at(tx.now),
    ],
  );
}
