import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assess } from '../../../src/domain/assess.js';
import { compareInputs, INITIAL_STATE } from '../../../src/domain/detector.js';
import type { DetectorFact, DetectorInput } from '../../../src/domain/detector.js';
import { MINUTE_MS } from '../../../src/domain/instants.js';
import { DEAD, episodesOf, INTERVAL_MS, minute, NORMAL, policy, readingAt, run, START } from './telling.js';

const volts = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(219, 220, 221) },
  { weight: 3, arbitrary: fc.constantFrom(240, 150, 197, 184, 131, 236, 199, 234) },
  { weight: 1, arbitrary: fc.constantFrom(0, 132, 176, 198, 235.4, 270, null) },
);
const picture = fc.oneof(
  fc.tuple(volts, volts, volts),
  fc.constantFrom(NORMAL, DEAD, [156, 84, 240] as const, [238, 237, 239] as const, [190, 191, 189] as const),
);
/** Stretches of the same picture, minutely, with gaps and events between them; no two inputs of a kind at one instant. */
const history: fc.Arbitrary<DetectorInput[]> = fc
  .array(
    fc.record({
      picture,
      readings: fc.integer({ min: 1, max: 25 }),
      gapMinutes: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 60, max: 3000 })),
      event: fc.option(fc.constantFrom('power_off' as const, 'power_on' as const), { freq: 6, nil: null }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((stretches) => {
    const inputs: DetectorInput[] = [];
    let now = START;
    for (const stretch of stretches) {
      for (let index = 0; index < stretch.readings; index += 1) {
        inputs.push(readingAt(now, stretch.picture));
        now += MINUTE_MS;
      }
      if (stretch.event !== null) inputs.push({ kind: stretch.event, ts: now - MINUTE_MS / 2 });
      now += (stretch.gapMinutes - 1) * MINUTE_MS;
    }
    return inputs;
  });

const key = (fact: DetectorFact): string => (fact.fact === 'supply_changed' ? 'supply' : `${fact.kind}:${fact.phase}`);

describe('the detector, for every history', () => {
  it('changes nothing when an input is repeated', () => {
    fc.assert(
      fc.property(history, (inputs) => {
        expect(run(inputs.flatMap((input) => [input, input, input]))).toEqual(run(inputs));
      }),
    );
  });

  it('comes to the same wherever the history is cut, also when the state was stored as JSON in between', () => {
    fc.assert(
      fc.property(history, fc.nat(), (inputs, cut) => {
        const at = cut % inputs.length;
        const first = run(inputs.slice(0, at));
        const stored = JSON.parse(JSON.stringify(first.state)) as typeof first.state;
        const second = run(inputs.slice(at), stored);
        expect({ state: second.state, facts: [...first.facts, ...second.facts] }).toEqual(run(inputs));
      }),
    );
  });

  it('comes to the same when the inputs were shuffled and sorted again', () => {
    fc.assert(
      fc.property(
        history.chain((inputs) =>
          fc.tuple(fc.constant(inputs), fc.shuffledSubarray(inputs, { minLength: inputs.length })),
        ),
        ([inputs, shuffled]) => {
          expect(run(shuffled.toSorted(compareInputs))).toEqual(run(inputs));
        },
      ),
    );
  });

  it('never lets a fact happen after its input, nor an end before its start', () => {
    fc.assert(
      fc.property(history, (inputs) => {
        let state = INITIAL_STATE;
        for (const input of inputs) {
          const result = assess(state, input, policy, INTERVAL_MS);
          state = result.state;
          for (const fact of result.facts) {
            const instants =
              fact.fact === 'supply_changed'
                ? [fact.at]
                : [fact.startedAt, fact.confirmedAt, fact.lastSeenAt, fact.endedAt ?? input.ts];
            for (const instant of instants) expect(instant).toBeLessThanOrEqual(input.ts);
            if (fact.fact !== 'supply_changed')
              expect(fact.endedAt ?? input.ts).toBeGreaterThanOrEqual(fact.lastSeenAt);
          }
        }
      }),
    );
  });

  it('tells a supply that follows from the one before, and opens, worsens and closes episodes in that order', () => {
    fc.assert(
      fc.property(history, (inputs) => {
        const { state, facts } = run(inputs);
        let supply = 'unknown';
        const open = new Set<string>();
        for (const fact of facts) {
          if (fact.fact === 'supply_changed') {
            expect(fact.from).toBe(supply);
            expect(fact.to).not.toBe(supply);
            supply = fact.to;
          } else {
            expect(open.has(key(fact))).toBe(fact.fact !== 'episode_opened');
            if (fact.fact === 'episode_opened') open.add(key(fact));
            if (fact.fact === 'episode_closed') open.delete(key(fact));
          }
        }
        expect(state.supply).toBe(supply);
        expect(new Set(Object.entries(state.signals ?? {}).flatMap(([name, s]) => (s.open ? [name] : [])))).toEqual(
          open,
        );
      }),
    );
  });

  it('takes no silence and no will for an outage or an episode, and forgets it when the data came late', () => {
    const noise = fc.array(
      fc.record({ after: fc.nat(), kind: fc.constantFrom('silence' as const, 'offline' as const) }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(history, noise, (inputs, silences) => {
        const withSilence = [...inputs];
        for (const { after, kind } of silences) {
          const place = after % inputs.length;
          const before = inputs[place];
          if (before === undefined) continue;
          withSilence.splice(withSilence.indexOf(before) + 1, 0, { kind, ts: before.ts + 1 });
        }
        const intervals = (facts: DetectorFact[]): string[] => lasting(facts).filter((text) => !text.endsWith('-'));
        const quiet = run(inputs).facts;
        const disturbed = run(withSilence).facts;
        expect(episodesOf(disturbed)).toEqual(episodesOf(quiet));
        expect(intervals(disturbed)).toEqual(intervals(quiet));
      }),
    );
  });

  it('finds no outage where every reading has voltage, whatever the gaps', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(gaps, picture, (minutes, seen) => {
        let now = 0;
        const inputs = minutes.map((gap) => readingAt(minute((now += gap)), seen));
        const dead = run(inputs).facts.filter((fact) => fact.fact === 'supply_changed' && fact.to === 'dead');
        fc.pre(seen.some((value) => value === null || value >= 132));
        expect(dead).toEqual([]);
      }),
    );
  });

  it('opens exactly when the hold time is over, whatever the steps of the readings', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 3 * INTERVAL_MS }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(steps, (lengths) => {
        let now = START;
        const inputs = [START, ...lengths.map((length) => (now += length))].map((ts) => readingAt(ts, [190, 220, 220]));
        const opened = episodesOf(run(inputs).facts);
        const holdMs = policy.voltage.holdMinutes * MINUTE_MS;
        expect(opened).toHaveLength(now - START >= holdMs ? 1 : 0);
        for (const fact of opened) expect(fact.confirmedAt).toBe(START + holdMs);
      }),
    );
  });

  it('keeps one episode open that is wrong three quarters of the time', () => {
    const stretches = fc.array(fc.integer({ min: 20, max: 600 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(stretches, (lengths) => {
        let now = 0;
        const inputs: DetectorInput[] = [];
        for (const length of lengths) {
          for (let index = 0; index < length; index += 1) inputs.push(readingAt(minute((now += 1)), [238, 220, 220]));
          for (let index = 0; index < Math.floor(length / 3); index += 1) {
            inputs.push(readingAt(minute((now += 1)), NORMAL));
          }
        }
        expect(episodesOf(run(inputs).facts)).toHaveLength(1);
      }),
    );
  });
});

/** Intervals without supply, `dead 5-9`; those of no length never were. */
function lasting(facts: readonly DetectorFact[]): string[] {
  const intervals: string[] = [];
  let open: { state: string; from: number } | null = null;
  for (const fact of facts) {
    if (fact.fact !== 'supply_changed') continue;
    if (open !== null && fact.at > open.from) intervals.push(`${open.state} ${open.from}-${fact.at}`);
    open = fact.to === 'live' ? null : { state: fact.to, from: fact.at };
  }
  if (open !== null) intervals.push(`${open.state} ${open.from}-`);
  return intervals;
}
