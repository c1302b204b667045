import type { NewJournalEntry } from '../../domain/journal-entry.js';
import { MINUTE_MS } from '../../domain/instants.js';
import { likelyFrom, outlookOf } from '../../domain/outage-outlook.js';
import type { OutageHistory, Outlook } from '../../domain/outage-outlook.js';
import { receiptOf } from '../../domain/deadline-receipt.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Tx } from '../database/database.js';
import { setDeadlinesOf, settleDeadlines } from '../deadlines/deadlines.js';
import type { DeadlineSet } from '../deadlines/deadlines.js';
import { append } from '../journal/append.js';
import type { SavedOutage } from './outage-board.js';
import { elapsedMinutes, loadHistory, outlookRulesOf, runningOutages } from './outage-outlooks.js';
import type { RunningOutage } from './outage-outlooks.js';

/** The instant from which on an outage is likely to pass the long-outage limit: the chance grows with its age, so that it is known ahead. */
export const OUTLOOK_KIND = 'outage_outlook';

/** What the outlook depends on. */
const FIELDS = ['startedAt', 'nature', 'cause', 'rootAssetId', 'area', 'plannedOutageId', 'confirmedAt'] as const;

function isOutlookNews({ outage: { before }, after }: SavedOutage): boolean {
  if (after.state !== 'confirmed') return false;
  const windowMoved = before.evidence.windowEndsAt !== after.evidence.windowEndsAt;
  return before.state !== 'confirmed' || windowMoved || FIELDS.some((field) => before[field] !== after[field]);
}

/** Works the instant out again for outages of which something is new, and takes it from those that are over. */
export async function setOutlookDeadlines(tx: Tx, saved: readonly SavedOutage[], active: PolicyInForce): Promise<void> {
  const over = saved.flatMap(({ after: { id, endedAt } }) => (endedAt === null ? [] : [{ id, endedAt }]));
  await settleDeadlines(
    tx,
    OUTLOOK_KIND,
    'outage',
    over.map(({ id }) => id),
    'met',
    over.map(({ endedAt }) => endedAt),
  );
  const gone = saved.flatMap(({ after }) => (after.state === 'discarded' ? [after.id] : []));
  await settleDeadlines(tx, OUTLOOK_KIND, 'outage', gone, 'cancelled');
  const news = saved.filter(isOutlookNews).map(({ after }) => after.id);
  if (news.length === 0) return;
  const told = await toldOf(tx, news);
  const outlooks = await setNext(tx, await runningOutages(tx, news), active);
  await append(
    tx,
    outlooks.flatMap(({ id, now }) => (told.has(id) ? [entryOf(id, now, tx.now, active)] : [])),
  );
}

/** Outages whose instant has come: told where it is still so, and else the next instant is looked for. */
export async function judgeOutlooks(tx: Tx, ids: readonly number[], active: PolicyInForce): Promise<void> {
  if (ids.length === 0) return;
  const running = await runningOutages(tx, ids);
  const history = running.length === 0 ? null : await loadHistory(tx, tx.now, active.policy);
  if (history === null) return;
  const later: RunningOutage[] = [];
  const entries: NewJournalEntry[] = [];
  for (const outage of running) {
    const now = outlookNow(history, outage, tx.now, active);
    if (now !== null && now.probability >= active.policy.outlook.warnShare)
      entries.push(entryOf(outage.id, now, tx.now, active));
    else later.push(outage);
  }
  await append(tx, entries);
  await setNext(tx, later, active, history);
}

const outlookNow = (
  history: OutageHistory,
  outage: RunningOutage,
  now: number,
  active: PolicyInForce,
): Outlook | null =>
  outlookOf(history, outage, elapsedMinutes(outage.startedAt, now), outlookRulesOf(active.policyFor(outage.area)));

/** @returns the present outlook of each */
async function setNext(
  tx: Tx,
  outages: readonly RunningOutage[],
  active: PolicyInForce,
  known?: OutageHistory,
): Promise<{ id: number; now: Outlook | null }[]> {
  if (outages.length === 0) return [];
  const history = known ?? (await loadHistory(tx, tx.now, active.policy));
  const sets: DeadlineSet[] = [];
  const never: number[] = [];
  for (const outage of outages) {
    const { id, area, startedAt } = outage;
    const rules = outlookRulesOf(active.policyFor(area));
    const { warnShare } = active.policy.outlook;
    const likely = likelyFrom(history, outage, elapsedMinutes(startedAt, tx.now), rules, warnShare);
    if (likely === null) {
      never.push(id);
      continue;
    }
    const receipt = {
      ...receiptOf({
        startMeaning: 'beginning of the outage',
        start: startedAt,
        limitMs: likely.elapsedMinutes * MINUTE_MS,
        profile: active.policy.profile,
        source: active.sources['outlook.warnShare'] ?? 'policy',
      }),
      ...shownOf(likely),
    };
    const stages = [{ stage: 'likely', dueAt: receipt.due, receipt }];
    sets.push({ kind: OUTLOOK_KIND, subjectType: 'outage', subjectId: id, policyVersion: active.version, stages });
  }
  await setDeadlinesOf(tx, sets);
  await settleDeadlines(tx, OUTLOOK_KIND, 'outage', never, 'cancelled');
  return outages.map((outage) => ({ id: outage.id, now: outlookNow(history, outage, tx.now, active) }));
}

/** Outages that were told to be likely to pass the limit, or are about to be. */
async function toldOf(tx: Tx, ids: readonly number[]): Promise<Set<number>> {
  const rows = await tx.query<{ id: number }>(
    `select subject_id as id from deadline
     where kind = $1 and subject_type = 'outage' and state = 'fired' and subject_id = any($2::bigint[])`,
    [OUTLOOK_KIND, ids],
  );
  return new Set(rows.map(({ id }) => id));
}

const shownOf = ({ probability, cases, longer, basis }: Outlook) => ({ probability, cases, longer, basis });

function entryOf(id: number, outlook: Outlook | null, now: number, active: PolicyInForce): NewJournalEntry {
  const { limitMinutes } = outlookRulesOf(active.policy);
  const data = outlook ?? { probability: null, elapsedMinutes: 0, limitMinutes, cases: 0, longer: 0, basis: [] };
  return { type: 'outage_outlook', subjectType: 'outage', subjectId: id, happenedAt: now, data };
}
