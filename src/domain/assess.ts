import { UNRATED } from './detector.js';
import type { Assess, DetectorFact, DetectorState, Rating, ReadingInput } from './detector.js';
import { signalsAfter } from './episodes.js';
import { limitsOf } from './limits.js';
import type { Limits } from './limits.js';
import { isLoadInBand } from './load-picture.js';
import { supplyAfter } from './supply.js';

/** Shared by all inputs that change nothing, which is nearly every one. */
const NO_FACTS: readonly DetectorFact[] = Object.freeze([]);

/** See the type. The uneventful reading is the hot path of ingestion: it allocates its answer and the new state, nothing else. */
export const assess: Assess = (state, given, policy, intervalMs, rating = UNRATED) => {
  if (state.lastTs !== null && given.ts < state.lastTs) return { state, facts: NO_FACTS };
  const limits = limitsOf(policy);
  const gapMs = limits.silenceIntervals * intervalMs;
  if (given.kind === 'reading' && isUneventful(state, given, limits, gapMs, rating)) {
    return { state: heardAt(state, given.ts), facts: NO_FACTS };
  }
  const input = given.kind === 'reading' ? inSinglePrecision(given) : given;
  const facts: DetectorFact[] = [];
  const { supply, supplySince, supplySource } = supplyAfter(state, input, limits, gapMs, facts);
  const isHeard = input.kind !== 'offline' && input.kind !== 'silence';
  return {
    state: {
      lastTs: isHeard ? input.ts : state.lastTs,
      supply,
      supplySince,
      supplySource,
      signals:
        input.kind === 'reading' ? signalsAfter(state.signals, input, { limits, rating, gapMs }, facts) : state.signals,
    },
    facts: facts.length === 0 ? NO_FACTS : facts,
  };
};

/** Live before, no gap, nothing remembered, all three phases and the load in band. */
function isUneventful(
  state: DetectorState,
  reading: ReadingInput,
  limits: Limits,
  gapMs: number,
  rating: Rating,
): boolean {
  const { ua, ub, uc } = reading;
  return (
    state.supply === 'live' &&
    state.signals === null &&
    state.lastTs !== null &&
    reading.ts - state.lastTs <= gapMs &&
    ua !== null &&
    ub !== null &&
    uc !== null &&
    isInBand(ua, limits) &&
    isInBand(ub, limits) &&
    isInBand(uc, limits) &&
    (rating.capacityKva === null || isLoadInBand(reading, rating, limits))
  );
}

/** In the normal band; also above the live limit, whatever odd limits a policy sets. */
function isInBand(measured: number, limits: Limits): boolean {
  const volts = Math.fround(measured);
  return volts >= limits.lowV && volts <= limits.highV && volts >= limits.liveV;
}

/** As the database keeps it, see limits.ts. */
const inSinglePrecision = ({ kind, ts, ua, ub, uc, ia, ib, ic, in: neutral, p, q }: ReadingInput): ReadingInput => ({
  kind,
  ts,
  ua: single(ua),
  ub: single(ub),
  uc: single(uc),
  ia: single(ia),
  ib: single(ib),
  ic: single(ic),
  in: single(neutral),
  p: single(p),
  q: single(q),
});

const single = (measured: number | null): number | null => (measured === null ? null : Math.fround(measured));

const heardAt = (state: DetectorState, ts: number): DetectorState => ({
  lastTs: ts,
  supply: state.supply,
  supplySince: state.supplySince,
  supplySource: state.supplySource,
  signals: state.signals,
});
