import { CATEGORY_NAMES } from '../../domain/complaints/complaint.js';
import { DAY_MS } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Period } from '../../domain/reliability.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';

export const COMPLAINT_ROWS = ['category', 'channel', 'area', 'month', 'none'] as const;

export interface ComplaintAsk extends Period {
  by: (typeof COMPLAINT_ROWS)[number];
  area: string | null;
  category: string | null;
  channel: string | null;
}

/** How a promise to those who complained was kept. Without its limit known (history from a file) a complaint is in none of them. */
export interface Promised {
  onTime: number;
  late: number;
  /** Neither done nor due yet. */
  waiting: number;
  /** Of those that are decided; null without any. */
  onTimeShare: number | null;
}

export interface ComplaintRow extends Period {
  key: string;
  name: string;
  complaints: number;
  open: number;
  /** Traced to an event, by the rules or by a person. */
  linked: number;
  linkedShare: number | null;
  /** The same customer about the same matter again, within the window of the policy. */
  repeats: number;
  repeatShare: number | null;
  contact: Promised;
  answer: Promised;
}

export const CHANNEL_NAMES: Readonly<Record<string, string>> = {
  hotline: '95598 热线',
  online: '线上渠道',
  regulator: '12398',
  government: '12345',
  media: '媒体',
};

/** A step that was due: kept when it was taken by then, broken when it was taken later or not at all by now. */
const promised = (kind: string, step: string): string => `
  count(*) filter (where ${step}.at <= ${kind}.due_at) as "${kind}OnTime",
  count(*) filter (where ${step}.at > ${kind}.due_at or (${step}.at is null and ${kind}.state <> 'paused' and ${kind}.due_at <= $3)) as "${kind}Late",
  count(*) filter (where ${step}.at is null and (${kind}.state = 'paused' or ${kind}.due_at > $3)) as "${kind}Waiting"`;

/** Complaints that were received in the period, as they are known now. The area is where the customer hung when it complained. */
export async function reportComplaints(
  tx: Tx,
  ask: ComplaintAsk,
  rules: PolicyInForce,
): Promise<{ total: ComplaintRow; items: ComplaintRow[] }> {
  const rows = await tx.query<Counts & { key: string }>(
    `select case $8::text when 'category' then c.category when 'channel' then c.channel when 'area' then coalesce(a.area, '')
         when 'month' then to_char(c.received_at at time zone $9, 'YYYY-MM') else '' end as key,
       count(*) as complaints,
       count(*) filter (where c.state = 'open') as open,
       count(*) filter (where exists (select from complaint_link l where l.complaint_id = c.id and l.status in ('linked', 'confirmed'))) as linked,
       count(*) filter (where exists (select from complaint r where r.customer_id = c.customer_id and r.category = c.category
         and (r.received_at, r.id) < (c.received_at, c.id) and r.received_at > c.received_at - $4 * interval '1 ms')) as repeats,
       ${promised('contact', 'contacted')}, ${promised('answer', 'answered')}
     from complaint c
     left join customer_transformer h on h.customer_id = c.customer_id
       and h.valid_from <= c.received_at and (h.valid_to is null or h.valid_to > c.received_at)
     left join asset a on a.id = h.transformer_id
     left join deadline contact on contact.subject_type = 'complaint' and contact.subject_id = c.id
       and contact.kind = 'complaint_contact' and contact.stage = 'due' and contact.state <> 'cancelled'
     left join complaint_step contacted on contacted.complaint_id = c.id and contacted.step = 'contacted'
     left join deadline answer on answer.subject_type = 'complaint' and answer.subject_id = c.id
       and answer.kind = 'complaint_answer' and answer.stage = 'due' and answer.state <> 'cancelled'
     left join complaint_step answered on answered.complaint_id = c.id and answered.step = 'answered'
     where c.received_at >= $1 and c.received_at < $2
       and ($5::text is null or a.area = $5) and ($6::text is null or c.category = $6) and ($7::text is null or c.channel = $7)
     group by 1 order by 1`,
    [
      at(ask.from),
      at(ask.to),
      at(tx.now),
      rules.policy.warnings.repeatWindowDays * DAY_MS,
      ask.area,
      ask.category,
      ask.channel,
      ask.by,
      // The database's session need not be in the utility's zone.
      Intl.DateTimeFormat().resolvedOptions().timeZone,
    ],
  );
  const period: Period = { from: ask.from, to: ask.to };
  const total = rows.reduce((sum, row) => added(sum, row), NONE);
  return {
    total: rowOf('total', ask.area ?? '', period, total),
    items: ask.by === 'none' ? [] : rows.map((row) => rowOf(row.key, nameOf(ask.by, row.key), period, row)),
  };
}

const NONE = {
  complaints: 0,
  open: 0,
  linked: 0,
  repeats: 0,
  contactOnTime: 0,
  contactLate: 0,
  contactWaiting: 0,
  answerOnTime: 0,
  answerLate: 0,
  answerWaiting: 0,
};
type Counts = typeof NONE;

const added = (a: Counts, b: Counts): Counts =>
  Object.fromEntries((Object.keys(NONE) as (keyof Counts)[]).map((name) => [name, a[name] + b[name]])) as Counts;

function nameOf(by: ComplaintAsk['by'], key: string): string {
  if (by === 'category') return (CATEGORY_NAMES as Record<string, string>)[key] ?? key;
  return by === 'channel' ? (CHANNEL_NAMES[key] ?? key) : key;
}

const shareOf = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

function rowOf(key: string, name: string, period: Period, counts: Counts): ComplaintRow {
  const { complaints, open, linked, repeats } = counts;
  const kept = (onTime: number, late: number, waiting: number): Promised => ({
    onTime,
    late,
    waiting,
    onTimeShare: shareOf(onTime, onTime + late),
  });
  return {
    key,
    name,
    ...period,
    complaints,
    open,
    linked,
    linkedShare: shareOf(linked, complaints),
    repeats,
    repeatShare: shareOf(repeats, complaints),
    contact: kept(counts.contactOnTime, counts.contactLate, counts.contactWaiting),
    answer: kept(counts.answerOnTime, counts.answerLate, counts.answerWaiting),
  };
}
