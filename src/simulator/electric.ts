import { chance } from './chance.js';
import type { PhaseName, SimCity, SimTransformer } from './city.js';
import type { VoltageIncident } from './incident.js';
import { loadShare, localMinute, sunShare } from './load-curve.js';

export type PhaseVolts = [number, number, number];

const PHASES: readonly PhaseName[] = ['A', 'B', 'C'];
/** Volts lost in the transformer and its low-voltage lines at full load, and what overload adds on top per unit above it. */
const TRANSFORMER_DROP_V = 9;
const OVERLOAD_DROP_V = 55;
const WANDER_V = 0.8;
const HALF_NOISE_V = 0.35;
/** What a measuring input shows on a dead phase. */
const INDUCED_V = 4;

/** Load of the transformer as share of its capacity. */
function loadAt(city: SimCity, transformer: SimTransformer, t: number): number {
  const minute = localMinute(t, city.utcOffsetMinutes);
  return transformer.peakShare * loadShare(transformer.load, minute);
}

/** Volts line to neutral at the transformer's low-voltage side while it has supply, without measuring noise. */
export function voltsAt(
  city: SimCity,
  transformer: SimTransformer,
  t: number,
  faults: readonly VoltageIncident[],
): PhaseVolts {
  const minute = localMinute(t, city.utcOffsetMinutes);
  const load = transformer.peakShare * loadShare(transformer.load, minute);
  const wander = WANDER_V * Math.sin(t / 2_900_000 + transformer.index);
  const source =
    transformer.noLoadV +
    wander -
    transformer.lineDropV * loadShare(transformer.load, minute) +
    transformer.sunRiseV * sunShare(minute);
  const overload = Math.max(0, load - 1) * OVERLOAD_DROP_V;
  const volts = transformer.phaseShares.map(
    (share) => source - TRANSFORMER_DROP_V * load * share - overload,
  ) as PhaseVolts;
  for (const fault of faults) applyFault(volts, fault);
  return volts;
}

function applyFault(volts: PhaseVolts, fault: VoltageIncident): void {
  fault.phases.forEach((phase, position) => {
    const index = PHASES.indexOf(phase) as 0 | 1 | 2;
    if (fault.fault === 'phase_loss') volts[index] = INDUCED_V;
    else if (fault.fault === 'low_voltage') volts[index] -= fault.volts;
    else if (fault.fault === 'high_voltage') volts[index] += fault.volts;
    else volts[index] += position === 0 ? -fault.volts : fault.volts * 0.8;
  });
}

/** The measured values of one reading, rounded as a terminal rounds them. */
export interface Measured {
  ua: number;
  ub: number;
  uc: number;
  ia: number;
  ib: number;
  ic: number;
  in: number;
  p: number;
  q: number;
  pf: number;
  f: number;
  temp: number;
}

const round = (value: number, places: number): number => Math.round(value * 10 ** places) / 10 ** places;

export function measure(city: SimCity, transformer: SimTransformer, t: number, volts: PhaseVolts): Measured {
  const minute = Math.floor(t / 60_000);
  const noise = (key: number): number => (chance(city.seed, transformer.index, minute, key) - 0.5) * 2;
  const load = loadAt(city, transformer, t);
  const [ua, ub, uc] = volts.map((v, n) => round(Math.max(0, v + noise(n) * HALF_NOISE_V), 1)) as PhaseVolts;
  const amperes = ([ua, ub, uc] as const).map((v, n) =>
    v < 30
      ? 0
      : round(
          ((load * transformer.capacityKva * 1000) / 3 / 220) *
            (transformer.phaseShares[n] ?? 1) *
            (1 + noise(n + 3) * 0.02),
          1,
        ),
  );
  const [ia = 0, ib = 0, ic = 0] = amperes;
  const pf = round(0.94 + noise(6) * 0.02, 2);
  const apparent = (ua * ia + ub * ib + uc * ic) / 1000;
  return {
    ua,
    ub,
    uc,
    ia,
    ib,
    ic,
    pf,
    in: round(Math.max(ia, ib, ic) - Math.min(ia, ib, ic), 1),
    p: round(apparent * pf, 2),
    q: round(apparent * Math.sqrt(1 - pf * pf), 2),
    f: round(50 + noise(7) * 0.03, 2),
    temp: round(35 + load * 30 + noise(8), 1),
  };
}
