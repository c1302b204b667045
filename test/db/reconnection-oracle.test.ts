import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE_MS } from '../../src/domain/instants.js';
import { at } from '../../src/modules/database/database.js';
import type { Tx } from '../../src/modules/database/database.js';
import { breachOrder } from '../../src/modules/reconnection/judge-order.js';
import { alignOrder } from '../../src/modules/reconnection/orders.js';
import { recordStep } from '../../src/modules/reconnection/order-steps.js';
import { recordPayment } from '../../src/modules/reconnection/payments.js';
import { recordReconnection, takeFact } from '../../src/modules/reconnection/restorations.js';
import { reversePayment } from '../../src/modules/reconnection/reverse-payment.js';
import { reportReconnection } from '../../src/modules/reports/reconnection-report.js';
import type { ReconnectionRow } from '../../src/modules/reports/reconnection-report.js';
import { Fault } from '../../src/fault.js';
import { TestClock, useDatabase } from '../support/database.js';
import { POLICY } from '../support/small-city.js';

const CUT = Date.parse('2026-07-15T10:00:00+08:00');
const NOW = CUT + 40 * 60 * MINUTE_MS;
const CUSTOMERS = 5;

/** Minutes after the cut. */
const minute = fc.integer({ min: 0, max: 30 * 60 });
const payment = fc.record({
  kind: fc.constant('payment' as const),
  at: fc.integer({ min: -5 * 24 * 60, max: 30 * 60 }),
  booked: fc.integer({ min: 0, max: 600 }),
  settled: fc.boolean(),
});
const fact = fc.oneof(
  payment,
  payment,
  fc.record({
    kind: fc.constantFrom('claim' as const, 'switch_closed' as const, 'switch_open' as const, 'power_on' as const),
    at: minute,
  }),
  fc.record({ kind: fc.constant('crew' as const), at: minute }),
  fc.constant({ kind: 'sweep' as const, at: 0 }),
);
/** Anything in any order, nothing reversed. */
const anything = fc.record({ owes: fc.boolean(), facts: fc.array(fact, { minLength: 2, maxLength: 8 }) });
/** One payment in full, perhaps reversed, and a switch measured closed after it, each known in any order. */
const reversed = fc
  .tuple(
    fc.record({ kind: fc.constant('payment' as const), at: minute, booked: fc.nat(60), settled: fc.constant(true) }),
    fc.nat(600),
    fc.boolean(),
  )
  .map(([paid, later, closes]) => ({
    owes: true,
    facts: [
      paid,
      { kind: 'reversal' as const, at: paid.at },
      ...(closes ? [{ kind: 'switch_closed' as const, at: paid.at + later }] : []),
    ],
  }))
  .chain(({ owes, facts: [first, ...rest] }) =>
    fc.shuffledSubarray(rest, { minLength: rest.length }).map((others) => ({
      owes,
      facts: [...(first === undefined ? [] : [first]), ...others],
    })),
  );
const history = fc.array(fc.oneof({ weight: 3, arbitrary: anything }, { weight: 1, arbitrary: reversed }), {
  minLength: CUSTOMERS,
  maxLength: CUSTOMERS,
});
type Story = (typeof history extends fc.Arbitrary<infer Value> ? Value : never)[number];

class Undo extends Error {}

/**
 * Written without looking at the domain: from payments, facts and crews alone, what was promised and what became of it. Of the order's
 * own row only `ordered_at` is taken, which is known nowhere else.
 */
const ORACLE = `
  with measured as (
    select d.id, min(f.at) filter (where f.kind in ('switch_closed', 'power_on')) as at,
      min(f.at) filter (where f.kind = 'switch_closed') as switched, min(f.at) filter (where f.kind = 'power_on') as powered
    from disconnection d left join restoration_fact f on f.disconnection_id = d.id group by d.id),
  word as (
    select m.id, (select min(c.at) from restoration_fact c where c.disconnection_id = m.id and c.kind = 'claim'
                  and not exists (select from restoration_fact o where o.disconnection_id = m.id and o.kind = 'switch_open'
                                  and o.at > c.at and (m.at is null or o.at < m.at))) as at
    from measured m),
  full_payment as (
    select p.*, d.id as cut_id, d.disconnected_at, d.notice_served_at,
      p.paid_at <= coalesce(m.at, w.at, 'infinity') as in_time,
      p.reversed_at is null or exists (select from restoration_fact f where f.disconnection_id = d.id and f.recorded_at < p.reversal_recorded_at) as carries
    from payment p join disconnection d on d.customer_id = p.customer_id join measured m on m.id = d.id join word w on w.id = d.id
    where p.settled),
  promised as (
    select d.id as cut_id, d.customer_id, coalesce(
      (select min(p.paid_at) from full_payment p where p.cut_id = d.id and p.carries and p.in_time
         and p.paid_at >= d.notice_served_at and p.paid_at < d.disconnected_at
         and not (exists (select from arrears b where b.customer_id = d.customer_id)
                  and not exists (select from full_payment q where q.cut_id = d.id and q.carries and q.paid_at <= d.disconnected_at))),
      (select min(p.paid_at) from full_payment p where p.cut_id = d.id and p.carries and p.in_time and p.paid_at >= d.disconnected_at)) as paid_at
    from disconnection d),
  outcome as (
    select a.area, r.cut_id, r.paid_at, m.at as restored, m.switched, m.powered, p.received_at, o.ordered_at,
      (select min(s.at) from reconnection_step s where s.order_id = o.id and s.step = 'crew_assigned') as dispatched,
      case when m.at <= r.paid_at + interval '12 hours' then 'met'
           when m.at is not null then 'breached'
           when w.at <= r.paid_at + interval '12 hours' then 'claimed'
           when w.at is not null or r.paid_at + interval '12 hours' <= $1 then 'breached' else 'open' end as state
    from promised r join measured m on m.id = r.cut_id join word w on w.id = r.cut_id
    join customer c on c.id = r.customer_id join asset a on a.id = c.transformer_id
    join reconnection_order o on o.disconnection_id = r.cut_id
    join lateral (select min(q.received_at) as received_at from payment q
                  where q.id = o.payment_id and q.customer_id = r.customer_id and q.paid_at = r.paid_at) p on true
    where r.paid_at is not null)
  select coalesce(area, 'total') as key, count(*) as promised,
    count(*) filter (where state = 'met') as met, count(*) filter (where state = 'breached') as breached,
    count(*) filter (where state = 'claimed') as "claimedOnly", count(*) filter (where state = 'open') as open,
    percentile_cont(0.5) within group (order by extract(epoch from restored - paid_at) / 60) as median,
    percentile_cont(0.9) within group (order by extract(epoch from restored - paid_at) / 60) as p90,
    percentile_cont(0.5) within group (order by extract(epoch from received_at - paid_at) / 60) as booking,
    percentile_cont(0.9) within group (order by greatest(0, extract(epoch from ordered_at - received_at) / 60)) as ordering,
    percentile_cont(0.5) within group (order by greatest(0, extract(epoch from dispatched - ordered_at) / 60)) filter (where dispatched is not null) as dispatch,
    percentile_cont(0.9) within group (order by greatest(0, extract(epoch from switched - dispatched) / 60)) filter (where switched is not null and dispatched is not null) as work,
    percentile_cont(0.5) within group (order by greatest(0, extract(epoch from powered - switched) / 60)) filter (where powered is not null and switched is not null) as power
  from outcome group by grouping sets ((area), ())`;

interface Figures {
  key: string;
  promised: number;
  met: number;
  breached: number;
  claimedOnly: number;
  open: number;
  [leg: string]: number | string | null;
}

const round = (value: number | null): number | null => (value === null ? null : Math.round(value * 1_000) / 1_000);

const figuresOf = ({ key, orders, cancelled, met, breached, claimedOnly, open, legs }: ReconnectionRow): Figures => ({
  key,
  promised: orders - cancelled,
  met,
  breached,
  claimedOnly,
  open,
  median: round(legs.total.medianMinutes),
  p90: round(legs.total.p90Minutes),
  booking: round(legs.booking.medianMinutes),
  ordering: round(legs.ordering.p90Minutes),
  dispatch: round(legs.dispatch.medianMinutes),
  work: round(legs.work.p90Minutes),
  power: round(legs.power.medianMinutes),
});

describe('the reconnection report', () => {
  const held = useDatabase(new TestClock(NOW));
  beforeAll(async () => {
    await held.db.query(
      `insert into asset (code, kind, path, name, area) values ('T1', 'transformer', '{}', 'T1', 'north'), ('T2', 'transformer', '{}', 'T2', 'south')`,
    );
    await held.db.query(
      `insert into customer (account_no, transformer_id) select 'A' || n, a.id from generate_series(0, $1 - 1) n
       join asset a on a.code = case when n % 2 = 0 then 'T1' else 'T2' end`,
      [CUSTOMERS],
    );
  });

  const sweepDue = async (tx: Tx): Promise<void> => {
    const due = await tx.query<{ id: number; stage: string; dueAt: number }>(
      `update deadline set state = 'fired', settled_at = $1 where kind = 'reconnection' and state = 'pending' and due_at <= $1
       returning subject_id as id, stage, due_at as "dueAt"`,
      [at(tx.now)],
    );
    for (const { id, stage, dueAt } of due) if (stage === 'due') await breachOrder(tx, id, dueAt);
  };

  /** Tells the facts of one customer in their order of arrival, a second apart. */
  async function tell(tx: Tx, index: number, { owes, facts }: Story): Promise<void> {
    const accountNo = `A${index}`;
    const [{ id: customerId } = { id: 0 }] = await tx.query<{ id: number }>(
      'select id from customer where account_no = $1',
      [accountNo],
    );
    if (owes)
      await tx.query(
        `insert into arrears (customer_id, amount, due_on, recorded_at) values ($1, 100, '2026-05-20', $2)`,
        [customerId, at(CUT - 40 * 24 * 60 * MINUTE_MS)],
      );
    const [{ id: cutId } = { id: 0 }] = await tx.query<{ id: number }>(
      `insert into disconnection (external_id, customer_id, reason, notice_served_at, planned_at, disconnected_at, recorded_at)
       values ($1, $2, 'arrears', $3, $4, $4, $4) returning id`,
      [`D-${accountNo}`, customerId, at(CUT - 4 * 24 * 60 * MINUTE_MS), at(CUT)],
    );
    for (const [n, one] of facts.entries()) {
      const now = { ...tx, now: NOW - 3_600_000 + n * 1_000 };
      const moment = CUT + one.at * MINUTE_MS;
      if (one.kind === 'sweep') await sweepDue({ ...tx, now: now.now });
      else if (one.kind === 'payment') {
        const said = { clearedAt: null, outstandingArrears: null, outstandingPenalty: null };
        await recordPayment(
          now,
          POLICY,
          {
            ...said,
            externalId: `${accountNo}/${n}`,
            accountNo,
            paidAt: moment,
            receivedAt: Math.min(moment + one.booked * MINUTE_MS, now.now), // what is yet to come is refused
            amount: 1,
            settled: one.settled,
          },
          'billing',
        );
      } else if (one.kind === 'reversal') {
        const said = { at: moment, reason: '退票' };
        await reversePayment(now, POLICY, `${accountNo}/0`, said, 'bank');
      } else if (one.kind === 'claim') {
        const said = { accountNo, reconnectedAt: moment, by: `crew ${n}`, source: 'crew' as const };
        // Another word than the one that stands is refused; the facts that were taken are what counts.
        await recordReconnection(now, POLICY, said, 'crew').catch((error: unknown) => {
          if (!(error instanceof Fault)) throw error;
        });
      } else if (one.kind === 'crew') {
        const [order] = await tx.query<{ id: number }>(
          'select id from reconnection_order where disconnection_id = $1',
          [cutId],
        );
        const said = { at: moment, by: `crew ${n}`, note: '' };
        if (order !== undefined) await recordStep(now, POLICY, order.id, 'crew_assigned', said, 'desk');
      } else {
        await takeFact(now, POLICY, cutId, { kind: one.kind, at: moment, source: `${n}` }, 'system');
      }
    }
    await alignOrder(tx, POLICY, cutId, 'system');
  }

  it('agrees with an independent oracle over any history, in whatever order its facts became known', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (stories) => {
        const work = async (tx: Tx): Promise<void> => {
          for (const [index, story] of stories.entries()) await tell(tx, index, story);
          await sweepDue(tx);
          const oracle = await tx.query<Figures>(ORACLE, [at(NOW)]);
          const expected = oracle.map(
            (row) =>
              Object.fromEntries(
                Object.entries(row).map(([name, value]) => [name, typeof value === 'number' ? round(value) : value]),
              ) as Figures,
          );
          const period = { from: CUT - 30 * 24 * 60 * MINUTE_MS, to: NOW, area: null };
          const { total, items } = await reportReconnection(tx, { ...period, by: 'area' });
          const told = [...items, total].map(figuresOf).filter(({ key, promised }) => promised > 0 || key === 'total');
          const byKey = (a: Figures, b: Figures): number => a.key.localeCompare(b.key);
          expect(told.sort(byKey)).toEqual(expected.sort(byKey));
          throw new Undo();
        };
        await held.db.inTx(work).catch((error: unknown) => {
          if (!(error instanceof Undo)) throw error;
        });
      }),
      { numRuns: 12 },
    );
  });

  it('counts nothing where nobody paid, and leads from every figure to its orders', async () => {
    await held.db
      .inTx(async (tx) => {
        const empty = await reportReconnection(tx, { from: CUT, to: NOW, area: null, by: 'none' });
        expect(empty.total).toMatchObject({
          orders: 0,
          onTimeShare: null,
          legs: { total: { count: 0, medianMinutes: null } },
        });
        const paid = { kind: 'payment' as const, at: 60, booked: 0, settled: true };
        await tell(tx, 1, { owes: true, facts: [paid, { kind: 'claim', at: 120 }] });
        const { items } = await reportReconnection(tx, { from: CUT, to: NOW, area: null, by: 'crew' });
        expect(items).toEqual([
          expect.objectContaining({
            key: 'crew 1',
            claimedOnly: 1,
            onTimeShare: null,
            onTimeShareWithClaims: 1,
            drillDown: `/api/v1/reconnection-orders?from=${CUT}&to=${NOW}&crew=crew+1`,
          }),
        ]);
        throw new Undo();
      })
      .catch((error: unknown) => {
        if (!(error instanceof Undo)) throw error;
      });
  });
});
