import { assess } from '../../../src/domain/assess.js';
import { INITIAL_STATE, UNRATED } from '../../../src/domain/detector.js';
import type { DetectorFact, DetectorInput, DetectorState, EpisodeFact, Rating } from '../../../src/domain/detector.js';
import { MINUTE_MS } from '../../../src/domain/instants.js';
import { builtInPolicyFile, readPolicyFile } from '../../../src/policy-file.js';

export const { policy } = readPolicyFile(builtInPolicyFile('csg'));
export const INTERVAL_MS = MINUTE_MS;
/** Minute 0 of the tests. */
export const START = Date.parse('2026-07-15T00:00:00+08:00');
export const minute = (minutes: number): number => START + minutes * MINUTE_MS;

export type Volts = readonly [number | null, number | null, number | null];
export const NORMAL: Volts = [220, 221, 219];
export const DEAD: Volts = [0, 0, 0];

const NOT_MEASURED = { ia: null, ib: null, ic: null, in: null, p: null, q: null };
export const readingAt = (ts: number, [ua, ub, uc]: Volts): DetectorInput => ({
  kind: 'reading',
  ts,
  ua,
  ub,
  uc,
  ...NOT_MEASURED,
});

/** One reading a minute, from one minute to the other inclusive. */
export const minutely = (from: number, to: number, volts: Volts): DetectorInput[] =>
  Array.from({ length: to - from + 1 }, (_, index) => readingAt(minute(from + index), volts));

export function run(
  inputs: readonly DetectorInput[],
  state: DetectorState = INITIAL_STATE,
  intervalMs = INTERVAL_MS,
  rating: Rating = UNRATED,
): { state: DetectorState; facts: DetectorFact[] } {
  const facts: DetectorFact[] = [];
  for (const input of inputs) {
    const result = assess(state, input, policy, intervalMs, rating);
    state = result.state;
    facts.push(...result.facts);
  }
  return { state, facts };
}

/** `live@0 unknown@5 ...`, minutes. */
export const suppliesOf = (facts: readonly DetectorFact[]): string =>
  facts
    .flatMap((fact) => (fact.fact === 'supply_changed' ? [`${fact.to}@${(fact.at - START) / MINUTE_MS}`] : []))
    .join(' ');

export const episodesOf = (facts: readonly DetectorFact[]): EpisodeFact[] =>
  facts.filter((fact) => fact.fact !== 'supply_changed');

/** `opened low_voltage:A minor 0-` or `closed ... 0-30`, minutes. */
export const tell = (facts: readonly DetectorFact[]): string[] =>
  episodesOf(facts).map(
    (fact) =>
      `${fact.fact.replace('episode_', '')} ${fact.kind}:${fact.phase} ${fact.severity} ${(fact.startedAt - START) / MINUTE_MS}-` +
      (fact.endedAt === null ? '' : (fact.endedAt - START) / MINUTE_MS),
  );
