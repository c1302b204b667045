import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stagesOf, startingPayment } from '../../src/domain/reconnection/promise.js';
import type { FullPayment, PromiseFacts } from '../../src/domain/reconnection/promise.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';

const { policy, sources } = readPolicyFile(builtInPolicyFile('csg'));
const HOUR = 3_600_000;
const CUT = Date.parse('2026-07-15T10:00:00+08:00');
/** Booked at once. */
const paid = (id: number, paidAt: number): FullPayment => ({
  id,
  paidAt,
  receivedAt: paidAt,
  clearedAt: paidAt,
  amount: 1,
});
const owed = [{ dueOn: '2026-06-01', clearedAt: null }];

const cut: PromiseFacts = {
  reason: 'arrears',
  plannedAt: CUT,
  noticeServedAt: CUT - 96 * HOUR,
  disconnectedAt: CUT,
  reconnectedAt: null,
  arrears: owed,
  payments: [],
};
const start = (change: Partial<PromiseFacts>): number | null =>
  startingPayment({ ...cut, ...change }, policy.disconnection)?.id ?? null;

describe('the promise to restore', () => {
  it.each<[string, Partial<PromiseFacts>, number | null]>([
    ['is not given before payment', {}, null],
    [
      'starts with the first payment in full after the cut',
      {
        payments: [paid(2, CUT + 9), paid(1, CUT + 5)],
      },
      1,
    ],
    ['is not given for a cut that is only planned', { disconnectedAt: null, payments: [paid(1, CUT + 5)] }, null],
    ['is not given for theft', { reason: 'theft', payments: [paid(1, CUT + 5)] }, null],
    [
      'is not given when supply was back before the payment',
      { reconnectedAt: CUT + 4, payments: [paid(1, CUT + 5)] },
      null,
    ],
    ['holds when supply was back after the payment', { reconnectedAt: CUT + 6, payments: [paid(1, CUT + 5)] }, 1],
    [
      'starts before the cut when the customer had paid between notice and cut and was cut all the same',
      { arrears: [{ dueOn: '2026-06-01', clearedAt: CUT - HOUR }], payments: [paid(1, CUT - HOUR)] },
      1,
    ],
    [
      'does not reach back to a payment before the notice',
      {
        arrears: [],
        payments: [paid(1, CUT - 97 * HOUR), paid(2, CUT + 1)],
      },
      2,
    ],
    ['does not reach back while something is owed', { payments: [paid(1, CUT - HOUR)] }, null],
  ])('%s', (_, change, expected) => {
    expect(start(change)).toBe(expected);
  });

  it('does not depend on the order in which payments become known', () => {
    const payments = fc.uniqueArray(
      fc
        .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: CUT - 100 * HOUR, max: CUT + 100 * HOUR }))
        .map(([id, paidAt]) => paid(id, paidAt)),
      { selector: (payment) => payment.id, maxLength: 8 },
    );
    fc.assert(
      fc.property(
        payments.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([a, b]) => {
          expect(start({ payments: a })).toBe(start({ payments: b }));
        },
      ),
    );
  });

  it('warns at half, three quarters and nine tenths of 12 h and is due at 12 h after payment', () => {
    expect(stagesOf(paid(1, CUT), policy, sources).map(({ stage, dueAt }) => [stage, (dueAt - CUT) / HOUR])).toEqual([
      ['50%', 6],
      ['75%', 9],
      ['90%', 10.8],
      ['due', 12],
    ]);
    expect(stagesOf(paid(1, CUT), policy, sources).at(-1)?.receipt).toMatchObject({
      start: CUT,
      limitMs: 12 * HOUR,
      profile: 'csg',
      source: expect.stringContaining('12 h') as unknown,
    });
  });

  it.each([
    ['paid', 0],
    ['received', 5],
    ['cleared', 9],
  ] as const)('counts from what the policy says: %s', (clockFrom, hours) => {
    const late = { paidAt: CUT, receivedAt: CUT + 5 * HOUR, clearedAt: CUT + 9 * HOUR, amount: 1 };
    const rules = { ...policy, reconnection: { ...policy.reconnection, clockFrom } };
    expect(stagesOf(late, rules, sources).at(-1)?.dueAt).toBe(CUT + (hours + 12) * HOUR);
  });

  it('says when the debt was settled without money', () => {
    expect(stagesOf({ ...paid(1, CUT), amount: 0 }, policy, sources).at(-1)?.receipt).toMatchObject({
      startMeaning: 'debt settled without a payment',
      due: CUT + 12 * HOUR,
    });
  });

  it.each([
    ['csg', 12],
    ['sgcc', 24],
  ] as const)('has the limit of its profile: %s %d h', (profile, hours) => {
    const loaded = readPolicyFile(builtInPolicyFile(profile));
    const due = stagesOf(paid(1, CUT), loaded.policy, loaded.sources).at(-1);
    expect([due?.dueAt, due?.receipt.profile]).toEqual([CUT + hours * HOUR, profile]);
  });
});
