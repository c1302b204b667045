import type { Policy } from '../policy.js';
import type { Words } from '../words.js';
import { dayOfDate, dayOfInstant, daysAfter, startOfDate } from './days.js';
import { promisedUntil } from './dunning.js';
import type { DunningFact, DunningStage } from './dunning.js';

/** What comes next for an account in arrears, and what it waits for. */
export interface NextStep {
  step: DunningStage | 'notice';
  /** The first day on which it may be taken: `2026-07-08`. */
  from: string;
  /** Empty = it may be taken now. */
  blockedBy: Words[];
}

type Ladder = Policy['disconnection']['dunningLadder'];

/**
 * The next level of collection that was not tried since the debt fell due; after the last, the written notice.
 * @param reachable a message reaches the customer; otherwise the telephone takes its place
 */
export function nextStep(
  debt: { dueOn: string },
  dunning: readonly DunningFact[],
  reachable: boolean,
  policy: Policy['disconnection'],
  now: number,
): NextStep {
  const since = startOfDate(debt.dueOn);
  const tried = new Set(dunning.filter(({ at }) => at >= since).map(({ stage }) => stage));
  const ladder = reachable ? policy.dunningLadder : withoutMessages(policy.dunningLadder);
  const level = ladder.find(({ stage }) => !tried.has(stage));
  // A notice served earlier would be too old on the first day on which supply may be cut.
  const from = daysAfter(debt.dueOn, level?.fromDay ?? Math.max(1, policy.overdueDays + 1 - policy.noticeMaxDays));
  const promised = promisedUntil(dunning, policy.promiseDays);
  const today = dayOfInstant(now);
  return {
    step: level?.stage ?? 'notice',
    from,
    blockedBy: [
      ...(today < dayOfDate(from) ? [{ zh: `${from} 起方可进行`, en: `not before ${from}` }] : []),
      ...(promised !== null && promised >= today
        ? [{ zh: '客户承诺的交费期限未过', en: 'the day by which the customer promised to pay is not over' }]
        : []),
    ],
  };
}

function withoutMessages(ladder: Ladder): Ladder {
  const message = ladder.find(({ stage }) => stage === 'remote');
  return ladder
    .filter((level) => level !== message)
    .map((level) =>
      level.stage === 'phone' && message !== undefined
        ? { ...level, fromDay: Math.min(level.fromDay, message.fromDay) }
        : level,
    );
}
