import { ladderOf, momentaryEndOf, nestedAfter, restorationOf, windowEndOf } from '../../domain/outage-ladder.js';
import type { Stage } from '../../domain/outage-ladder.js';
import type { PlannedWork } from '../../domain/outage-lifecycle.js';
import { mayNest, nestingOf } from '../../domain/nested-outage.js';
import { isOpen } from '../../domain/outage-record.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Tx } from '../database/database.js';
import { setDeadlinesOf, settleDeadlines } from '../deadlines/deadlines.js';
import type { DeadlineSet } from '../deadlines/deadlines.js';
import { nestingRules } from './nest.js';
import type { SavedOutage } from './outage-board.js';

/**
 * The deadlines of an outage: the end of the momentary limit, the ladder, and the end of the planned window.
 * The ladder is set once, by the limits of the outage's area when its clock begins: a later version of the policy leaves it as it is.
 * Restoration settles what comes after it; what was due before it fires all the same, also when everything is known late.
 */
export async function setOutageDeadlines(
  tx: Tx,
  saved: readonly SavedOutage[],
  works: ReadonlyMap<number, PlannedWork>,
  active: PolicyInForce,
): Promise<void> {
  const { policy, sources, version } = active;
  const sets: DeadlineSet[] = [];
  const lives = saved.filter(({ after }) => after.state !== 'discarded');
  for (const one of lives) {
    const { before } = one.outage;
    const { id, startedAt, confirmedAt, plannedOutageId } = one.after;
    const set = (kind: string, stages: Stage[]): void => {
      sets.push({ kind, subjectType: 'outage', subjectId: id, area: one.after.area, policyVersion: version, stages });
    };
    const limits = active.policyFor(one.after.area);
    const itsSources = active.sourcesFor(one.after.area);
    if (clockMoved(one)) {
      set('outage_ladder', ladderOf(startedAt, limits, itsSources));
      if (confirmedAt === null) set('outage_momentary', [momentaryEndOf(startedAt, limits, itsSources)]);
    }
    const endsAt = plannedOutageId === null ? undefined : works.get(plannedOutageId)?.endsAt;
    const isWorkMoved = before.evidence.windowEndsAt !== endsAt;
    if (endsAt !== undefined && (isWorkMoved || clockMoved(one))) set('planned_overrun', [windowEndOf(endsAt, policy)]);
  }
  const whole: number[] = [];
  for (const { outage, after } of lives) {
    const nesting = mayNest(after) ? nestingOf(outage.members, nestingRules(policy)) : null;
    if (nesting === null) whole.push(after.id);
    else {
      const endsAt = works.get(after.plannedOutageId ?? -1)?.endsAt ?? null;
      const stages = [nestedAfter(nesting.mostBackAt, endsAt, tx.now, policy, sources)];
      sets.push({ kind: 'outage_nested', subjectType: 'outage', subjectId: after.id, policyVersion: version, stages });
    }
  }
  await settleDeadlines(tx, 'outage_nested', 'outage', whole, 'cancelled');
  const expecting = lives.filter(isExpectationNews);
  // First all of them out: an expectation that was moved close has no `soon` any more.
  await settleDeadlines(
    tx,
    'outage_restoration',
    'outage',
    expecting.map(({ after }) => after.id),
    'cancelled',
  );
  for (const { after } of expecting) {
    const expectedAt = after.decided.estimatedRestorationAt;
    if (typeof expectedAt !== 'number') continue;
    const stages = restorationOf(expectedAt, tx.now, policy, sources);
    sets.push({
      kind: 'outage_restoration',
      subjectType: 'outage',
      subjectId: after.id,
      policyVersion: version,
      stages,
    });
  }
  await setDeadlinesOf(tx, sets);
  const over = lives.flatMap(({ after }) => (after.endedAt === null ? [] : [{ id: after.id, endedAt: after.endedAt }]));
  const outs = saved.filter(({ after }) => after.state === 'discarded').map(({ after }) => after.id);
  const unplanned = lives
    .filter(({ outage, after }) => outage.before.plannedOutageId !== null && after.plannedOutageId === null)
    .map(({ after }) => after.id);
  await settleDeadlines(tx, 'planned_overrun', 'outage', unplanned, 'cancelled');
  await settleDeadlines(tx, 'outage_nested', 'outage', outs, 'cancelled');
  for (const kind of ['outage_momentary', 'outage_ladder', 'planned_overrun', 'outage_restoration']) {
    await settleDeadlines(
      tx,
      kind,
      'outage',
      over.map(({ id }) => id),
      'met',
      over.map(({ endedAt }) => endedAt),
    );
    await settleDeadlines(tx, kind, 'outage', outs, 'cancelled');
  }
}

/**
 * A person set, moved or withdrew the expected restoration, or the outage goes on that it belongs to. The end of a planned window is
 * no such expectation: `planned_overrun` watches it.
 */
const isExpectationNews = (one: SavedOutage): boolean =>
  one.outage.before.estimatedRestorationAt !== one.after.estimatedRestorationAt || clockMoved(one);

/** True when the outage's clock runs anew: it opened, came back, or began at another time than was thought. */
const clockMoved = ({ outage: { before }, after }: SavedOutage): boolean =>
  before.revision < 0 || before.startedAt !== after.startedAt || (isOpen(after.state) && !isOpen(before.state));
