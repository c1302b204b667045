import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { orderState, stagesOf, startingPayment } from '../../src/domain/reconnection/promise.js';
import type { PromiseFacts } from '../../src/domain/reconnection/promise.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';

const { policy, sources } = readPolicyFile(builtInPolicyFile('csg'));
const HOUR = 3_600_000;
const CUT = Date.parse('2026-07-15T10:00:00+08:00');
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
        payments: [
          { id: 2, paidAt: CUT + 9 },
          { id: 1, paidAt: CUT + 5 },
        ],
      },
      1,
    ],
    [
      'is not given for a cut that is only planned',
      { disconnectedAt: null, payments: [{ id: 1, paidAt: CUT + 5 }] },
      null,
    ],
    ['is not given for theft', { reason: 'theft', payments: [{ id: 1, paidAt: CUT + 5 }] }, null],
    [
      'is not given when supply was back before the payment',
      { reconnectedAt: CUT + 4, payments: [{ id: 1, paidAt: CUT + 5 }] },
      null,
    ],
    [
      'holds when supply was back after the payment',
      { reconnectedAt: CUT + 6, payments: [{ id: 1, paidAt: CUT + 5 }] },
      1,
    ],
    [
      'starts before the cut when the customer had paid between notice and cut and was cut all the same',
      { arrears: [{ dueOn: '2026-06-01', clearedAt: CUT - HOUR }], payments: [{ id: 1, paidAt: CUT - HOUR }] },
      1,
    ],
    [
      'does not reach back to a payment before the notice',
      {
        arrears: [],
        payments: [
          { id: 1, paidAt: CUT - 97 * HOUR },
          { id: 2, paidAt: CUT + 1 },
        ],
      },
      2,
    ],
    ['does not reach back while something is owed', { payments: [{ id: 1, paidAt: CUT - HOUR }] }, null],
  ])('%s', (_, change, expected) => {
    expect(start(change)).toBe(expected);
  });

  it('does not depend on the order in which payments become known', () => {
    const payments = fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 1, max: 50 }),
        paidAt: fc.integer({ min: CUT - 100 * HOUR, max: CUT + 100 * HOUR }),
      }),
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
    expect(stagesOf(CUT, policy, sources).map(({ stage, dueAt }) => [stage, (dueAt - CUT) / HOUR])).toEqual([
      ['50%', 6],
      ['75%', 9],
      ['90%', 10.8],
      ['due', 12],
    ]);
    expect(stagesOf(CUT, policy, sources).at(-1)?.receipt).toMatchObject({
      start: CUT,
      limitMs: 12 * HOUR,
      profile: 'csg',
      source: expect.stringContaining('12 h') as unknown,
    });
  });

  it.each([
    ['in time at the due instant itself', { dueAt: CUT, restoredAt: CUT, breached: false }, 'met'],
    ['late a millisecond after', { dueAt: CUT, restoredAt: CUT + 1, breached: false }, 'breached'],
    ['in time when the news of it came after the limit', { dueAt: CUT, restoredAt: CUT - 1, breached: true }, 'met'],
    ['breached while it is not restored', { dueAt: CUT, restoredAt: null, breached: true }, 'breached'],
  ])('is %s', (_, order, expected) => {
    expect(orderState(order)).toBe(expected);
  });
});
