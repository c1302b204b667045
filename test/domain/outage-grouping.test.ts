import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assignGroups } from '../../src/domain/outage-assignment.js';
import { groupDead } from '../../src/domain/outage-grouping.js';
import type { DeadTransformer, OutageGroup } from '../../src/domain/outage-grouping.js';

const MINUTE = 60_000;
const RULES = { windowMs: 5 * MINUTE, share: 0.5, minTransformers: 2, returnMs: 10 * MINUTE, momentaryMs: 3 * MINUTE };

/** Feeders 1..; sections 10 x feeder + s; transformers 100 x section + t. */
const placed = (feeder: number, section: number, t: number): number[] => [
  feeder,
  feeder * 10 + section,
  (feeder * 10 + section) * 100 + t,
];
const dead = (path: number[], since = 0, more: Partial<DeadTransformer> = {}): DeadTransformer => ({
  transformerId: path.at(-1) ?? 0,
  path,
  since,
  notBefore: since,
  endedAt: null,
  outageId: null,
  window: null,
  ...more,
});
const totalsOf = (feeders: number, sections: number, transformers: number): Map<number, number> => {
  const totals = new Map<number, number>();
  for (let f = 1; f <= feeders; f += 1) {
    totals.set(f, sections * transformers);
    for (let s = 1; s <= sections; s += 1) totals.set(f * 10 + s, transformers);
  }
  return totals;
};
const shape = (groups: readonly OutageGroup[]): string[] =>
  groups
    .map(
      ({ rootAssetId, members }) =>
        `${rootAssetId}: ${members
          .map((m) => `${m.transformerId}@${m.since}`)
          .sort()
          .join(' ')}`,
    )
    .sort();

describe('grouping of dead transformers', () => {
  const totals = totalsOf(3, 3, 4);
  const roots = (losses: DeadTransformer[]): number[] =>
    groupDead(losses, totals, RULES)
      .map(({ rootAssetId }) => rootAssetId)
      .sort((a, b) => a - b);

  it.each<[string, DeadTransformer[], number[]]>([
    ['one transformer is its own outage', [dead(placed(1, 1, 1))], [1101]],
    ['half of a section is the section', [dead(placed(1, 1, 1)), dead(placed(1, 1, 2))], [11]],
    ['half of a feeder, all in one section, is the section', [1, 2, 3, 4].map((t) => dead(placed(1, 1, t))), [11]],
    [
      'half of a feeder in two sections is the feeder',
      [1, 2, 3].flatMap((t) => [dead(placed(1, 1, t)), dead(placed(1, 2, t))]),
      [1],
    ],
    ['less than half of either is two transformers', [dead(placed(1, 1, 1)), dead(placed(1, 2, 1))], [1101, 1201]],
    ['five minutes apart belong together', [dead(placed(1, 1, 1)), dead(placed(1, 1, 2), 5 * MINUTE)], [11]],
    ['a millisecond more does not', [dead(placed(1, 1, 1)), dead(placed(1, 1, 2), 5 * MINUTE + 1)], [1101, 1102]],
    [
      'a reading that came late after the loss is placed by its reporting interval',
      [dead(placed(1, 1, 1)), dead(placed(1, 1, 2), 15 * MINUTE, { notBefore: 0 })],
      [11],
    ],
    [
      'feeders never join, even all of them',
      [1, 2, 3].flatMap((f) => [1, 2, 3].flatMap((s) => [1, 2, 3, 4].map((t) => dead(placed(f, s, t))))),
      [1, 2, 3],
    ],
    [
      'a transformer in a planned window belongs to the work alone',
      [
        dead(placed(1, 1, 1), 0, { window: { plannedOutageId: 7, assetId: 11 } }),
        dead(placed(1, 1, 2)),
        dead(placed(1, 1, 3)),
      ],
      [11, 11],
    ],
  ])('%s', (_, losses, expected) => {
    expect(roots(losses)).toEqual(expected);
  });

  const loss = fc
    .record({
      f: fc.integer({ min: 1, max: 3 }),
      s: fc.integer({ min: 1, max: 3 }),
      t: fc.integer({ min: 1, max: 4 }),
      since: fc.integer({ min: 0, max: 30 }),
      late: fc.integer({ min: 0, max: 3 }),
      length: fc.option(fc.integer({ min: 1, max: 8 })),
    })
    .map(({ f, s, t, since, late, length }) =>
      dead(placed(f, s, t), since * MINUTE, {
        notBefore: (since - late) * MINUTE,
        endedAt: length === null ? null : (since + length) * MINUTE,
      }),
    );

  it('puts every loss into exactly one group, whose root lies above it, and gives the same groups for any order', () => {
    fc.assert(
      fc.property(
        fc
          .array(loss, { maxLength: 60 })
          .chain((losses) => fc.tuple(fc.constant(losses), fc.shuffledSubarray(losses, { minLength: losses.length }))),
        ([losses, shuffled]) => {
          const groups = groupDead(losses, totals, RULES);
          const members = groups.flatMap((group) => group.members);
          expect(members).toHaveLength(losses.length);
          expect(new Set(members).size).toBe(new Set(losses).size);
          for (const { rootAssetId, members: below } of groups)
            for (const { path } of below) expect(path).toContain(rootAssetId);
          expect(shape(groupDead(shuffled, totals, RULES))).toEqual(shape(groups));
        },
      ),
    );
  });

  it('never takes apart what it put together before more was known', () => {
    fc.assert(
      fc.property(fc.array(loss, { maxLength: 40 }), fc.array(loss, { maxLength: 20 }), (early, more) => {
        const homeOf = new Map<DeadTransformer, OutageGroup>();
        for (const group of groupDead([...early, ...more], totals, RULES))
          for (const member of group.members) homeOf.set(member, group);
        for (const { members } of groupDead(early, totals, RULES))
          expect(new Set(members.map((member) => homeOf.get(member))).size).toBe(1);
      }),
    );
  });

  it('ends at the same outages whether losses come one by one or all at once', () => {
    fc.assert(
      fc.property(fc.array(loss, { maxLength: 25 }), (losses) => {
        let held: DeadTransformer[] = [];
        let standing: { id: number; rootAssetId: number; plannedOutageId: null; startedAt: number }[] = [];
        let nextId = 1;
        for (const next of losses) {
          const groups = groupDead([...held, next], totals, RULES);
          const assignments = assignGroups(groups, standing);
          held = [];
          standing = assignments.map(({ group, outageId, rootAssetId }) => {
            const id = outageId ?? nextId++;
            held.push(...group.members.map((member) => ({ ...member, outageId: id })));
            return {
              id,
              rootAssetId,
              plannedOutageId: null,
              startedAt: Math.min(...group.members.map((m) => m.since)),
            };
          });
        }
        const step = standing.map(({ id, rootAssetId }) => ({
          rootAssetId,
          plannedOutageId: null,
          members: held.filter(({ outageId }) => outageId === id),
        }));
        expect(shape(step)).toEqual(shape(groupDead(losses, totals, RULES)));
      }),
    );
  });

  it('handles 50,000 transformers dead at once', () => {
    const losses: DeadTransformer[] = [];
    const many = new Map<number, number>();
    for (let f = 0; f < 500; f += 1) {
      many.set(1_000_000 + f, 100);
      for (let s = 0; s < 10; s += 1) {
        many.set(2_000_000 + f * 10 + s, 10);
        for (let t = 0; t < 10; t += 1)
          losses.push(dead([1_000_000 + f, 2_000_000 + f * 10 + s, f * 100 + s * 10 + t], t * 1_000));
      }
    }
    const groups = groupDead(losses, many, RULES);
    expect(groups).toHaveLength(500);
    expect(assignGroups(groups, [])).toHaveLength(500);
  });
});

describe('supply that goes again', () => {
  const totals = totalsOf(1, 2, 3);
  const first = dead(placed(1, 1, 1), 0, { endedAt: 60 * MINUTE });
  const again = (since: number, more: Partial<DeadTransformer> = {}): DeadTransformer =>
    dead(placed(1, 1, 1), since * MINUTE, more);
  const window = { plannedOutageId: 3, assetId: 11 };

  it.each<[string, DeadTransformer[], string[]]>([
    ['ten minutes after it was back is one trouble', [first, again(70)], ['1101: 1101@0 1101@4200000']],
    ['later is the next trouble', [first, again(71)], ['1101: 1101@0', '1101: 1101@4260000']],
    [
      'after a momentary one is the next trouble',
      [{ ...first, endedAt: 3 * MINUTE }, again(12)],
      ['1101: 1101@0', '1101: 1101@720000'],
    ],
    [
      'takes with it what is grouped with it',
      [first, again(62), dead(placed(1, 1, 2), 63 * MINUTE)],
      ['11: 1101@0 1101@3720000 1102@3780000'],
    ],
    [
      'twice is still the same trouble',
      [first, again(62, { endedAt: 70 * MINUTE }), again(75)],
      ['1101: 1101@0 1101@3720000 1101@4500000'],
    ],
    ['in a planned work is the work', [first, again(65, { window })], ['1101: 1101@0', '11: 1101@3900000']],
  ])('%s', (_, losses, expected) => {
    expect(shape(groupDead(losses, totals, RULES))).toEqual(expected.toSorted());
  });
});

describe('assignment of groups to outages', () => {
  const group = (outageIds: (number | null)[], rootAssetId = 11): OutageGroup => ({
    rootAssetId,
    plannedOutageId: null,
    members: outageIds.map((outageId, index) => dead(placed(1, 1, index), 0, { outageId })),
  });
  const standing = (id: number, startedAt: number, rootAssetId = 11) => ({
    id,
    startedAt,
    rootAssetId,
    plannedOutageId: null,
  });

  it('lets the eldest go on and merges the others into it', () => {
    const [assignment] = assignGroups([group([4, 3, null])], [standing(3, 100), standing(4, 50)]);
    expect(assignment).toMatchObject({ outageId: 4, mergedIds: [3] });
  });

  it('gives an outage to the group with most of its members; the other becomes new', () => {
    const assignments = assignGroups([group([5]), group([5, 5])], [standing(5, 0)]);
    expect(assignments.map(({ outageId }) => outageId)).toEqual([null, 5]);
  });

  it('does not narrow a root that covers the group', () => {
    expect(assignGroups([group([6], 11)], [standing(6, 0, 1)])[0]?.rootAssetId).toBe(1);
    expect(assignGroups([group([6], 11)], [standing(6, 0, 2)])[0]?.rootAssetId).toBe(11);
  });
});
