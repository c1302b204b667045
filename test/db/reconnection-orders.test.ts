import { beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import type { RawRow } from '../../src/domain/register/column.js';
import { at } from '../../src/modules/database/database.js';
import type { Tx } from '../../src/modules/database/database.js';
import { watchForecasts } from '../../src/modules/reconnection/forecast-watch.js';
import { withForecasts } from '../../src/modules/reconnection/forecasts.js';
import { importPayments } from '../../src/modules/reconnection/import-payments.js';
import { listOrders } from '../../src/modules/reconnection/order-queries.js';
import { alignOrder } from '../../src/modules/reconnection/orders.js';
import { recordStep } from '../../src/modules/reconnection/order-steps.js';
import { listPaidButDark } from '../../src/modules/reconnection/paid-but-dark.js';
import { missingAfter, recordPayment } from '../../src/modules/reconnection/payments.js';
import type { PaymentReport } from '../../src/modules/reconnection/payments.js';
import { recordReconnection, takeFact } from '../../src/modules/reconnection/restorations.js';
import { reversePayment } from '../../src/modules/reconnection/reverse-payment.js';
import { TestClock, useDatabase } from '../support/database.js';
import { journalOf, POLICY } from '../support/small-city.js';

const CUT = Date.parse('2026-07-15T10:00:00+08:00');
const ALL = { state: null, due: null, area: null, crew: null, from: null, to: null };

describe('orders of reconnection on the database', () => {
  const clock = new TestClock(CUT);
  const held = useDatabase(clock);
  beforeEach(async () => {
    clock.set(CUT + 2 * HOUR_MS);
    await held.db.query(
      `truncate asset, customer, disconnection, payment, arrears, reconnection_order, deadline, journal, outage, transformer_state restart identity cascade`,
    );
    await held.db.query(
      `insert into asset (code, kind, path, name, area) values ('T1', 'transformer', '{1}', 'T1', 'north'), ('T2', 'transformer', '{2}', 'T2', 'south')`,
    );
    await held.db.query(
      `insert into customer (account_no, transformer_id) select 'A' || n, case when n < 8 then 1 else 2 end from generate_series(0, 9) n`,
    );
    await held.db.query(
      `insert into disconnection (external_id, customer_id, reason, planned_at, disconnected_at, recorded_at)
       select 'D-' || account_no, id, 'arrears', $1, $1, $1 from customer`,
      [at(CUT)],
    );
  });

  const inTx = <Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> => held.db.inTx(work);
  const report = (accountNo: string, over: Partial<PaymentReport> = {}): PaymentReport => ({
    externalId: `P-${accountNo}`,
    accountNo,
    paidAt: CUT + HOUR_MS,
    receivedAt: null,
    clearedAt: null,
    amount: 100,
    settled: true,
    outstandingArrears: null,
    outstandingPenalty: null,
    ...over,
  });
  const pay = (accountNo: string, over: Partial<PaymentReport> = {}) =>
    inTx((tx) => recordPayment(tx, POLICY, report(accountNo, over), 'billing'));
  const claim = (accountNo: string, reconnectedAt: number, source: 'crew' | 'switch' | 'power' = 'crew') =>
    inTx((tx) => recordReconnection(tx, POLICY, { accountNo, reconnectedAt, by: '一班', source }, 'crew'));
  const seenOpen = (accountNo: string, moment: number) =>
    inTx(async (tx) => {
      const [cut] = await tx.query<{ id: number }>(`select id from disconnection where external_id = 'D-' || $1`, [
        accountNo,
      ]);
      await takeFact(tx, POLICY, cut?.id ?? 0, { kind: 'switch_open', at: moment, source: 'terminal:1' }, 'system');
    });
  const bill = (accountNo: string, amount: number) =>
    held.db.query(
      `insert into arrears (customer_id, amount, due_on, recorded_at) select id, $2, '2026-05-20', $3 from customer where account_no = $1`,
      [accountNo, amount, at(CUT - 1_000 * HOUR_MS)],
    );
  const orderOf = async (accountNo: string) => {
    const order = (await listOrders(held.db, ALL, null, 100)).find((one) => one.accountNo === accountNo);
    return order ?? null;
  };
  const entries = async (): Promise<string[]> =>
    (
      await journalOf(held.db, [
        'payment_reversed',
        'reconnection_ordered',
        'reconnection_claimed',
        'reconnection_claim_refuted',
        'reconnection_met',
        'reconnection_breached',
        'reconnection_cancelled',
        'reconnected_on_reversed_payment',
        'reconnection_forecast_missed',
      ])
    ).map(({ type }) => type);

  describe('a payment', () => {
    it('in part starts nothing and says what is missing, penalty included', async () => {
      await bill('A0', 120.5);
      const part = await pay('A0', { settled: false, amount: 50 });
      expect(await orderOf('A0')).toBeNull();
      expect(await missingAfter(held.db, part)).toMatchObject({ arrears: 70.5, basis: 'records' });
      const rest = await pay('A0', {
        externalId: 'P2',
        settled: false,
        amount: 70.5,
        outstandingArrears: 0,
        outstandingPenalty: 1.2,
      });
      expect(await orderOf('A0')).toBeNull();
      expect((await missingAfter(held.db, rest))?.en).toContain('1.20 yuan of penalty');
      await pay('A0', { externalId: 'P3', amount: 1.2, paidAt: CUT + 90 * MINUTE_MS });
      expect(await orderOf('A0')).toMatchObject({ paymentExternalId: 'P3', dueAt: CUT + 13.5 * HOUR_MS });
    });

    it('keeps when it was paid, received and cleared apart; the clock runs from when it was paid', async () => {
      await pay('A0', { receivedAt: CUT + 90 * MINUTE_MS, clearedAt: CUT + 100 * MINUTE_MS });
      const order = await orderOf('A0');
      expect(order?.dueAt).toBe(CUT + 13 * HOUR_MS);
      expect(order?.legs.map(({ leg, at: moment, quality }) => [leg, (moment - CUT) / MINUTE_MS, quality])).toEqual([
        ['paid', 60, 'booked'],
        ['received', 90, 'booked'],
        ['cleared', 100, 'booked'],
        ['field_order', 120, 'recorded'],
        ['ordered', 120, 'recorded'],
      ]);
    });

    it('that is reversed before supply is back cancels the order; its bill is owed again; the next one starts anew', async () => {
      await bill('A0', 100);
      await pay('A0');
      await inTx((tx) => reversePayment(tx, POLICY, 'P-A0', { at: CUT + 100 * MINUTE_MS, reason: '退票' }, 'bank'));
      await inTx((tx) => reversePayment(tx, POLICY, 'P-A0', { at: CUT + 100 * MINUTE_MS, reason: '退票' }, 'bank'));
      expect(await orderOf('A0')).toMatchObject({
        state: 'cancelled',
        cancellation: {
          reason: '退票',
          words: { zh: '付款已冲正：退票', en: 'the payment was reversed: 退票' },
          paymentExternalId: 'P-A0',
          since: CUT + 100 * MINUTE_MS,
          knownAt: CUT + 2 * HOUR_MS,
        },
        stages: [{ state: 'cancelled' }, { state: 'cancelled' }, { state: 'cancelled' }, { state: 'cancelled' }],
      });
      expect(await held.db.query('select cleared_at from arrears')).toEqual([{ cleared_at: null }]);
      await expect(
        inTx((tx) => reversePayment(tx, POLICY, 'P-A0', { at: CUT + 100 * MINUTE_MS, reason: '重复' }, 'bank')),
      ).rejects.toMatchObject({ code: 'conflict' });
      await pay('A0', { externalId: 'P2', paidAt: CUT + 110 * MINUTE_MS });
      expect(await orderOf('A0')).toMatchObject({
        state: 'open',
        paymentExternalId: 'P2',
        cancellation: null,
        paymentReversedAt: null,
        stages: [{ state: 'pending' }, { state: 'pending' }, { state: 'pending' }, { state: 'pending' }],
      });
      expect(await entries()).toEqual([
        'reconnection_ordered',
        'payment_reversed',
        'reconnection_cancelled',
        'reconnection_ordered',
      ]);
    });

    it('that is reversed after supply was back: the customer is shown as reconnected on a reversed payment', async () => {
      await pay('A0');
      await claim('A0', CUT + 90 * MINUTE_MS, 'switch');
      await inTx((tx) => reversePayment(tx, POLICY, 'P-A0', { at: CUT + 100 * MINUTE_MS, reason: '退票' }, 'bank'));
      expect(await orderOf('A0')).toMatchObject({
        state: 'met',
        paymentReversedAt: CUT + 100 * MINUTE_MS,
        cancellation: null,
      });
      expect((await entries()).at(-1)).toBe('reconnected_on_reversed_payment');
    });

    it('that is reversed before, while the switch closes all the same: the same is told, once', async () => {
      await pay('A0');
      await inTx((tx) => reversePayment(tx, POLICY, 'P-A0', { at: CUT + 100 * MINUTE_MS, reason: '退票' }, 'bank'));
      await claim('A0', CUT + 110 * MINUTE_MS, 'switch');
      await claim('A0', CUT + 111 * MINUTE_MS, 'power');
      expect(await orderOf('A0')).toMatchObject({ state: 'cancelled', restoredAt: CUT + 110 * MINUTE_MS });
      expect((await entries()).slice(2)).toEqual(['reconnection_cancelled', 'reconnected_on_reversed_payment']);
    });

    it('that is reversed while another one stands moves the promise to that one', async () => {
      await pay('A0');
      await pay('A0', { externalId: 'P2', paidAt: CUT + 110 * MINUTE_MS });
      await inTx((tx) => reversePayment(tx, POLICY, 'P-A0', { at: CUT + 115 * MINUTE_MS, reason: '退票' }, 'bank'));
      expect(await orderOf('A0')).toMatchObject({
        state: 'open',
        paymentExternalId: 'P2',
        dueAt: CUT + 110 * MINUTE_MS + 12 * HOUR_MS,
      });
    });

    it('in full from before supply was back, which nobody knew: the promise is withdrawn', async () => {
      await pay('A0', { paidAt: CUT + 100 * MINUTE_MS });
      await claim('A0', CUT + 50 * MINUTE_MS, 'power');
      expect(await orderOf('A0')).toMatchObject({
        state: 'cancelled',
        cancellation: {
          words: { zh: '交费前已恢复供电', en: 'supply was back before the payment' },
          paymentExternalId: null,
        },
      });
    });
  });

  describe("a crew's word", () => {
    it('refuted by an open switch: the stages run again; another crew may say so; measurement decides', async () => {
      await pay('A0');
      await claim('A0', CUT + 70 * MINUTE_MS);
      await expect(claim('A0', CUT + 80 * MINUTE_MS)).rejects.toMatchObject({ code: 'conflict' });
      await seenOpen('A0', CUT + 75 * MINUTE_MS);
      expect(await orderOf('A0')).toMatchObject({
        state: 'open',
        refutedAt: CUT + 75 * MINUTE_MS,
        stages: [{ state: 'pending' }, { state: 'pending' }, { state: 'pending' }, { state: 'pending' }],
      });
      await claim('A0', CUT + 80 * MINUTE_MS);
      expect(await orderOf('A0')).toMatchObject({ state: 'claimed', claimedAt: CUT + 80 * MINUTE_MS, refutedAt: null });
      clock.set(CUT + 15 * HOUR_MS);
      await claim('A0', CUT + 14 * HOUR_MS, 'power');
      expect(await orderOf('A0')).toMatchObject({ state: 'breached', restoredAt: CUT + 14 * HOUR_MS });
      expect(await entries()).toEqual([
        'reconnection_ordered',
        'reconnection_claimed',
        'reconnection_claim_refuted',
        'reconnection_claimed',
        'reconnection_breached',
        'reconnection_met',
      ]);
    });
  });

  describe('the queue', () => {
    it('forecasts by the pace of the area, counts places in due order, and tells once of an order that will be late', async () => {
      for (const n of [0, 1, 2, 3]) {
        await pay(`A${n}`, { paidAt: CUT + (60 + n) * MINUTE_MS });
        if (n < 3) await claim(`A${n}`, CUT + (90 + n) * MINUTE_MS, 'switch');
      }
      // 3 restored within 24 h = one in 8 h: the first in the queue is expected 8 h from now, in time; the second is not.
      await pay('A4', { paidAt: CUT + 65 * MINUTE_MS });
      await pay('A9', { paidAt: CUT + 61 * MINUTE_MS }); // another area, without a pace
      const read = async (account: string) => {
        const orders = await withForecasts(held.db, await listOrders(held.db, ALL, null, 100), POLICY, clock.now());
        return orders.find(({ accountNo }) => accountNo === account)?.forecast ?? null;
      };
      expect((await read('A3'))?.expectedAt).toBe(CUT + 10 * HOUR_MS);
      expect((await read('A4'))?.expectedAt).toBe(CUT + 18 * HOUR_MS);
      expect((await read('A4'))?.arithmetic.en).toContain(
        'now + place 2 x 480 min each (3 restored in the area within 24 h)',
      );
      expect(await read('A9')).toMatchObject({ expectedAt: null });
      expect(await read('A0')).toBeNull();
      await Promise.all([watchForecasts(held.db, POLICY), watchForecasts(held.db, POLICY)]);
      await watchForecasts(held.db, POLICY);
      const missed = await journalOf(held.db, ['reconnection_forecast_missed']);
      expect(missed.map(({ subjectId, data }) => [subjectId, data])).toEqual([
        [
          (await orderOf('A4'))?.id,
          expect.objectContaining({ expectedAt: CUT + 18 * HOUR_MS, dueAt: CUT + 65 * MINUTE_MS + 12 * HOUR_MS }),
        ],
      ]);
    });
  });

  describe('paid and without supply', () => {
    const dark = async (): Promise<string[]> =>
      (await listPaidButDark(held.db, null, null, 100)).map(
        ({ accountNo, darkReason }) => `${accountNo} ${darkReason}`,
      );
    const loseTransformer = async (started: number): Promise<void> => {
      await held.db.query(
        `with o as (insert into outage (state, nature, root_asset_id, area, started_at, known_at, policy_version)
           values ('confirmed', 'fault', 2, 'south', $1, $1, 1) returning id)
         insert into outage_transformer (outage_id, transformer_id, started_at, source, customers) select id, 2, $1, 'reading', 0 from o`,
        [at(started)],
      );
    };

    it('is one list by due instant: not restored, said to be and not, and kept dark by an outage', async () => {
      for (const [n, paid] of [90, 60, 70, 80].entries()) await pay(`A${n}`, { paidAt: CUT + paid * MINUTE_MS });
      await pay('A8', { paidAt: CUT + 65 * MINUTE_MS });
      await pay('A9', { paidAt: CUT + 66 * MINUTE_MS });
      await claim('A2', CUT + 100 * MINUTE_MS);
      await seenOpen('A2', CUT + 101 * MINUTE_MS);
      await claim('A3', CUT + 102 * MINUTE_MS);
      await claim('A8', CUT + 103 * MINUTE_MS, 'switch');
      await claim('A9', CUT + 104 * MINUTE_MS, 'power');
      expect(await dark()).toEqual(['A1 not_restored', 'A2 claim_refuted', 'A0 not_restored']);
      await loseTransformer(CUT + 50 * MINUTE_MS);
      // A9 had power after the restoration: an ordinary customer of that outage.
      expect(await dark()).toEqual(['A1 not_restored', 'A8 outage', 'A2 claim_refuted', 'A0 not_restored']);
      await held.db.query(
        `insert into transformer_state (transformer_id, supply, supply_since) values (1, 'dead', $1)`,
        [at(CUT + 110 * MINUTE_MS)],
      );
      expect(await dark()).toContain('A3 claimed_but_dead');
      await inTx((tx) => reversePayment(tx, POLICY, 'P-A1', { at: CUT + 110 * MINUTE_MS, reason: '退票' }, 'bank'));
      expect(await dark()).toEqual(['A8 outage', 'A2 claim_refuted', 'A3 claimed_but_dead', 'A0 not_restored']);
      expect((await listPaidButDark(held.db, 'south', null, 10)).map(({ accountNo }) => accountNo)).toEqual(['A8']);
    });
  });

  describe("a crew's way", () => {
    it('stands in the legs, once each, and in the journal', async () => {
      await pay('A0');
      const id = (await orderOf('A0'))?.id ?? 0;
      const assigned = { at: CUT + 70 * MINUTE_MS, by: '一班', note: '' };
      for (const _ of [1, 2]) await inTx((tx) => recordStep(tx, POLICY, id, 'crew_assigned', assigned, 'desk'));
      await inTx((tx) =>
        recordStep(tx, POLICY, id, 'crew_en_route', { ...assigned, at: CUT + 80 * MINUTE_MS }, 'desk'),
      );
      const order = await orderOf('A0');
      expect(order?.legs.filter(({ leg }) => leg.startsWith('crew'))).toEqual([
        { leg: 'crew_assigned', at: CUT + 70 * MINUTE_MS, source: '一班', quality: 'recorded' },
        { leg: 'crew_en_route', at: CUT + 80 * MINUTE_MS, source: '一班', quality: 'claimed' },
      ]);
      expect(await journalOf(held.db, ['reconnection_step'])).toHaveLength(2);
      expect((await listOrders(held.db, { ...ALL, crew: '一班' }, null, 10)).map((one) => one.id)).toEqual([id]);
    });
  });

  describe('a file of payments', () => {
    const rows = (...lines: Record<string, string>[]): RawRow[] =>
      lines.map((cells, index) => ({ line: index + 2, cells }));
    const line = (account: string, over: Record<string, string> = {}): Record<string, string> => ({
      external_id: `F-${account}`,
      account_no: account,
      paid_at: '2026-07-15T11:00:00+08:00',
      amount: '120.55',
      settled: 'yes',
      ...over,
    });
    const take = (raw: RawRow[]) => inTx((tx) => importPayments(tx, POLICY, raw, 'billing'));

    it('is taken twice as once, and each wrong line is named with its rule', async () => {
      const good = rows(line('A0'), line('A1', { settled: 'no', outstanding_penalty: '3.20' }), line('A8'));
      expect(await take(good)).toEqual({ accepted: 3, rejected: [] });
      expect(await take(good)).toEqual({ accepted: 3, rejected: [] });
      expect((await listOrders(held.db, ALL, null, 10)).map(({ accountNo }) => accountNo)).toEqual(['A0', 'A8']);
      expect(await journalOf(held.db, ['payment_received'])).toHaveLength(3);
      const { accepted, rejected } = await take(
        rows(
          line('A0', { amount: '121' }),
          line('nobody'),
          line('A2', { paid_at: '2026-08-15T11:00:00+08:00' }),
          line('A3', { amount: '1.005' }),
          line('A4', { external_id: 'F-A0' }),
          line('A5'),
        ),
      );
      expect(accepted).toBe(1);
      expect(rejected.map(({ line: number, reason }) => `${number}: ${reason}`)).toEqual([
        expect.stringContaining('2: payment F-A0 is on record with another amount'),
        expect.stringContaining('3: account nobody is not in the register'),
        expect.stringContaining('4: paid_at lies in the future; policy telemetry.futureToleranceMinutes'),
        expect.stringContaining('5: amount 1.005 has more than two decimals'),
        expect.stringContaining('6: external_id F-A0 stands on line 2 already'),
      ]);
    });

    it('and a single payment with the same number that come together are one payment', async () => {
      await Promise.all([
        take(rows(line('A0'))),
        pay('A0', { externalId: 'F-A0', amount: 120.55 }),
        take(rows(line('A0'))),
      ]);
      expect(await held.db.query('select 1 from payment')).toHaveLength(1);
      expect(await entries()).toEqual(['reconnection_ordered']);
    });
  });

  it('is brought in line once, whoever asks', async () => {
    await pay('A0');
    for (const _ of [1, 2]) await inTx((tx) => alignOrder(tx, POLICY, 1, 'system'));
    expect(await entries()).toEqual(['reconnection_ordered']);
  });
});
