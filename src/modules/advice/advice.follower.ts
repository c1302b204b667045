import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { Config } from '../../config.js';
import type { Advice, AdviceLimits } from '../../domain/advice/advice.js';
import { decideAdvice, readyAt } from '../../domain/advice/decide-advice.js';
import { receiptOf } from '../../domain/deadline-receipt.js';
import type { JournalEntry } from '../../domain/journal-entry.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Policy } from '../../domain/policy.js';
import type { Tx } from '../database/database.js';
import { setDeadlinesOf, settleDeadlines } from '../deadlines/deadlines.js';
import type { DeadlineSet } from '../deadlines/deadlines.js';
import type { Follower } from '../journal/follow.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { adviseWarnings } from '../warnings/advise-warning.js';
import { EFFECT, judgeEffects, warningsOfActions, withEffects } from './action-effects.js';
import { loadPictures, MEANT } from './picture-queries.js';
import type { Asking } from './picture-queries.js';

const limitsOf = ({ voltage, load, unbalance, advice }: Policy): AdviceLimits => ({
  lowV: voltage.lowV,
  highV: voltage.highV,
  marginV: advice.marginV,
  minimumHours: advice.minimumHours,
  loadShare: load.heavyShare,
  unbalanceShare: { Yyn0: unbalance.yyn0Share, Dyn11: unbalance.dyn11Share },
  feederShare: advice.feederShare,
  feederTransformers: advice.feederTransformers,
});

/** What of a warning of voltage asks for new advice. The follower's own entries change nothing but `advice`. */
const ASKING: Readonly<Record<string, readonly string[]>> = {
  low_voltage: ['status', 'evidence.phases'],
  high_voltage: ['status', 'evidence.phases'],
  chronic_voltage: ['status', 'evidence.days'],
};

/** The deadline of a warning at which enough will have been measured. */
const REVIEW = 'advice';

function isNews({ type, data }: JournalEntry): boolean {
  if (type === 'deadline_fired') return data.kind === REVIEW;
  if (type !== 'warning_raised' && type !== 'warning_changed') return false;
  const asking = ASKING[data.kind];
  return asking !== undefined && (type === 'warning_raised' || asking.some((field) => data.changed.includes(field)));
}

const isEffectDue = ({ type, data }: JournalEntry): boolean => type === 'deadline_fired' && data.kind === EFFECT;

/** Warnings of one area are advised on by that area's numbers. */
async function groupByPolicy(
  tx: Tx,
  warningIds: readonly number[],
  { policyFor }: Pick<PolicyInForce, 'policyFor'>,
): Promise<Map<Policy, number[]>> {
  const rows = await tx.query<{ id: number; area: string }>(
    'select id, area from warning where id = any($1) order by id',
    [warningIds],
  );
  const groups = new Map<Policy, number[]>();
  for (const { id, area } of rows) groups.set(policyFor(area), [...(groups.get(policyFor(area)) ?? []), id]);
  return groups;
}

async function advise(
  tx: Tx,
  warningIds: readonly number[],
  policy: Policy,
  now: Pick<PolicyInForce, 'version' | 'sources'>,
  timeZone: string,
): Promise<void> {
  const asking = await loadPictures(tx, warningIds, { policy, timeZone });
  const advised = asking.map((one) => ({ ...one, advice: decideAdvice(one.picture, limitsOf(policy), tx.now) }));
  const all = [
    ...(await shareAlongFeeders(tx, advised)),
    ...advised.map(({ warningId, advice }) => ({ id: warningId, advice })),
  ];
  await adviseWarnings(tx, await withEffects(tx, all, policy.advice.judgementHours));
  await setReviews(tx, advised, policy, now);
}

/** What must wait until more is measured is advised on again then. */
async function setReviews(
  tx: Tx,
  advised: readonly (Asking & { advice: readonly Advice[] })[],
  policy: Policy,
  { version, sources }: Pick<PolicyInForce, 'version' | 'sources'>,
): Promise<void> {
  const waits = ({ advice }: (typeof advised)[number]): boolean => advice[0]?.kind === 'insufficient_data';
  const sets = advised.filter(waits).map(({ warningId, picture }): DeadlineSet => {
    const dueAt = readyAt(picture, limitsOf(policy), tx.now);
    const receipt = receiptOf({
      startMeaning: 'enough hours will have been measured',
      start: dueAt,
      limitMs: 0,
      profile: policy.profile,
      source: sources['advice.minimumHours'] ?? 'policy',
    });
    const stages = [{ stage: 'review', dueAt, receipt }];
    return { kind: REVIEW, subjectType: 'warning', subjectId: warningId, policyVersion: version, stages };
  });
  await setDeadlinesOf(tx, sets);
  const done = advised.filter((one) => !waits(one)).map(({ warningId }) => warningId);
  await settleDeadlines(tx, REVIEW, 'warning', done, 'met');
}

/** The first warnings of a feeder come before it shows that the feeder suffers as a whole; they then get the advice of the later ones. */
async function shareAlongFeeders(
  tx: Tx,
  advised: readonly (Asking & { advice: readonly Advice[] })[],
): Promise<{ id: number; advice: readonly Advice[] }[]> {
  const shared = new Map<string, readonly Advice[]>();
  for (const { feederId, kind, advice } of advised) {
    if (feederId !== null && advice[0]?.kind === 'hv_side') shared.set(`${feederId}|${kind}`, advice);
  }
  if (shared.size === 0) return [];
  const keys = [...shared.keys()].map((key) => key.split('|'));
  const earlier = await tx.query<{ id: number; key: string }>(
    `select w.id, x.feeder_id || '|' || x.kind as key
     from unnest($1::integer[], $2::text[]) as x(feeder_id, kind)
     join asset a on a.path @> array[x.feeder_id]
     join warning w on w.subject_type = 'transformer' and w.subject_id = a.id
      and w.kind in ('low_voltage', 'high_voltage', 'chronic_voltage') and ${MEANT} = x.kind and w.status <> 'resolved'
     where w.id <> all($3::bigint[]) and w.advised -> 0 ->> 'kind' not in ('hv_side', 'neutral')
     for update of w`,
    [keys.map(([feederId]) => Number(feederId)), keys.map(([, kind]) => kind), advised.map((one) => one.warningId)],
  );
  return earlier.map(({ id, key }) => ({ id, advice: shared.get(key) ?? [] }));
}

/** Computes advice for warnings of voltage, beside the follower that raises them: a week of readings must not hold up a warning. */
@Injectable()
export class AdviceFollower implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly active: ActivePolicy,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const { utilityTimeZone } = this.config;
    this.workers.follow(adviceFollower(this.active, utilityTimeZone));
  }
}

/** The policy in force at an instant; tests make one of their own. */
interface Active {
  at(moment: number): Pick<PolicyInForce, 'policyFor' | 'version' | 'sources'>;
}

export const adviceFollower = (active: Active, timeZone: string): Follower => ({
  name: 'advice',
  types: ['warning_raised', 'warning_changed', 'warning_resolved', 'deadline_fired', 'corrective_action_withdrawn'],
  // A week of one terminal is ten thousand readings.
  batchSize: 20,
  async handle(tx, entries) {
    const over = entries.filter(({ type }) => type === 'warning_resolved').map((entry) => entry.subjectId);
    await settleDeadlines(tx, REVIEW, 'warning', over, 'cancelled');
    const now = active.at(tx.now);
    const due = entries.filter(isEffectDue).map((entry) => entry.subjectId);
    await judgeEffects(tx, due, now);
    const withdrawn = entries.flatMap(({ type, data }) =>
      type === 'corrective_action_withdrawn' ? data.actionId : [],
    );
    const concerned = await warningsOfActions(tx, [...due, ...withdrawn]);
    const ids = [...new Set([...entries.filter(isNews).map((entry) => entry.subjectId), ...concerned])];
    if (ids.length === 0) return;
    for (const [policy, group] of await groupByPolicy(tx, ids, now)) await advise(tx, group, policy, now, timeZone);
  },
});
