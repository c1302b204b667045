import { nextStep } from '../../domain/reconnection/arrears-ladder.js';
import type { NextStep } from '../../domain/reconnection/arrears-ladder.js';
import { judgeCut } from '../../domain/reconnection/cut-guard.js';
import type { CutFinding, CutRule } from '../../domain/reconnection/cut-facts.js';
import { dayOfDate, dayOfInstant, dateOfDay, startOfDate } from '../../domain/reconnection/days.js';
import type { DunningFact } from '../../domain/reconnection/dunning.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { dateOf } from '../../domain/calendar.js';
import type { Tx } from '../database/database.js';
import { loadCalendar } from '../deadlines/calendars.js';
import { contactsOf } from './contacts.js';
import type { Contact } from './contacts.js';
import { loadCutRecords } from './cut-account.js';
import { lawOf } from './judge-cuts.js';

export interface AccountInArrears {
  customerId: number;
  accountNo: string;
  name: string;
  transformerCode: string;
  area: string;
  category: string;
  amount: number;
  bills: number;
  oldestDueOn: string;
  overdueDays: number;
  /** A message reaches the customer. */
  sms: boolean;
  dunning: DunningFact[];
  next: Omit<NextStep, 'step'> & { step: NextStep['step'] | 'cut' };
  cutBlockedBy: CutFinding[];
  plannedCut: { disconnectionId: number; plannedAt: number } | null;
  mobile: string | null;
  landline: string | null;
  contacts: Contact[];
}

export interface ArrearsFilter {
  accountNo: string | null;
  area: string | null;
  /** At least so many days overdue. */
  overdueDays: number;
  /** Only those whom no message reaches. */
  callList: boolean;
}

type Row = Omit<AccountInArrears, 'overdueDays' | 'dunning' | 'next' | 'cutBlockedBy' | 'contacts'>;

/** What stands against a cut whatever approvals, notices and hours it gets. */
const LASTING: readonly CutRule[] = [
  'debt',
  'dunning',
  'promise',
  'important',
  'life_support',
  'protection',
  'outage',
  'dispute',
  'state',
];

/** Accounts with unpaid overdue bills, the longest overdue first; `after` is the last of the page before. */
export async function listArrears(
  tx: Tx,
  active: PolicyInForce,
  filter: ArrearsFilter,
  after: { day: number; customerId: number } | null,
  limit: number,
): Promise<AccountInArrears[]> {
  const today = dayOfInstant(tx.now);
  // The oldest open bill of each account stands for it.
  const rows = await tx.query<Row>(
    `select c.id as "customerId", c.account_no as "accountNo", c.name, t.code as "transformerCode", t.area, c.category,
            (select sum(b.amount) from arrears b where b.customer_id = c.id and b.cleared_at is null and b.due_on < $1) as amount,
            (select count(*) from arrears b where b.customer_id = c.id and b.cleared_at is null and b.amount > 0 and b.due_on < $1) as bills,
            o.due_on::text as "oldestDueOn", c.sms and c.mobile is not null as sms, c.mobile, c.landline,
            (select jsonb_build_object('disconnectionId', d.id, 'plannedAt', (extract(epoch from d.planned_at) * 1000)::bigint)
             from disconnection d where d.customer_id = c.id and d.disconnected_at is null and d.cancelled_at is null
             order by d.planned_at limit 1) as "plannedCut"
     from arrears o join customer c on c.id = o.customer_id join asset t on t.id = c.transformer_id
     where o.cleared_at is null and o.amount > 0 and o.due_on < $1 and o.due_on <= $2
       and not exists (select from arrears older where older.customer_id = o.customer_id and older.cleared_at is null and older.amount > 0
                       and older.due_on < o.due_on)
       and ($3::text is null or c.account_no = $3) and ($4::text is null or t.area = $4)
       and (not $5 or not c.sms or c.mobile is null)
       and ($6::date is null or (o.due_on, o.customer_id) > ($6, $7::integer))
     order by o.due_on, o.customer_id limit $8`,
    [
      dateOf(tx.now),
      dateOfDay(today - filter.overdueDays),
      filter.accountNo,
      filter.area,
      filter.callList,
      after === null ? null : dateOfDay(after.day),
      after?.customerId ?? null,
      limit,
    ],
  );
  return withStanding(tx, active, rows);
}

async function withStanding(tx: Tx, active: PolicyInForce, rows: readonly Row[]): Promise<AccountInArrears[]> {
  const records = await loadCutRecords(
    tx,
    rows.map(({ customerId }) => ({ customerId, cutAt: tx.now, disconnectionId: null })),
  );
  const contacts = await contactsOf(
    tx,
    rows.map(({ customerId }) => customerId),
    tx.now,
  );
  const calendar = await loadCalendar(tx, active.policy);
  return rows.map((row, index) => {
    const record = records[index];
    if (record === undefined) throw new Error(`customer ${row.customerId} was read a moment ago`);
    const law = lawOf(active, calendar, row.area, null);
    const findings = judgeCut(
      {
        ...record,
        reason: 'arrears',
        plannedAt: tx.now,
        disconnectedAt: null,
        cancelledAt: null,
        approvedBy: null,
        noticeServedAt: null,
        finalNoticeAt: null,
        authorityInformedAt: null,
      },
      law,
    ).filter(({ rule }) => LASTING.includes(rule));
    const next = nextStep({ dueOn: row.oldestDueOn }, record.dunning, row.sms, law.policy, tx.now);
    // The notice goes out while the debt is still too young for the cut.
    const blocksNotice = next.step === 'notice' ? findings.filter(({ rule }) => rule !== 'debt') : [];
    return {
      ...row,
      overdueDays: dayOfInstant(tx.now) - dayOfDate(row.oldestDueOn),
      dunning: newestByStage(record.dunning, startOfDate(row.oldestDueOn)),
      next:
        row.plannedCut === null
          ? { ...next, blockedBy: [...next.blockedBy, ...blocksNotice.map(({ zh, en }) => ({ zh, en }))] }
          : {
              step: 'cut' as const,
              from: dateOf(row.plannedCut.plannedAt),
              blockedBy: findings.map(({ zh, en }) => ({ zh, en })),
            },
      cutBlockedBy: findings,
      contacts: contacts.filter(({ customerId }) => customerId === row.customerId),
    };
  });
}

const newestByStage = (dunning: readonly DunningFact[], since: number): DunningFact[] => [
  ...new Map(
    dunning
      .filter(({ at }) => at >= since)
      .toSorted((a, b) => a.at - b.at)
      .map((step) => [step.stage, step]),
  ).values(),
];
