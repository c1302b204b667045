import { describe, expect, it } from '@jest/globals';
import { compareInterruptions, interruptionsOf } from '../../src/domain/interruptions.js';
import type { SupplyInterval } from '../../src/domain/interruptions.js';

const interval = (
  state: 'dead' | 'unknown',
  startedAt: number,
  endedAt: number | null,
  endSource: string | null = endedAt === null ? null : 'power_on',
): SupplyInterval => ({ state, startedAt, endedAt, source: state === 'dead' ? 'power_off' : 'silence', endSource });

const brief = (intervals: SupplyInterval[]): unknown[] =>
  interruptionsOf(intervals).map(({ notBefore, startedAt, endedAt }) => [notBefore, startedAt, endedAt]);

describe('interruptions from supply intervals', () => {
  it.each<[string, SupplyInterval[], unknown[]]>([
    ['silence alone is none', [interval('unknown', 10, 20), interval('unknown', 30, null)], []],
    ['a dead interval is one', [interval('dead', 10, 20)], [[10, 10, 20]]],
    [
      'silence just before makes its begin uncertain',
      [interval('unknown', 5, 10, 'power_off'), interval('dead', 10, null)],
      [[5, 10, null]],
    ],
    ['silence long before does not', [interval('unknown', 5, 8), interval('dead', 10, null)], [[10, 10, null]]],
    [
      'a moment of measured supply ends it, even when silence follows at once',
      [interval('dead', 10, 20, 'reading'), interval('unknown', 20, 30, 'power_off'), interval('dead', 30, null)],
      [
        [10, 10, 20],
        [20, 30, null],
      ],
    ],
    [
      'a loss that fell silent goes on until supply is measured',
      [interval('dead', 10, 20, 'silence'), interval('unknown', 20, 50, 'reading')],
      [[10, 10, 50]],
    ],
    [
      'any order will do',
      [interval('dead', 30, null), interval('dead', 10, 20)],
      [
        [10, 10, 20],
        [30, 30, null],
      ],
    ],
  ])('%s', (_, intervals, expected) => {
    expect(brief(intervals)).toEqual(expected);
  });
});

describe('comparison with what is recorded', () => {
  const now = (startedAt: number, endedAt: number | null) => ({
    startedAt,
    notBefore: startedAt,
    endedAt,
    source: 'power_off',
    endSource: endedAt === null ? null : 'power_on',
  });
  const row = (
    rowId: number,
    startedAt: number,
    endedAt: number | null,
    endSource = endedAt === null ? null : 'power_on',
  ) => ({
    ...now(startedAt, endedAt),
    endSource,
    rowId,
  });

  it('finds nothing new when nothing is', () => {
    expect(compareInterruptions([row(1, 10, null)], [now(10, null)])).toEqual({
      changed: [],
      added: [],
      withdrawn: [],
    });
  });

  it('takes an overlapping interruption for the same one, a separate one for new, a vanished one for withdrawn', () => {
    const changes = compareInterruptions([row(1, 10, null), row(2, 1, 3)], [now(8, 20), now(30, null)]);
    expect(changes).toEqual({ changed: [{ rowId: 1, to: now(8, 20) }], added: [now(30, null)], withdrawn: [2] });
  });

  it('splits a row when supply turns out to have been there between: the part with the begin goes on', () => {
    const changes = compareInterruptions([row(1, 10, 100)], [now(10, 20), now(30, 100)]);
    expect(changes.changed).toEqual([{ rowId: 1, to: now(10, 20) }]);
    expect(changes.added).toEqual([now(30, 100)]);
  });

  it("lets a dispatcher's word stand until power is measured", () => {
    expect(compareInterruptions([row(1, 10, 50, 'dispatcher')], [now(10, null)]).changed).toEqual([]);
    expect(compareInterruptions([row(1, 10, 50, 'dispatcher')], [now(10, 60)]).changed).toEqual([
      { rowId: 1, to: now(10, 60) },
    ]);
  });
});
