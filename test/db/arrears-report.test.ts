import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { at, atOrNull } from '../../src/modules/database/database.js';
import { reportArrears } from '../../src/modules/reports/arrears-report.js';
import { TestClock, useDatabase } from '../support/database.js';

const DAY = 86_400_000;
const NOON = Date.parse('2026-07-01T12:00:00+08:00');
const FROM = Date.parse('2026-06-01T00:00:00+08:00');
const TO = Date.parse('2026-08-01T00:00:00+08:00');

interface Bill {
  customer: number;
  dueOn: string;
  amount: number;
  clearedAt: number | null;
}
interface Step {
  customer: number;
  stage: 'remote' | 'phone' | 'onsite';
  at: number;
}
interface Cut {
  customer: number;
  at: number | null;
  cancelledAt: number | null;
  broken: boolean;
  paid: boolean;
}

describe('the report on arrears', () => {
  const held = useDatabase(new TestClock(TO));

  beforeAll(async () => {
    await held.db.query(
      `insert into asset (code, kind, path, name, area) values ('T1', 'transformer', '{}', 'T1', 'north'), ('T2', 'transformer', '{}', 'T2', 'south')`,
    );
    await held.db.query(
      `insert into customer (account_no, transformer_id) select 'C' || n, a.id from generate_series(0, 5) n
       join asset a on a.code = case when n < 3 then 'T1' else 'T2' end`,
    );
  });

  const write = async (bills: readonly Bill[], steps: readonly Step[], cuts: readonly Cut[]): Promise<void> => {
    const { db } = held;
    await db.query('truncate arrears, dunning_step, disconnection cascade');
    const customer = `(select id from customer where account_no = 'C' || $1)`;
    for (const { customer: no, dueOn, amount, clearedAt } of bills)
      await db.query(
        `insert into arrears (customer_id, due_on, amount, recorded_at, cleared_at) values (${customer}, $2, $3, $4, $5) on conflict do nothing`,
        [no, dueOn, amount, at(FROM), atOrNull(clearedAt)],
      );
    for (const { customer: no, stage, at: moment } of steps)
      await db.query(
        `insert into dunning_step (customer_id, stage, at, by, result, note, recorded_at) values (${customer}, $2, $3, '', 'reached', '', $3)`,
        [no, stage, at(moment)],
      );
    for (const [index, cut] of cuts.entries())
      await db.query(
        `insert into disconnection (external_id, customer_id, reason, planned_at, disconnected_at, missing_steps, cancelled_at, cancellation, recorded_at)
         values ($2, ${customer}, 'arrears', $3, $4, $5, $6, $7, $3)`,
        [
          cut.customer,
          `D${index}`,
          at(FROM),
          atOrNull(cut.at),
          JSON.stringify(cut.at !== null && cut.broken ? [{ step: 'dunning' }] : []),
          atOrNull(cut.at === null ? cut.cancelledAt : null),
          cut.at === null && cut.cancelledAt !== null
            ? JSON.stringify({ note: '', findings: cut.paid ? [{ step: 'paid' }] : [] })
            : null,
        ],
      );
  };

  it('adds up a case worked by hand', async () => {
    await write(
      [
        { customer: 0, dueOn: '2026-06-10', amount: 100, clearedAt: NOON }, // after a call, without a cut
        { customer: 0, dueOn: '2026-06-20', amount: 20, clearedAt: NOON }, // the same account; nothing was done for this bill
        { customer: 1, dueOn: '2026-05-10', amount: 50.5, clearedAt: NOON }, // after a cut
        { customer: 1, dueOn: '2026-07-01', amount: 9, clearedAt: NOON }, // on its due day: was never overdue
        { customer: 3, dueOn: '2026-07-20', amount: 7, clearedAt: null },
        { customer: 4, dueOn: '2026-07-31', amount: 8, clearedAt: null }, // overdue from August on
      ],
      [
        { customer: 0, stage: 'remote', at: Date.parse('2026-06-11T09:00:00+08:00') },
        { customer: 0, stage: 'phone', at: Date.parse('2026-06-12T09:00:00+08:00') },
        { customer: 0, stage: 'onsite', at: NOON + DAY }, // too late to have helped
      ],
      [
        { customer: 1, at: NOON - 5 * DAY, cancelledAt: null, broken: true, paid: false },
        { customer: 0, at: null, cancelledAt: NOON, broken: false, paid: true },
      ],
    );
    const { total, items } = await reportArrears(held.db, { from: FROM, to: TO, area: null, by: 'area' });
    expect(total).toMatchObject({
      withoutCut: { accounts: 1, bills: 2, amount: 120 },
      afterCut: { accounts: 1, bills: 1, amount: 50.5 },
      withoutCutShare: 120 / 170.5,
      byStage: {
        none: { bills: 1, amount: 20 },
        remote: { bills: 0, amount: 0 },
        phone: { bills: 1, amount: 100 },
        onsite: { bills: 0, amount: 0 },
      },
      outstanding: { accounts: 1, bills: 1, amount: 7 },
      cuts: 1,
      cutsAgainstRules: 1,
      plansCalledOff: 1,
      plansPaid: 1,
    });
    expect(items.map(({ key, withoutCut, outstanding }) => [key, withoutCut.amount, outstanding?.amount])).toEqual([
      ['north', 120, 0],
      ['south', 0, 7],
    ]);
    const months = await reportArrears(held.db, { from: FROM, to: TO, area: 'north', by: 'month' });
    expect(
      months.items.map(({ key, cuts, afterCut, outstanding }) => [key, cuts, afterCut.bills, outstanding]),
    ).toEqual([
      ['2026-06', 1, 0, null],
      ['2026-07', 0, 1, null],
    ]);
  });

  it('agrees with a count by hand on any record', async () => {
    const instant = fc.integer({ min: FROM - 30 * DAY, max: TO + 5 * DAY });
    const customer = fc.nat(5);
    const bill = fc.record({
      customer,
      dueOn: fc.constantFrom('2026-05-15', '2026-06-01', '2026-06-30', '2026-07-15', '2026-07-31'),
      amount: fc.integer({ min: 0, max: 10_000 }).map((cents) => cents / 100),
      clearedAt: fc.option(instant),
    });
    const key = ({ customer: no, dueOn }: Bill): string => `${no} ${dueOn}`;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(bill, { maxLength: 8, selector: key }),
        fc.array(fc.record({ customer, stage: fc.constantFrom('remote' as const, 'phone', 'onsite'), at: instant }), {
          maxLength: 6,
        }),
        fc.array(
          fc.record({
            customer,
            at: fc.option(instant),
            cancelledAt: fc.option(instant),
            broken: fc.boolean(),
            paid: fc.boolean(),
          }),
          { maxLength: 4 },
        ),
        async (bills, steps, cuts) => {
          await write(bills, steps, cuts);
          const { total } = await reportArrears(held.db, { from: FROM, to: TO, area: null, by: 'none' });
          expect(total).toMatchObject(oracle(bills, steps, cuts));
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** The same figures, counted one by one. */
function oracle(bills: readonly Bill[], steps: readonly Step[], cuts: readonly Cut[]): object {
  const within = (moment: number | null): moment is number => moment !== null && moment >= FROM && moment < TO;
  const dueFrom = ({ dueOn }: Bill): number => Date.parse(`${dueOn}T00:00:00+08:00`);
  const paid = bills.filter((bill) => within(bill.clearedAt) && bill.clearedAt >= dueFrom(bill) + DAY);
  const wasCut = (bill: Bill): boolean =>
    cuts.some(
      (cut) =>
        cut.customer === bill.customer &&
        cut.at !== null &&
        cut.at >= dueFrom(bill) &&
        cut.at <= (bill.clearedAt ?? Infinity),
    );
  const levelOf = (bill: Bill): string => {
    const order = ['remote', 'phone', 'onsite'];
    const taken = steps
      .filter((step) => step.customer === bill.customer)
      .filter((step) => step.at >= dueFrom(bill) && step.at < (bill.clearedAt ?? Infinity))
      .map((step) => order.indexOf(step.stage));
    return taken.length === 0 ? 'none' : (order[Math.max(...taken)] ?? '');
  };
  const cents = (list: readonly Bill[]): number => list.reduce((sum, bill) => sum + Math.round(bill.amount * 100), 0);
  const sum = (list: readonly Bill[]): object => ({
    accounts: new Set(list.map((bill) => bill.customer)).size,
    bills: list.length,
    amount: cents(list) / 100,
  });
  const without = paid.filter((bill) => !wasCut(bill));
  const done = cuts.filter((cut) => within(cut.at));
  const calledOff = cuts.filter((cut) => cut.at === null && within(cut.cancelledAt));
  return {
    withoutCut: sum(without),
    afterCut: sum(paid.filter(wasCut)),
    outstanding: sum(
      bills.filter((bill) => dueFrom(bill) + DAY < TO && (bill.clearedAt === null || bill.clearedAt >= TO)),
    ),
    byStage: Object.fromEntries(
      ['none', 'remote', 'phone', 'onsite'].map((level) => {
        const of = without.filter((bill) => levelOf(bill) === level);
        return [level, { bills: of.length, amount: cents(of) / 100 }];
      }),
    ),
    cuts: done.length,
    cutsAgainstRules: done.filter((cut) => cut.broken).length,
    plansCalledOff: calledOff.length,
    plansPaid: calledOff.filter((cut) => cut.paid).length,
  };
}
