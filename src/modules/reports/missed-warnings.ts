import { CATEGORY_NAMES } from '../../domain/complaints/complaint.js';
import type { ComplaintCategory } from '../../domain/complaints/complaint.js';
import { missedWarning } from '../../domain/complaints/missed-warning.js';
import type { LinkedEvent, MissedWarning } from '../../domain/complaints/missed-warning.js';
import { dateOf } from '../../domain/calendar.js';
import { partition } from '../../domain/partition.js';
import type { Period } from '../../domain/reliability.js';
import { findLinkedEvents } from '../complaints/linked-events.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { rowsInPieces } from './cursor-rows.js';

export const MISSED_ROWS = ['area', 'category', 'month', 'none'] as const;
type Reason = MissedWarning['reason'];

export interface MissedFilter extends Period {
  area: string | null;
  category: string | null;
}

/** A complaint that nobody warned of before it came, and why. */
export interface MissedCase {
  complaintId: number;
  externalId: string;
  receivedAt: number;
  channel: string;
  category: ComplaintCategory;
  area: string;
  transformerCode: string | null;
  accountNo: string | null;
  reason: Reason;
  text: string;
  textEn: string;
}

interface Complaint extends Omit<MissedCase, keyof MissedWarning> {
  missed: MissedWarning | null;
  hasEvent: boolean;
}

const COMPLAINTS = `
  select c.id as "complaintId", c.external_id as "externalId", c.received_at as "receivedAt", c.channel, c.category,
    coalesce(a.area, '') as area, a.code as "transformerCode", coalesce(k.account_no, c.account_no) as "accountNo"
  from complaint c
  left join customer k on k.id = c.customer_id
  left join customer_transformer h on h.customer_id = c.customer_id
    and h.valid_from <= c.received_at and (h.valid_to is null or h.valid_to > c.received_at)
  left join asset a on a.id = h.transformer_id
  where c.received_at >= $1 and c.received_at < $2 and ($3::text is null or a.area = $3) and ($4::text is null or c.category = $4)`;

const valuesOf = ({ from, to, area, category }: MissedFilter): unknown[] => [at(from), at(to), area, category];

async function judge(tx: Tx, rows: readonly Omit<Complaint, 'missed' | 'hasEvent'>[]): Promise<Complaint[]> {
  const events: (LinkedEvent & { complaintId: number })[] = await findLinkedEvents(
    tx,
    rows.map(({ complaintId }) => complaintId),
  );
  const byComplaint = partition(events, ({ complaintId }) => complaintId);
  return rows.map((row) => {
    const own = byComplaint.get(row.complaintId) ?? [];
    return { ...row, missed: missedWarning(row, own), hasEvent: own.length > 0 };
  });
}

export interface MissedRow extends Period {
  key: string;
  name: string;
  complaints: number;
  /** With an event behind them, or of a category that should have one. */
  toWarnOf: number;
  warnedInTime: number;
  missed: number;
  /** Of those to warn of; null without any. */
  missedShare: number | null;
  reasons: Record<Reason, number>;
}

/** How many complaints came without a warning before them, and why, as it is known now. */
export async function reportMissedWarnings(
  tx: Tx,
  ask: MissedFilter & { by: (typeof MISSED_ROWS)[number] },
): Promise<{ total: MissedRow; items: MissedRow[] }> {
  const period: Period = { from: ask.from, to: ask.to };
  const total = emptyRow('total', ask.area ?? '', period);
  const items = new Map<string, MissedRow>();
  const pieces = rowsInPieces<Omit<Complaint, 'missed' | 'hasEvent'>>(tx, 'missed_warnings', COMPLAINTS, valuesOf(ask));
  for await (const piece of pieces) {
    for (const complaint of await judge(tx, piece)) {
      count(total, complaint);
      if (ask.by === 'none') continue;
      const key = ask.by === 'month' ? dateOf(complaint.receivedAt).slice(0, 7) : complaint[ask.by];
      const name = ask.by === 'category' ? CATEGORY_NAMES[complaint.category] : key;
      const row = items.get(key) ?? emptyRow(key, name, period);
      items.set(key, row);
      count(row, complaint);
    }
  }
  return { total, items: [...items.values()].sort((a, b) => (a.key < b.key ? -1 : 1)) };
}

const emptyRow = (key: string, name: string, period: Period): MissedRow => ({
  key,
  name,
  ...period,
  complaints: 0,
  toWarnOf: 0,
  warnedInTime: 0,
  missed: 0,
  missedShare: null,
  reasons: { no_event_found: 0, no_warning: 0, warned_after_call: 0, notice_not_sent: 0 },
});

function count(row: MissedRow, { missed, hasEvent }: Complaint): void {
  row.complaints += 1;
  if (missed === null && !hasEvent) return;
  row.toWarnOf += 1;
  if (missed === null) row.warnedInTime += 1;
  else {
    row.missed += 1;
    row.reasons[missed.reason] += 1;
  }
  row.missedShare = row.missed / row.toWarnOf;
}

/** Complaints judged at once for a page of cases: most of them are cases, or none is. */
const LOOK_AT = 500;

/**
 * The single cases behind the figures, the newest first.
 * @param before where the page before ended
 * @param limit Infinity = all
 */
export async function findMissedCases(
  tx: Tx,
  filter: MissedFilter & { reason: Reason | null },
  before: { receivedAt: number; complaintId: number } | null,
  limit: number,
): Promise<MissedCase[]> {
  const found: MissedCase[] = [];
  let edge = before ?? { receivedAt: filter.to, complaintId: 0 };
  for (;;) {
    const rows = await tx.query<Omit<Complaint, 'missed' | 'hasEvent'>>(
      `${COMPLAINTS} and (c.received_at, c.id) < ($5, $6::bigint) order by c.received_at desc, c.id desc limit ${LOOK_AT}`,
      [...valuesOf(filter), at(edge.receivedAt), edge.complaintId],
    );
    for (const { missed, hasEvent: _, ...complaint } of await judge(tx, rows)) {
      if (missed !== null && (filter.reason === null || missed.reason === filter.reason))
        found.push({ ...complaint, ...missed });
    }
    const last = rows.at(-1);
    if (found.length >= limit || rows.length < LOOK_AT || last === undefined) return found.slice(0, limit);
    edge = last;
  }
}
