import type { DetectorFact, DetectorInput, DetectorState, ReadingInput } from './detector.js';
import type { Supply } from './journal-entry.js';
import type { Limits } from './limits.js';

type SupplyState = Pick<DetectorState, 'supply' | 'supplySince' | 'supplySource'>;

/**
 * Supply after one input; what changed is added to `facts`.
 * - A power_off event or three phases below 60 % make dead, a power_on event or any phase at 80 % makes live, between: keep.
 * - No input for longer than `gapMs`: unknown from the last input on, until an input says otherwise. Dead stays dead: after a last gasp
 *   or a dead reading silence is what an outage looks like. Silence itself never makes dead.
 * - A power_on without its power_off only ends what was unknown: when supply was lost is not known, so nothing is made up.
 */
export function supplyAfter(
  state: DetectorState,
  input: DetectorInput,
  limits: Limits,
  gapMs: number,
  facts: DetectorFact[],
): SupplyState {
  let now: SupplyState = state;
  const change = (to: Supply, at: number, source: string): void => {
    facts.push({ fact: 'supply_changed', at, from: now.supply, to, source });
    now = { supply: to, supplySince: at, supplySource: source };
  };
  const heardAt = state.lastTs;
  if (input.kind === 'offline' || input.kind === 'silence') {
    if (now.supply === 'live' && heardAt !== null) change('unknown', heardAt, input.kind);
    return now;
  }
  if (isUnheard(now) && now.supplySince !== null && input.ts - now.supplySince <= gapMs) {
    // It was only late: in event time there is no gap, so supply never was unknown, whenever the messages came.
    change('live', now.supplySince, input.kind);
  }
  if (now.supply === 'live' && heardAt !== null && input.ts - heardAt > gapMs) change('unknown', heardAt, 'silence');
  const measured = verdict(input, limits);
  if (measured !== null && measured !== now.supply) change(measured, input.ts, input.kind);
  return now;
}

/** Unknown because nothing was heard; before the first input it is unknown for another reason. */
export const isUnheard = (state: SupplyState): boolean =>
  state.supply === 'unknown' && (state.supplySource === 'silence' || state.supplySource === 'offline');

function verdict(input: DetectorInput, limits: Limits): 'live' | 'dead' | null {
  if (input.kind === 'power_off') return 'dead';
  if (input.kind === 'power_on') return 'live';
  if (input.kind !== 'reading') return null;
  if (isAnyLive(input, limits)) return 'live';
  return isDead(input.ua, limits) && isDead(input.ub, limits) && isDead(input.uc, limits) ? 'dead' : null;
}

const isDead = (volts: number | null, limits: Limits): boolean => volts !== null && volts < limits.deadV;

/** True when any phase is supplied. `null >= number` would be a comparison with 0; limits are above it, so null is never live. */
export function isAnyLive({ ua, ub, uc }: ReadingInput, { liveV }: Limits): boolean {
  return (ua !== null && ua >= liveV) || (ub !== null && ub >= liveV) || (uc !== null && uc >= liveV);
}
