import { beforeAll, describe, expect, it } from '@jest/globals';
import { recordArrears } from '../../src/modules/reconnection/arrears.js';
import { recordDisconnection } from '../../src/modules/reconnection/disconnections.js';
import { recordPayment } from '../../src/modules/reconnection/payments.js';
import { recordReconnection } from '../../src/modules/reconnection/restorations.js';
import { ActivePolicy } from '../../src/modules/policy/active-policy.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';
import type { Tx } from '../../src/modules/database/database.js';
import { TestClock, useDatabase } from '../support/database.js';
import { permutations } from '../support/permutations.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CUT = Date.parse('2026-07-15T10:00:00+08:00');

describe('reconnection on the database', () => {
  const clock = new TestClock(CUT + 2 * DAY);
  const held = useDatabase(clock);
  let active: ActivePolicy;

  beforeAll(async () => {
    active = await ActivePolicy.activate(held.db, readPolicyFile(builtInPolicyFile('csg')));
    await held.db.query(`insert into asset (code, kind, path, name) values ('T', 'transformer', '{}', 'T')`);
    await held.db.query(
      `insert into customer (account_no, transformer_id) select 'A' || n, a.id from asset a, generate_series(0, 99) n`,
    );
  });

  /** The facts of one case, each as its own transaction. */
  const facts = (accountNo: string) => ({
    arrears: (tx: Tx) => recordArrears(tx, active, { accountNo, amount: 100, dueOn: '2026-05-20' }, 'billing'),
    cut: (tx: Tx) =>
      recordDisconnection(
        tx,
        active,
        {
          externalId: `D-${accountNo}`,
          accountNo,
          reason: 'arrears',
          approvedBy: '李主任',
          noticeServedAt: CUT - 4 * DAY,
          finalNoticeAt: CUT - HOUR,
          authorityInformedAt: null,
          responsibleUnit: null,
          responsiblePerson: null,
          plannedAt: CUT,
          disconnectedAt: CUT,
        },
        'billing',
      ),
    first: (tx: Tx) => pay(tx, `P1-${accountNo}`, accountNo, CUT + HOUR),
    second: (tx: Tx) => pay(tx, `P2-${accountNo}`, accountNo, CUT + 5 * HOUR),
  });
  const pay = (tx: Tx, externalId: string, accountNo: string, paidAt: number) =>
    recordPayment(
      tx,
      active,
      {
        externalId,
        accountNo,
        paidAt,
        receivedAt: null,
        clearedAt: null,
        amount: 100,
        settled: true,
        outstandingArrears: null,
        outstandingPenalty: null,
      },
      'billing',
    );
  const outcome = async (accountNo: string): Promise<object | undefined> =>
    (
      await held.db.query<object>(
        `select o.paid_at, o.due_at, o.state, o.restored_at, p.external_id as payment, a.cleared_at,
                (select array_agg(stage || ' ' || state order by due_at) from deadline s where s.subject_id = o.id) as stages
         from reconnection_order o join customer c on c.id = o.customer_id join payment p on p.id = o.payment_id
         left join arrears a on a.customer_id = c.id where c.account_no = $1`,
        [accountNo],
      )
    )[0];

  it('ends with the same promise in whatever order debt, cut and payments become known', async () => {
    const orders = permutations(['arrears', 'cut', 'first', 'second'] as const);
    for (const [index, order] of orders.entries()) {
      for (const name of order) await held.db.inTx<unknown>((tx) => facts(`A${index}`)[name](tx));
      expect({ order, ...(await outcome(`A${index}`)) }).toMatchObject({
        order,
        payment: `P1-A${index}`,
        paid_at: CUT + HOUR,
        due_at: CUT + 13 * HOUR,
        cleared_at: CUT + HOUR,
        state: 'open',
        stages: ['50% pending', '75% pending', '90% pending', 'due pending'],
      });
    }
    expect(orders).toHaveLength(24);
  });

  it('takes facts that arrive together once each', async () => {
    const accountNo = 'A50';
    const { arrears, cut, first, second } = facts(accountNo);
    const all = [arrears, cut, first, second].flatMap((fact) => [fact, fact, fact]);
    await Promise.all(all.map((fact) => held.db.inTx<unknown>((tx) => fact(tx))));
    expect(await outcome(accountNo)).toMatchObject({ payment: `P1-${accountNo}`, state: 'open' });
    const [counts] = await held.db.query<object>(
      `select (select count(*) from payment p where p.customer_id = c.id) as payments,
              (select count(*) from disconnection d where d.customer_id = c.id) as cuts,
              (select count(*) from journal j where j.type = 'payment_received' and j.subject_id = c.id) as received
       from customer c where account_no = $1`,
      [accountNo],
    );
    expect(counts).toEqual({ payments: 2, cuts: 1, received: 2 });
  });

  it('refuses one number for two accounts, also when both arrive together', async () => {
    const results = await Promise.allSettled(
      ['A60', 'A61'].map((accountNo) => held.db.inTx((tx) => pay(tx, 'same number', accountNo, CUT + HOUR))),
    );
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({
      code: 'conflict',
      errors: [{ path: 'body.accountNo' }],
    });
  });

  it('makes an ended promise of a payment that is booked after supply was back', async () => {
    const accountNo = 'A70';
    const { arrears, cut, first } = facts(accountNo);
    await held.db.inTx(arrears);
    await held.db.inTx(cut);
    await held.db.inTx((tx) =>
      recordReconnection(
        tx,
        active,
        { accountNo, reconnectedAt: CUT + 14 * HOUR, by: 'head-end', source: 'switch' },
        'metering',
      ),
    );
    expect(await outcome(accountNo)).toBeUndefined(); // nothing was promised yet
    await held.db.inTx(first);
    expect(await outcome(accountNo)).toMatchObject({ state: 'breached', restored_at: CUT + 14 * HOUR, stages: null });
    const types = await held.db.query<{ type: string }>(
      `select type from journal where subject_type = 'reconnection_order'
       and (data ->> 'customerId')::int = (select id from customer where account_no = $1) order by id`,
      [accountNo],
    );
    expect(types.map((row) => row.type)).toEqual(['reconnection_ordered', 'reconnection_breached', 'reconnection_met']);
  });
});
