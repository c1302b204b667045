import type { Supply } from '../journal-entry.js';
import type { EpisodeFact, SupplyCause, SupplyFacts } from './supply-facts.js';

/** An account's supply, its first cause, and until when. */
export interface SupplyAnswer {
  supply: Supply;
  cause: SupplyCause;
  estimatedRestorationAt: number | null;
}

const isOpen = (outage: { state: string; endedAt: number | null }): boolean =>
  (outage.state === 'suspected' || outage.state === 'confirmed') && outage.endedAt === null;

/** Loss and danger before quality. */
const EPISODE_ORDER: Record<EpisodeFact['kind'], number> = {
  phase_loss: 0,
  broken_neutral: 1,
  low_voltage: 2,
  high_voltage: 3,
  overload: 4,
  unbalance: 5,
};

/** An episode of another phase is not this customer's. */
const concerns = (episode: EpisodeFact, phase: SupplyFacts['phase']): boolean =>
  episode.phase === '' || phase === null || phase === 'ABC' || episode.phase === phase;

/**
 * The cause to tell first: what concerns this customer alone, then a recognised outage, then a window that runs now, then an episode.
 * A window alone is no proof that supply is off: the state is still what was measured. A cut whose end is only claimed comes last, for it
 * explains nothing by itself; whether this customer has supply is then not known.
 */
export function answerSupply(facts: SupplyFacts, now: number): SupplyAnswer {
  const answer = firstCause(facts, now);
  const { estimatedRestorationAt: estimate } = answer;
  // A promise or an estimate that has passed is told to nobody as something to come; the events still show it.
  return estimate !== null && estimate <= now ? { ...answer, estimatedRestorationAt: null } : answer;
}

function firstCause(facts: SupplyFacts, now: number): SupplyAnswer {
  const { disconnection } = facts;
  if (disconnection !== null && disconnection.claimedAt === null) {
    return {
      supply: 'dead',
      cause: { kind: 'disconnection', fact: disconnection },
      estimatedRestorationAt: disconnection.order?.dueAt ?? null,
    };
  }
  const window = facts.planned.find((planned) => planned.startsAt <= now && now < planned.endsAt);
  const outage = facts.outages.find(isOpen);
  if (outage !== undefined) {
    return {
      supply: outage.state === 'confirmed' && facts.supply !== 'live' ? 'dead' : facts.supply,
      cause: { kind: 'outage', fact: outage },
      estimatedRestorationAt: outage.estimatedRestorationAt ?? window?.endsAt ?? null,
    };
  }
  if (window !== undefined) {
    return {
      supply: facts.supply,
      cause: { kind: 'planned', fact: window },
      estimatedRestorationAt: facts.supply === 'live' ? null : window.endsAt,
    };
  }
  if (facts.supply === 'dead') return { supply: 'dead', cause: { kind: 'dead' }, estimatedRestorationAt: null };
  const [episode] = facts.episodes
    .filter((candidate) => concerns(candidate, facts.phase))
    .sort((a, b) => EPISODE_ORDER[a.kind] - EPISODE_ORDER[b.kind] || a.startedAt - b.startedAt);
  if (episode !== undefined) {
    const lost = episode.kind === 'phase_loss' && episode.phase !== '' && episode.phase === facts.phase;
    return {
      supply: lost ? 'dead' : facts.supply,
      cause: { kind: 'episode', fact: episode },
      estimatedRestorationAt: null,
    };
  }
  if (disconnection !== null)
    return {
      supply: 'unknown',
      cause: { kind: 'disconnection', fact: disconnection },
      estimatedRestorationAt: null,
    };
  return {
    supply: facts.supply,
    cause: { kind: facts.supply === 'unknown' ? 'silent' : 'none' },
    estimatedRestorationAt: null,
  };
}
