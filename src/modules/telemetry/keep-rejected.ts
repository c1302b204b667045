import { createHash } from 'node:crypto';
import type { RejectReason } from '../../domain/telemetry/decoded.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import type { ReceivedMessage } from './received-message.js';

/** A message, or one element of it, that could not be taken. */
export interface Refusal {
  readonly message: ReceivedMessage;
  readonly terminal: string;
  readonly reason: RejectReason;
  readonly detail: string;
  /** The refused element as JSON; null = the whole message. */
  readonly element: string | null;
}

const KEPT_BYTES = 16_384;

interface Kept {
  refusal: Refusal;
  payload: Buffer;
  digest: Buffer;
  count: number;
  receivedAt: number;
}

/** PostgreSQL's text holds every character but U+0000. */
const storable = (text: string): string => text.replaceAll('\u0000', '\uFFFD').slice(0, 500);

/** How many rows that wait for somebody are kept: of one terminal, and of all names together that are not in the register. */
export interface KeepingBounds {
  readonly perTerminal: number;
  readonly ofStrangers: number;
}

/** Stands in rejected_overflow for all names that are not in the register; no topic can hold it. */
const STRANGERS = '#';

/**
 * Keeps refused messages with reason and bytes; the same message again counts up. What comes beyond the bounds is counted in
 * rejected_overflow: of a terminal under its name, of invented names, of which there is no end, under one for all.
 */
export async function keepRejected(
  tx: Tx,
  refusals: readonly Refusal[],
  { perTerminal, ofStrangers }: KeepingBounds,
): Promise<void> {
  if (refusals.length === 0) return;
  const kept = [...distinct(refusals).values()];
  const terminals = [...new Set(kept.map(({ refusal }) => storable(refusal.terminal)))];
  const room = new Map(terminals.map((terminal) => [terminal, perTerminal]));
  for (const { terminal, count } of await tx.query<{ terminal: string; count: number }>(
    `select terminal, count(*) as count from rejected_message where terminal = any($1::text[]) and redriven_at is null group by terminal`,
    [terminals],
  ))
    room.set(terminal, perTerminal - count);
  const columns = (rows: readonly Kept[]): unknown[] => [
    rows.map(({ refusal }) => storable(refusal.terminal)),
    rows.map(({ refusal }) => refusal.reason),
    rows.map(({ digest }) => digest),
    rows.map(({ count }) => count),
  ];
  const known = new Set(
    (
      await tx.query<{ key: string }>(
        `update rejected_message r
         set count = r.count + n.count, last_received_at = greatest(r.last_received_at, n.received_at),
             redriven_at = null, redrive_requested_at = null
         from unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::timestamptz[]) as n(terminal, reason, digest, count, received_at)
         where r.terminal = n.terminal and r.reason = n.reason and r.digest = n.digest
         returning encode(r.digest, 'hex') || r.reason || ' ' || r.terminal as key`,
        [...columns(kept), kept.map(({ receivedAt }) => at(receivedAt))],
      )
    ).map((row) => row.key),
  );
  const registered = new Set(
    (await tx.query<{ code: string }>('select code from terminal where code = any($1::text[])', [terminals])).map(
      (row) => row.code,
    ),
  );
  const fresh: Kept[] = [];
  const beyond: { terminal: string; row: Kept }[] = [];
  let roomForStrangers =
    registered.size === terminals.length ? 0 : ofStrangers - (await countStrangers(tx, ofStrangers));
  for (const row of kept) {
    const terminal = storable(row.refusal.terminal);
    if (known.has(`${row.digest.toString('hex')}${row.refusal.reason} ${terminal}`)) continue;
    const left = room.get(terminal) ?? 0;
    room.set(terminal, left - 1);
    const isStranger = !registered.has(terminal);
    if (left <= 0) beyond.push({ terminal, row });
    else if (isStranger && roomForStrangers <= 0) beyond.push({ terminal: STRANGERS, row });
    else {
      fresh.push(row);
      if (isStranger) roomForStrangers -= 1;
    }
  }
  if (fresh.length > 0) {
    await tx.query(
      `insert into rejected_message (terminal, reason, digest, count, topic, detail, payload, payload_bytes, first_received_at, last_received_at, stranger)
       select terminal, reason, digest, greatest(count, 1), topic, detail, payload, payload_bytes, received_at, received_at, stranger
       from unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::timestamptz[], $10::boolean[])
         as n(terminal, reason, digest, count, topic, detail, payload, payload_bytes, received_at, stranger)
       on conflict (terminal, reason, digest) do update set count = rejected_message.count + excluded.count`,
      [
        ...columns(fresh),
        fresh.map(({ refusal }) => storable(refusal.message.topic)),
        fresh.map(({ refusal }) => storable(refusal.detail)),
        fresh.map(({ payload }) => payload.subarray(0, KEPT_BYTES)),
        fresh.map(({ payload }) => payload.length),
        fresh.map(({ receivedAt }) => at(receivedAt)),
        fresh.map(({ refusal }) => !registered.has(storable(refusal.terminal))),
      ],
    );
  }
  if (beyond.length > 0) {
    await tx.query(
      `insert into rejected_overflow (terminal, reason, count)
       select terminal, reason, sum(count) from unnest($1::text[], $2::text[], $3::bigint[]) as n(terminal, reason, count)
       group by terminal, reason order by terminal, reason
       on conflict (terminal, reason) do update set count = rejected_overflow.count + excluded.count`,
      [
        beyond.map(({ terminal }) => terminal),
        beyond.map(({ row }) => row.refusal.reason),
        beyond.map(({ row }) => Math.max(row.count, 1)),
      ],
    );
  }
}

/** Up to the bound; no further, so that a full store costs each batch the same. */
async function countStrangers(tx: Tx, bound: number): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `select count(*) as count from
       (select from rejected_message where stranger and redriven_at is null limit $1) kept`,
    [bound],
  );
  return row?.count ?? 0;
}

function distinct(refusals: readonly Refusal[]): Map<string, Kept> {
  const rows = new Map<string, Kept>();
  for (const refusal of refusals) {
    const { message, element } = refusal;
    const payload = element === null ? message.payload : Buffer.from(element);
    const digest = createHash('sha256').update(message.topic).update('\0').update(payload).digest();
    const key = `${digest.toString('hex')}${refusal.reason} ${refusal.terminal}`;
    // A kept message that is sent through again and refused again is still the same message.
    const count = message.rejectedId === undefined ? 1 : 0;
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { refusal, payload, digest, count, receivedAt: message.receivedAt });
    else {
      row.count += count;
      row.receivedAt = Math.max(row.receivedAt, message.receivedAt);
    }
  }
  return rows;
}
