import { HOUR_MS } from './instants.js';
import type { OutageNature } from './journal-entry.js';
import type { Policy } from './policy.js';

/** A work that was registered, or set to its present time and place, later than it should have been. */
export interface LateRegistration {
  requiredHours: number;
  /** Negative = after it began. */
  givenHours: number;
  /** Where the rule is written. */
  source: string;
}

/**
 * Judges the lead of a registration: planned works and temporary works each have their own, rationing has none. Exactly the required
 * lead is in time. Null = in time. Pure.
 */
export function lateRegistration(
  nature: OutageNature,
  startsAt: number,
  registeredAt: number,
  { outage }: Policy,
  sources: Readonly<Record<string, string>>,
): LateRegistration | null {
  const setting =
    nature === 'planned' ? 'plannedRegistrationHours' : nature === 'temporary' ? 'temporaryRegistrationHours' : null;
  if (setting === null || startsAt - registeredAt >= outage[setting] * HOUR_MS) return null;
  return {
    requiredHours: outage[setting],
    givenHours: Math.floor(((startsAt - registeredAt) / HOUR_MS) * 10) / 10,
    source: sources[`outage.${setting}`] ?? 'policy',
  };
}

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
