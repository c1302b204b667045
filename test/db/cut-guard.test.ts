import { beforeAll, describe, expect, it } from '@jest/globals';
import { recordArrears } from '../../src/modules/reconnection/arrears.js';
import { recordDisconnection } from '../../src/modules/reconnection/disconnections.js';
import { disconnectionsFollower } from '../../src/modules/reconnection/disconnections.follower.js';
import { recordDunning } from '../../src/modules/reconnection/dunning.js';
import { recordPayment } from '../../src/modules/reconnection/payments.js';
import { writeProtections } from '../../src/modules/reconnection/protections.js';
import { lockAccount } from '../../src/modules/reconnection/account-facts.js';
import { sweep } from '../../src/modules/deadlines/deadline-sweep.js';
import { ActivePolicy } from '../../src/modules/policy/active-policy.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';
import type { Tx } from '../../src/modules/database/database.js';
import { TestClock, useDatabase } from '../support/database.js';
import { permutations } from '../support/permutations.js';
import { catchUp } from '../support/small-city.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Wednesday. */
const CUT = Date.parse('2026-07-15T10:00:00+08:00');

describe('cuts and what becomes known of them', () => {
  const clock = new TestClock(CUT);
  const held = useDatabase(clock);
  let active: ActivePolicy;

  beforeAll(async () => {
    active = await ActivePolicy.activate(held.db, readPolicyFile(builtInPolicyFile('csg')));
    await held.db.query(`insert into asset (code, kind, path, name) values ('T', 'transformer', '{}', 'T')`);
    await held.db.query(
      `insert into customer (account_no, transformer_id) select 'A' || n, a.id from asset a, generate_series(0, 1099) n`,
    );
  });

  const follow = () =>
    catchUp(
      held.db,
      disconnectionsFollower((now) => active.at(now)),
    );
  const report = (accountNo: string, more: { plannedAt?: number; disconnectedAt?: number | null } = {}) => ({
    externalId: `D-${accountNo}`,
    accountNo,
    reason: 'arrears' as const,
    approvedBy: '李主任',
    noticeServedAt: CUT - 4 * DAY,
    finalNoticeAt: CUT - HOUR,
    authorityInformedAt: null,
    plannedAt: CUT,
    disconnectedAt: CUT,
    responsibleUnit: null,
    responsiblePerson: null,
    ...more,
  });
  const facts = (accountNo: string) => ({
    bill: (tx: Tx) => recordArrears(tx, active, { accountNo, amount: 100, dueOn: '2026-05-20' }, 'billing'),
    dunning: (tx: Tx) =>
      recordDunning(
        tx,
        active,
        {
          accountNo,
          externalId: null,
          stage: 'phone',
          at: CUT - 9 * DAY,
          by: '王',
          result: 'reached',
          note: '',
          promisedOn: null,
          contact: null,
          phone: null,
          proof: '',
        },
        'billing',
      ),
    cut: (tx: Tx) => recordDisconnection(tx, active, report(accountNo), 'billing'),
    protection: async (tx: Tx) => {
      const account = await lockAccount(tx, accountNo);
      const protection = {
        externalId: `P-${accountNo}`,
        kind: 'hardship' as const,
        accountNo,
        area: null,
        validFrom: CUT - DAY,
        validTo: null,
        reason: '',
      };
      return writeProtections(tx, active, [{ account, protection }], 'billing');
    },
    payment: (tx: Tx) =>
      recordPayment(
        tx,
        active,
        {
          externalId: `M-${accountNo}`,
          accountNo,
          paidAt: CUT - HOUR,
          receivedAt: null,
          clearedAt: null,
          amount: 100,
          settled: true,
          outstandingArrears: null,
          outstandingPenalty: null,
        },
        'billing',
      ),
  });
  const stepsOf = async (accountNo: string): Promise<string[]> => {
    const [row] = await held.db.query<{ steps: string[] }>(
      `select array(select s ->> 'step' from jsonb_array_elements(missing_steps) s order by 1) as steps
       from disconnection where external_id = 'D-' || $1`,
      [accountNo],
    );
    return row?.steps ?? [];
  };

  it.each<[string, readonly (keyof ReturnType<typeof facts>)[], string[]]>([
    ['a proper cut', ['bill', 'dunning', 'cut'], []],
    [
      'a cut of a protected customer who had paid',
      ['bill', 'cut', 'protection', 'payment'],
      ['dunning', 'hardship', 'paid'],
    ],
  ])('ends with the same verdict in whatever order it becomes known: %s', async (_, names, expected) => {
    clock.set(CUT);
    const first = expected.length === 0 ? 0 : 200;
    const orders = [...permutations(names).entries()].map(([index, order]) => ({
      order,
      accountNo: `A${first + index}`,
    }));
    for (const { order, accountNo } of orders)
      for (const name of order) await held.db.inTx<unknown>((tx) => facts(accountNo)[name](tx));
    await follow();
    for (const { order, accountNo } of orders)
      expect({ order, steps: await stepsOf(accountNo) }).toEqual({ order, steps: expected });
  });

  it('judges the plans of one morning together, and calls off exactly those that were paid', async () => {
    clock.set(CUT - 2 * DAY);
    await held.db.query(
      `insert into arrears (customer_id, amount, due_on, recorded_at)
       select id, 10, '2026-05-20', now() from customer where account_no ~ '^A10..$'`,
    );
    await held.db.query(
      `insert into dunning_step (customer_id, stage, at, by, result, note, recorded_at)
       select id, 'phone', $1, '王', 'reached', '', $1 from customer where account_no ~ '^A10..$'`,
      [new Date(CUT - 9 * DAY)],
    );
    const plan = (accountNo: string) => ({ ...report(accountNo, { disconnectedAt: null }), finalNoticeAt: CUT - HOUR });
    await held.db.inTx(async (tx) => {
      for (let n = 1_000; n < 1_100; n += 1) await recordDisconnection(tx, active, plan(`A${n}`), 'billing');
    });
    // Paid behind the journal's back, so that only the look before the cut can find it.
    await held.db.query(
      `update arrears set cleared_at = $1 where customer_id in (select id from customer where account_no like 'A10_7')`,
      [new Date(CUT - DAY)],
    );
    clock.set(CUT - HOUR / 2);
    while ((await sweep(held.db)).fired.length > 0);
    await follow();
    const rows = await held.db.query<{ accountNo: string; cancelled: boolean }>(
      `select c.account_no as "accountNo", d.cancelled_at is not null as cancelled from disconnection d
       join customer c on c.id = d.customer_id where c.account_no ~ '^A10..$'`,
    );
    expect(rows).toHaveLength(100);
    expect(rows.filter((row) => row.cancelled !== row.accountNo.endsWith('7'))).toEqual([]);
  });
});
