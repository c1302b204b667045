import { receiptOf } from './deadline-receipt.js';
import type { Receipt } from './deadline-receipt.js';
import { HOUR_MS, MINUTE_MS } from './instants.js';
import type { Policy } from './policy.js';

export interface Stage {
  stage: string;
  dueAt: number;
  receipt: Receipt;
}

type Sources = Readonly<Record<string, string>>;

/** The steps up to and beyond the long-outage limit, counted from the event time of the first loss; the same for faults and works. */
export function ladderOf(startedAt: number, policy: Policy, sources: Sources): Stage[] {
  const { ladderHours, longHours } = policy.outage;
  return ladderHours.map((hours) => {
    const isLimit = hours === longHours;
    const source = sources[isLimit ? 'outage.longHours' : 'outage.ladderHours'] ?? 'policy';
    return stageOf(`${hours}h`, 'beginning of the outage', startedAt, hours * HOUR_MS, policy.profile, source);
  });
}

/** When an outage stops being momentary. */
export function momentaryEndOf(startedAt: number, policy: Policy, sources: Sources): Stage {
  const limitMs = policy.outage.momentaryMinutes * MINUTE_MS;
  const source = sources['outage.momentaryMinutes'] ?? 'policy';
  return stageOf('confirm', 'beginning of the outage', startedAt, limitMs, policy.profile, source);
}

/** The end of the announced window: an outage that lasts beyond it overruns. */
export function windowEndOf(endsAt: number, policy: Policy): Stage {
  return stageOf('end', 'announced end of the work', endsAt, 0, policy.profile, 'the planned outage as registered');
}

/**
 * The stages of an expected restoration: `soon` before it, `passed` at it. An expectation that is nearer than the lead has no `soon`:
 * whoever gave it knows.
 */
export function restorationOf(expectedAt: number, now: number, policy: Policy, sources: Sources): Stage[] {
  const leadMinutes = policy.outage.restorationSoonMinutes;
  const soonAt = expectedAt - leadMinutes * MINUTE_MS;
  const source = sources['outage.restorationSoonMinutes'] ?? 'policy';
  const { profile } = policy;
  const passed = stageOf('passed', 'expected restoration', expectedAt, 0, profile, 'set by a dispatcher');
  if (soonAt <= now) return [passed];
  return [stageOf('soon', `expected restoration less ${leadMinutes} min`, soonAt, 0, profile, source), passed];
}

/**
 * When what stays dead, most being back, becomes nested outages; a planned work is given until the end of its window. Never before the
 * grouping window has passed since the last news: late data come in any order, and must not be judged half-read.
 */
export function nestedAfter(
  mostBackAt: number,
  windowEndsAt: number | null,
  now: number,
  policy: Policy,
  sources: Sources,
): Stage {
  const { nestedAfterMinutes, groupWindowMinutes } = policy.outage;
  const candidates = [
    ['most of the outage was back', mostBackAt, nestedAfterMinutes, 'outage.nestedAfterMinutes'],
    ['announced end of the work', windowEndsAt ?? mostBackAt, 0, 'the planned outage as registered'],
    ['last news of the outage', now, groupWindowMinutes, 'outage.groupWindowMinutes'],
  ] as const;
  const stages = candidates.map(([meaning, start, limitMinutes, source]) =>
    stageOf('split', meaning, start, limitMinutes * MINUTE_MS, policy.profile, sources[source] ?? source),
  );
  return stages.reduce((latest, stage) => (stage.dueAt > latest.dueAt ? stage : latest));
}

function stageOf(
  stage: string,
  startMeaning: string,
  start: number,
  limitMs: number,
  profile: string,
  source: string,
): Stage {
  const receipt = receiptOf({ startMeaning, start, limitMs, profile, source });
  return { stage, dueAt: receipt.due, receipt };
}
