import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareInputs } from '../../../src/domain/detector.js';
import type { DetectorInput, DetectorState, Rating } from '../../../src/domain/detector.js';
import { MINUTE_MS } from '../../../src/domain/instants.js';
import { episodesOf, minute, NORMAL, policy, readingAt, run as runRated } from './telling.js';
import type { Volts } from './telling.js';

const QUARTER_MS = 15 * MINUTE_MS;
const RATED: Rating = { capacityKva: 100, connection: 'Dyn11' };
const run = (inputs: readonly DetectorInput[], state?: DetectorState) => runRated(inputs, state, QUARTER_MS, RATED);

const NOTHING = { ia: null, ib: null, ic: null, in: null, p: null, q: null };
const load = fc.constantFrom(
  NOTHING,
  { ...NOTHING, p: 40, q: 10 },
  { ...NOTHING, p: 77, q: 0 },
  { ...NOTHING, p: 80, q: 0 },
  { ...NOTHING, p: 120, q: 5 },
  { ...NOTHING, p: 160, q: 0 },
  { ia: 100, ib: 90, ic: 60, p: 58, q: 3 },
  { ia: 100, ib: 99, ic: 30, p: null, q: null },
  { ia: 90, ib: 89, ic: 88, p: 61, q: 0 },
  { ia: 20, ib: 1, ic: 1, p: 5, q: 0 },
  { ia: 100, ib: 90, ic: 80, in: 60, p: 60, q: 3 },
  { ia: 30, ib: 30, ic: 30, in: 61.5, p: 20, q: 0 },
);
const volts = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Volts>(NORMAL) },
  { weight: 1, arbitrary: fc.constantFrom<Volts>([172, 262, 219], [0, 0, 0], [3, 220, 219], [190, 221, 219]) },
);
/** Stretches of one picture, every quarter of an hour, with gaps between them. */
const history: fc.Arbitrary<DetectorInput[]> = fc
  .array(
    fc.record({
      volts,
      load,
      readings: fc.integer({ min: 1, max: 14 }),
      gap: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 200 })),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((stretches) => {
    const inputs: DetectorInput[] = [];
    let quarter = 0;
    for (const stretch of stretches) {
      for (let index = 0; index < stretch.readings; index += 1, quarter += 1)
        inputs.push({ ...readingAt(minute(15 * quarter), stretch.volts), ...stretch.load });
      quarter += stretch.gap - 1;
    }
    return inputs;
  });

describe('load, unbalance and neutral, for every history', () => {
  it('come to the same when inputs are repeated', () => {
    fc.assert(
      fc.property(history, (inputs) => {
        expect(run(inputs.flatMap((input) => [input, input]))).toEqual(run(inputs));
      }),
    );
  });

  it('come to the same wherever the history is cut, also when the state was stored as JSON in between', () => {
    fc.assert(
      fc.property(history, fc.nat(), (inputs, cut) => {
        const at = cut % inputs.length;
        const first = run(inputs.slice(0, at));
        const second = run(inputs.slice(at), JSON.parse(JSON.stringify(first.state)) as DetectorState);
        expect({ state: second.state, facts: [...first.facts, ...second.facts] }).toEqual(run(inputs));
      }),
    );
  });

  it('come to the same in any order of arrival', () => {
    const shuffled = history.chain((inputs) =>
      fc.tuple(fc.constant(inputs), fc.shuffledSubarray(inputs, { minLength: inputs.length })),
    );
    fc.assert(
      fc.property(shuffled, ([inputs, mixed]) => {
        expect(run(mixed.toSorted(compareInputs))).toEqual(run(inputs));
      }),
    );
  });

  it('come to the same from what single precision made of the readings', () => {
    const given = fc.record({
      p: fc.float({ min: 79, max: 81, noNaN: true }),
      q: fc.double({ min: 0, max: 5, noNaN: true }),
    });
    fc.assert(
      fc.property(given, ({ p, q }) => {
        const inputs = (power: { p: number; q: number }) =>
          Array.from({ length: 10 }, (_, index) => ({ ...readingAt(minute(15 * index), NORMAL), ...power }));
        const stored = run(inputs({ p: Math.fround(p), q: Math.fround(q) }));
        expect(run(inputs({ p, q }))).toEqual(stored);
      }),
    );
  });

  it('open and close in turn, and what is open stands in the state', () => {
    fc.assert(
      fc.property(history, (inputs) => {
        const { state, facts } = run(inputs);
        const open = new Set<string>();
        for (const fact of episodesOf(facts)) {
          const key = `${fact.kind}:${fact.phase}`;
          expect(open.has(key)).toBe(fact.fact !== 'episode_opened');
          if (fact.fact === 'episode_opened') open.add(key);
          if (fact.fact === 'episode_closed') open.delete(key);
        }
        const held = Object.entries(state.signals ?? {}).filter(([, signal]) => signal.open);
        expect(new Set(held.map(([key]) => key))).toEqual(open);
      }),
    );
  });

  it('make a band of overload of two hours in a row of it, no more and no less', () => {
    const shares = fc.array(fc.constantFrom(90, 90, 120, 120, 120, 160), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(shares, (percents) => {
        const inputs = percents.map((p, index) => ({ ...readingAt(minute(15 * index), NORMAL), p, q: 0 }));
        const longest = (limit: number): number => {
          let [best, current] = [0, 0];
          for (const p of percents) best = Math.max(best, (current = p > limit ? current + 1 : 0));
          return (best - 1) * QUARTER_MS;
        };
        const holdMs = policy.load.holdMinutes * MINUTE_MS;
        const expected =
          longest(150) >= holdMs
            ? 'critical'
            : longest(100) >= holdMs
              ? 'major'
              : longest(80) >= holdMs
                ? 'minor'
                : undefined;
        expect(episodesOf(run(inputs).facts).at(-1)?.severity).toBe(expected);
      }),
    );
  });
});
