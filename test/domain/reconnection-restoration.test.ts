import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { orderState, restorationOf } from '../../src/domain/reconnection/restoration.js';
import type { RestorationFact } from '../../src/domain/reconnection/restoration.js';

const fact = (kind: RestorationFact['kind'], at: number, source = 's'): RestorationFact => ({ kind, at, source });

describe('what is known of the return of supply', () => {
  it.each<[string, RestorationFact[], { claim: number | null; refuted: number | null; confirmed: number | null }]>([
    ['nothing', [], { claim: null, refuted: null, confirmed: null }],
    ["a crew's word alone confirms nothing", [fact('claim', 5)], { claim: 5, refuted: null, confirmed: null }],
    ['a switch read closed confirms', [fact('switch_closed', 7)], { claim: null, refuted: null, confirmed: 7 }],
    ['measured power confirms', [fact('power_on', 7)], { claim: null, refuted: null, confirmed: 7 }],
    [
      'the first of switch and power counts',
      [fact('power_on', 9), fact('switch_closed', 7)],
      { claim: null, refuted: null, confirmed: 7 },
    ],
    [
      'measurement is stronger than an earlier word',
      [fact('claim', 5), fact('switch_closed', 9)],
      { claim: 5, refuted: null, confirmed: 9 },
    ],
    [
      'measurement is stronger than a later word',
      [fact('claim', 9), fact('switch_closed', 5)],
      { claim: 9, refuted: null, confirmed: 5 },
    ],
    [
      'a switch measured open after the word refutes it',
      [fact('claim', 5), fact('switch_open', 6)],
      { claim: 5, refuted: 6, confirmed: null },
    ],
    [
      'a switch measured open before the word says nothing against it',
      [fact('switch_open', 4), fact('claim', 5)],
      { claim: 5, refuted: null, confirmed: null },
    ],
    [
      'a second word after the refuted one stands',
      [fact('claim', 5), fact('switch_open', 6), fact('claim', 8, 'other crew')],
      { claim: 8, refuted: null, confirmed: null },
    ],
    [
      'a refuted word is confirmed by nobody but measurement',
      [fact('claim', 5), fact('switch_open', 6), fact('switch_closed', 9)],
      { claim: 5, refuted: 6, confirmed: 9 },
    ],
    [
      'a switch that opens after it was measured closed is another story',
      [fact('claim', 5), fact('switch_closed', 6), fact('switch_open', 9)],
      { claim: 5, refuted: null, confirmed: 6 },
    ],
    [
      'power that comes with the transformer confirms a standing word at its own instant',
      [fact('claim', 5), fact('power_after_outage', 9)],
      { claim: 5, refuted: null, confirmed: 5 },
    ],
    [
      'power that comes with the transformer, without a word before, counts when it comes',
      [fact('power_after_outage', 9)],
      { claim: null, refuted: null, confirmed: 9 },
    ],
  ])('%s', (_, facts, expected) => {
    const { claim, refutedAt, confirmed } = restorationOf(facts);
    expect({ claim: claim?.at ?? null, refuted: refutedAt, confirmed: confirmed?.at ?? null }).toEqual(expected);
  });

  const facts = fc.array(
    fc.record({
      kind: fc.constantFrom<RestorationFact['kind']>(
        'claim',
        'switch_closed',
        'switch_open',
        'power_on',
        'power_after_outage',
      ),
      at: fc.integer({ min: 0, max: 12 }),
      source: fc.constantFrom('a', 'b'),
    }),
    { maxLength: 8 },
  );

  it('does not depend on the order in which facts arrive, nor on facts that come twice', () => {
    fc.assert(
      fc.property(
        facts.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([given, shuffled]) => {
          expect(restorationOf([...shuffled, ...shuffled])).toEqual(restorationOf(given));
        },
      ),
    );
  });

  it('is never confirmed by words, however many', () => {
    fc.assert(
      fc.property(facts, (list) => {
        const words = list.filter(({ kind }) => kind === 'claim' || kind === 'switch_open');
        expect(restorationOf(words).confirmed).toBeNull();
      }),
    );
  });
});

describe('the state of an order', () => {
  const DUE = 100;
  it.each([
    ['met: confirmed at the due instant itself', { restoredAt: DUE, claimedAt: null, breached: false }, 'met'],
    ['breached: confirmed a millisecond after', { restoredAt: DUE + 1, claimedAt: null, breached: false }, 'breached'],
    ['met: the news came after the limit', { restoredAt: DUE - 1, claimedAt: null, breached: true }, 'met'],
    ['breached: not restored when the limit passed', { restoredAt: null, claimedAt: null, breached: true }, 'breached'],
    ['open: nothing known, the limit is to come', { restoredAt: null, claimedAt: null, breached: false }, 'open'],
    ['claimed: a word in time, known in time', { restoredAt: null, claimedAt: DUE, breached: false }, 'claimed'],
    ['claimed: a word in time, known late', { restoredAt: null, claimedAt: DUE, breached: true }, 'claimed'],
    ['breached: even by its own word too late', { restoredAt: null, claimedAt: DUE + 1, breached: false }, 'breached'],
    [
      'breached: measurement shows that the word was too early',
      { restoredAt: DUE + 9, claimedAt: 5, breached: false },
      'breached',
    ],
    ['met: measurement shows that the word was too late', { restoredAt: 5, claimedAt: DUE + 9, breached: true }, 'met'],
  ] as const)('%s', (_, order, expected) => {
    expect(orderState({ dueAt: DUE, ...order })).toBe(expected);
  });
});
