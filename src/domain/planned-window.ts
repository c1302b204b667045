/** A planned work on one asset. Instants are epoch milliseconds. */
export interface PlannedWindow {
  plannedOutageId: number;
  assetId: number;
  startsAt: number;
  endsAt: number;
}

/**
 * The planned work that a loss of supply belongs to: one on the transformer or an asset above it, whose window the loss began in.
 * Crews may switch a little before the hour: a loss up to `earlyMs` before the window counts as the work's. Of several the one
 * highest in the network is taken, then the earliest. Pure.
 * @param path from the root of the network down to the transformer
 */
export function windowOf(
  path: readonly number[],
  since: number,
  windows: ReadonlyMap<number, readonly PlannedWindow[]>,
  earlyMs: number,
): PlannedWindow | null {
  for (const assetId of path) {
    const fitting = (windows.get(assetId) ?? []).filter(
      ({ startsAt, endsAt }) => since >= startsAt - earlyMs && since < endsAt,
    );
    const [first] = fitting.toSorted((a, b) => a.startsAt - b.startsAt || a.plannedOutageId - b.plannedOutageId);
    if (first !== undefined) return first;
  }
  return null;
}
