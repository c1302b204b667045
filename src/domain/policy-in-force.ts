import type { Policy } from './policy.js';
import type { PolicyReading, Sources } from './policy-tree.js';

/** One version of the policy as rules take it: numbers of the whole utility, and by area. It never changes; a transaction uses one. */
export interface PolicyInForce {
  readonly version: number;
  readonly policy: Policy;
  /** Path -> source of the number, for receipts. */
  readonly sources: Sources;
  /** The areas that differ; where there are none, nobody needs to look areas up. */
  readonly areas: PolicyReading['areas'];
  /** The policy of an area: its own where one is written, else the utility's. A look-up in a map. */
  policyFor(area: string): Policy;
  sourcesFor(area: string): Sources;
  /** The policy of an area that was in force at another instant: what was measured then is judged by it, also when it is judged late. */
  policyAt(area: string, moment: number): Policy;
}

/** A version that was written down; before `effectiveFrom` (epoch ms) it does not count. */
export interface PolicyVersion extends PolicyReading {
  readonly version: number;
  readonly effectiveFrom: number;
}

/** All versions there are, and which one counts when. */
export class PolicyTimeline {
  /** @param newestFirst versions in falling order of their numbers, at least one */
  constructor(private readonly newestFirst: readonly PolicyVersion[]) {}

  /** The number of the version written last. */
  get newest(): number {
    return this.newestFirst[0]?.version ?? 0;
  }

  /** This timeline and versions written since. */
  with(later: readonly PolicyVersion[]): PolicyTimeline {
    const added = later.filter(({ version }) => version > this.newest);
    return new PolicyTimeline([...added.toSorted((a, b) => b.version - a.version), ...this.newestFirst]);
  }

  /**
   * Of the versions that have begun, the one written last: a version replaces every one before it from its own instant on, also one that
   * was to begin later. Before the first instant of all the first version counts.
   */
  versionAt(moment: number): PolicyVersion {
    // Asked for every reading, and nearly always answered by the first look.
    for (const one of this.newestFirst) if (one.effectiveFrom <= moment) return one;
    const first = this.newestFirst.at(-1);
    if (first === undefined) throw new Error('there is always a version of the policy');
    return first;
  }

  /** Versions yet to begin that would never be in force if another were written now, to begin at an instant; the newest first. */
  displacedBy(effectiveFrom: number, now: number): PolicyVersion[] {
    return this.newestFirst.filter(
      (one) =>
        one.effectiveFrom > now && one.effectiveFrom >= effectiveFrom && this.versionAt(one.effectiveFrom) === one,
    );
  }

  at(moment: number): PolicyInForce {
    const { version, policy, sources, areas } = this.versionAt(moment);
    return {
      version,
      policy,
      sources,
      areas,
      policyFor: (area) => areas.get(area)?.policy ?? policy,
      sourcesFor: (area) => areas.get(area)?.sources ?? sources,
      policyAt: (area, then) => {
        const past = this.versionAt(then);
        return past.areas.get(area)?.policy ?? past.policy;
      },
    };
  }
}
