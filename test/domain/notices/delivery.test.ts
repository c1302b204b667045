import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backoffMs, decide } from '../../../src/domain/notices/delivery.js';
import type { Attempt, Decision, Outcome } from '../../../src/domain/notices/delivery.js';

const NOW = 1_000_000;
const accepted: Outcome = { result: 'accepted', reference: 'r' };
const refused: Outcome = { result: 'refused', reason: 'bad number' };
const failed: Outcome = { result: 'failed', reason: 'HTTP 503', maybeAccepted: false };
const lost: Outcome = { result: 'failed', reason: 'no answer', maybeAccepted: true };
const first: Attempt = { provider: 'a', idempotent: true, attempt: 1, maxAttempts: 4, maybeTold: false };

const cases: [string, Outcome, Partial<Attempt>, Decision][] = [
  ['an accepted message is done', accepted, {}, { next: 'accepted' }],
  ['a refused message goes to the call list at once', refused, {}, { next: 'call_list' }],
  ['what the first provider did not take, the second one gets', failed, {}, { next: 'other_provider', provider: 'b' }],
  [
    'what the last provider did not take is tried later',
    failed,
    { provider: 'b' },
    { next: 'retry', at: NOW + 30_000 },
  ],
  ['the last attempt ends on the call list', failed, { provider: 'b', attempt: 4 }, { next: 'call_list' }],
  ['a lost answer is asked again of the same provider', lost, {}, { next: 'retry', at: NOW + 30_000 }],
  ['a lost answer of a provider without keys is not tried again', lost, { idempotent: false }, { next: 'unknown' }],
  ['after a lost answer no other provider gets it', failed, { maybeTold: true }, { next: 'retry', at: NOW + 30_000 }],
];

describe('decide', () => {
  it.each(cases)('%s', (_, outcome, attempt, decision) => {
    expect(decide(outcome, { ...first, ...attempt }, ['a', 'b'], NOW)).toEqual(decision);
  });

  it('gives a message that may have been taken to no other provider, whatever happens', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(accepted, refused, failed, lost),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (outcome, idempotent, attempt) => {
          const decision = decide(outcome, { ...first, idempotent, attempt, maybeTold: true }, ['a', 'b', 'c'], NOW);
          expect(decision.next).not.toBe('other_provider');
        },
      ),
    );
  });

  it('waits longer each time, half an hour at most', () => {
    expect([1, 2, 3, 4, 9].map(backoffMs)).toEqual([30_000, 120_000, 480_000, 1_800_000, 1_800_000]);
  });
});
