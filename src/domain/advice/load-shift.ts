/** Capacities of distribution transformers in kVA: the preferred numbers (R10) of GB/T 6451 and GB/T 17468. */
const CAPACITIES_KVA = [
  30, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1_000, 1_250, 1_600, 2_000, 2_500,
];

export interface LoadShift {
  /** Peak load as a share of the capacity. */
  load: number;
  /** What must leave the transformer at the peak. */
  shiftKva: number;
  /** The same per phase at 220 V. */
  shiftAmperes: number;
  /** The smallest standard capacity that would carry the peak; null = none is large enough. */
  neededKva: number | null;
}

/** How much load is too much; null below the limit. */
export function shiftLoad(peakKva: number, capacityKva: number, limitShare: number): LoadShift | null {
  const load = peakKva / capacityKva;
  if (load < limitShare) return null;
  const shiftKva = peakKva - limitShare * capacityKva;
  return {
    load,
    shiftKva,
    shiftAmperes: (shiftKva * 1_000) / (3 * 220),
    neededKva: CAPACITIES_KVA.find((kva) => kva > capacityKva && peakKva <= limitShare * kva) ?? null,
  };
}
