/** What was said or measured about the return of a cut customer's supply. Instants are epoch milliseconds, event time. */
export interface RestorationFact {
  kind: 'claim' | MeasuredKind;
  at: number;
  /** The crew; `terminal:<code>`; `command:<rid>`; the name of the system that sent it. */
  source: string;
}

/**
 * `power_after_outage`: power came on together with the whole transformer. It proves that the switch is closed, not since when.
 * An open switch proves that nobody closed it before.
 */
export type MeasuredKind = 'switch_closed' | 'switch_open' | 'power_on' | 'power_after_outage';

interface Seen {
  at: number;
  source: string;
}

/** What the facts add up to. */
export interface Restoration {
  /** The crew's word that stands, or the last one that was refuted. */
  claim: Seen | null;
  refutedAt: number | null;
  switchClosed: Seen | null;
  power: Seen | null;
  /** The instant that ends the promise: confirmed switch state or measured power, whichever came first. Never a word alone. */
  confirmed: { at: number; by: 'switch' | 'measured' } | null;
}

const byTime = (a: RestorationFact, b: RestorationFact): number => a.at - b.at || a.source.localeCompare(b.source);

/**
 * Adds up all facts about one cut; their order of arrival does not matter. A word is refuted by a switch measured open after it and
 * before any confirmation. Power that came on together with its transformer confirms a word that stands, at the word's instant.
 */
export function restorationOf(facts: readonly RestorationFact[]): Restoration {
  const sorted = [...facts].sort(byTime);
  const first = (...kinds: RestorationFact['kind'][]): RestorationFact | null =>
    sorted.find((fact) => kinds.includes(fact.kind)) ?? null;
  const switchClosed = first('switch_closed');
  const power = first('power_on', 'power_after_outage');
  const measured = [switchClosed, power].filter((fact) => fact !== null).sort(byTime)[0] ?? null;
  const opens = sorted.filter(({ kind, at }) => kind === 'switch_open' && at < (measured?.at ?? Infinity));
  const claims = sorted.filter(({ kind }) => kind === 'claim');
  const lastOpenAt = opens.at(-1)?.at ?? -Infinity;
  const standing = claims.find(({ at }) => at >= lastOpenAt);
  const claim = standing ?? claims.at(-1) ?? null;
  const refutedAt =
    claim === null || standing !== undefined ? null : (opens.find(({ at }) => at > claim.at)?.at ?? null);
  const seen = (fact: RestorationFact | null): Seen | null =>
    fact === null ? null : { at: fact.at, source: fact.source };
  return {
    claim: seen(claim),
    refutedAt,
    switchClosed: seen(switchClosed),
    power: seen(power),
    confirmed:
      measured === null
        ? null
        : {
            at: measured.kind === 'power_after_outage' ? Math.min(measured.at, standing?.at ?? Infinity) : measured.at,
            by: measured.kind === 'switch_closed' ? 'switch' : 'measured',
          },
  };
}

export type OrderState = 'open' | 'claimed' | 'met' | 'breached' | 'cancelled';

/**
 * Restored at the due instant itself is in time. A word in time stops the escalation (`claimed`) but keeps no promise; a word that is
 * itself too late breaks it.
 */
export const orderState = (order: {
  dueAt: number;
  /** Confirmed. */
  restoredAt: number | null;
  /** The word that stands. */
  claimedAt: number | null;
  /** The limit was found to have passed. */
  breached: boolean;
}): Exclude<OrderState, 'cancelled'> => {
  const { dueAt, restoredAt, claimedAt, breached } = order;
  if (restoredAt !== null) return restoredAt <= dueAt ? 'met' : 'breached';
  if (claimedAt !== null) return claimedAt <= dueAt ? 'claimed' : 'breached';
  return breached ? 'breached' : 'open';
};
