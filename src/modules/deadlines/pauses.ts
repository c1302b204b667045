import { readReceipt } from '../../domain/deadline-receipt.js';
import type { NewJournalEntry, SubjectType } from '../../domain/journal-entry.js';
import { formatInstant } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { Fault, refusal } from '../../fault.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { loadYears } from './calendars.js';
import { recountStages, STAGE_COLUMNS } from './recount.js';
import type { StoredStage } from './recount.js';

export interface NewPause {
  reason: string;
  /** What proves it: the number of a document, a photograph, a recording. */
  evidence: string;
  pausedAt: number;
  /** Null = it runs from now on. */
  resumedAt: number | null;
}

/**
 * Stops the clock of the whole promise that a deadline is a stage of, now or, when it is registered late, in the past; its stages move by
 * the paused time. What fired and turns out not due goes back.
 * @throws Fault `not_found`; `not_allowed` (`pause_not_allowed`: the policy lets this kind not stand still); `conflict`; `invalid_input`
 */
export async function pausePromise(
  tx: Tx,
  active: PolicyInForce,
  deadlineId: number,
  pause: NewPause,
  actor: string,
): Promise<void> {
  const stages = await lockPromise(tx, deadlineId);
  const [first] = stages;
  if (first === undefined) throw noDeadline(deadlineId);
  mayBePaused(first, active);
  mustBePossible(stages, pause, tx.now);
  const running = await findRunning(tx, first);
  if (running !== null && pause.resumedAt === null) {
    const since = formatInstant(running.pausedAt);
    throw refusal('conflict', {
      rule: 'already_paused',
      path: 'path.id',
      zh: `时限自 ${since} 起暂停（${running.reason}）：请先恢复计时`,
      en: `The clock of this promise stands since ${since} (${running.reason}); resume it first (POST /deadlines/${deadlineId}/resume).`,
      source: 'own: each stretch that does not count has one reason and one proof',
    });
  }
  await tx.query(
    `insert into deadline_pause (kind, subject_type, subject_id, paused_at, resumed_at, reason, evidence, paused_by, recorded_at,
                                 resumed_by, resume_recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      first.kind,
      first.subjectType,
      first.subjectId,
      at(pause.pausedAt),
      atOrNull(pause.resumedAt),
      pause.reason,
      pause.evidence,
      actor,
      at(tx.now),
      pause.resumedAt === null ? null : actor,
      pause.resumedAt === null ? null : at(tx.now),
    ],
  );
  await recountStages(tx, stages, await loadYears(tx));
  const { reason, evidence, pausedAt, resumedAt } = pause;
  await append(tx, [await told(tx, first, actor, { pausedAt, resumedAt, reason, evidence })]);
}

/** Lets the clock of a promise run again. @throws Fault `not_found`, `conflict` (`not_paused`), `invalid_input` */
export async function resumePromise(tx: Tx, deadlineId: number, resumedAt: number, actor: string): Promise<void> {
  const stages = await lockPromise(tx, deadlineId);
  const [first] = stages;
  if (first === undefined) throw noDeadline(deadlineId);
  const running = await findRunning(tx, first);
  if (running === null) {
    throw refusal('conflict', {
      rule: 'not_paused',
      path: 'path.id',
      zh: '时限没有暂停，无需恢复',
      en: 'The clock of this promise runs; there is nothing to resume.',
      source: 'own: only what stands can run again',
    });
  }
  if (resumedAt > tx.now)
    throw wrong('resumedAt', '时间在将来：原因消除后再恢复', 'lies in the future; resume it once the reason is gone');
  if (resumedAt <= running.pausedAt)
    throw wrong(
      'resumedAt',
      `须晚于暂停开始 ${formatInstant(running.pausedAt)}`,
      `must come after the pause began, ${formatInstant(running.pausedAt)}`,
    );
  await tx.query(
    'update deadline_pause set resumed_at = $2, resumed_by = $3, resume_recorded_at = $4 where id = $1 and resumed_at is null',
    [running.id, at(resumedAt), actor, at(tx.now)],
  );
  await recountStages(tx, stages, await loadYears(tx));
  const { pausedAt, reason, evidence } = running;
  await append(tx, [await told(tx, first, actor, { pausedAt, resumedAt, reason, evidence })]);
}

const noDeadline = (id: number): Fault => new Fault('not_found', `There is no deadline ${id}.`);

const wrong = (field: string, zh: string, en: string): Fault =>
  refusal(
    'invalid_input',
    {
      rule: 'pause_of_the_past',
      path: `body.${field}`,
      zh,
      en: `body.${field}: ${en}`,
      source: 'own: a pause is a stretch of time that has happened, while the clock ran',
    },
    'invalid_input',
  );

/** All stages of the promise that the deadline belongs to, that one first. */
async function lockPromise(tx: Tx, deadlineId: number): Promise<StoredStage[]> {
  const stages = await tx.query<StoredStage>(
    `select ${STAGE_COLUMNS} from deadline
     where (kind, subject_type, subject_id, round) = (select kind, subject_type, subject_id, round from deadline where id = $1)
     order by id for update`,
    [deadlineId],
  );
  return stages.toSorted((a, b) => Number(b.id === deadlineId) - Number(a.id === deadlineId));
}

function mayBePaused(stage: StoredStage, active: PolicyInForce): void {
  const { pausableKinds } = active.policy.promises;
  if (pausableKinds.includes(stage.kind)) return;
  const limitSource = readReceipt(stage.receipt)?.source;
  const source = active.sources['promises.pausableKinds'] ?? 'policy';
  const names = pausableKinds.join(', ');
  throw refusal('not_allowed', {
    rule: 'pause_not_allowed',
    path: 'path.id',
    zh: `${stage.kind} 类时限不得暂停：规则只允许 ${names || '无'}`,
    en: `The clock of a promise of kind ${stage.kind} may not be stopped: promises.pausableKinds of the policy names only ${names || 'none'}.`,
    source: limitSource === undefined ? source : `${source}; its limit: ${limitSource}`,
  });
}

function mustBePossible(stages: readonly StoredStage[], pause: NewPause, now: number): void {
  const starts = stages.flatMap(({ receipt }) => readReceipt(receipt)?.start ?? []);
  if (starts.length < stages.length) {
    throw refusal('conflict', {
      rule: 'pause_impossible',
      path: 'path.id',
      zh: '该时限的计算不含可暂停的时长',
      en: 'The receipt of this promise holds no arithmetic that a pause could move.',
      source: 'own: what cannot be counted anew cannot be paused',
    });
  }
  const isRunning = stages.some(({ state }) => state === 'pending' || state === 'paused');
  const isKnown =
    isRunning || stages.every(({ state }) => state === 'fired') || stages.some((one) => one.endedAt !== null);
  if (!isKnown || stages.every(({ state }) => state === 'cancelled')) {
    throw refusal('conflict', {
      rule: 'promise_over',
      path: 'path.id',
      zh: '该承诺已结束，不能再暂停',
      en: 'This promise is over; its clock can no longer be stopped.',
      source: 'own: a promise that ended at an unknown instant, or was given up, has no clock',
    });
  }
  if (pause.pausedAt > now)
    throw wrong(
      'pausedAt',
      '时间在将来：原因出现后再暂停',
      'lies in the future; stop the clock once the reason is there',
    );
  if (pause.resumedAt !== null && pause.resumedAt > now)
    throw wrong(
      'resumedAt',
      '时间在将来：留空，以后再恢复',
      'lies in the future; leave it out and resume the promise later',
    );
  if (pause.resumedAt !== null && pause.resumedAt <= pause.pausedAt)
    throw wrong('resumedAt', '须晚于暂停开始', 'must come after pausedAt');
  const start = Math.min(...starts);
  if ((pause.resumedAt ?? now) < start)
    throw wrong(
      'pausedAt',
      `早于计时起点 ${formatInstant(start)}`,
      `lies before the clock began to run, ${formatInstant(start)}`,
    );
  const last = Math.max(...stages.map(({ dueAt }) => dueAt));
  if (pause.pausedAt >= last && !stages.some(({ state }) => state === 'paused')) {
    throw refusal('conflict', {
      rule: 'limit_passed',
      path: 'body.pausedAt',
      zh: `时限已于 ${formatInstant(last)} 届满，早于暂停开始`,
      en: `The limit passed at ${formatInstant(last)}, before the pause began; nothing is left to move.`,
      source: 'own: a reason that comes after the limit does not excuse it',
    });
  }
}

interface RunningPause {
  id: number;
  pausedAt: number;
  reason: string;
  evidence: string;
}

async function findRunning(tx: Tx, { kind, subjectType, subjectId }: StoredStage): Promise<RunningPause | null> {
  const [row] = await tx.query<RunningPause>(
    `select id, paused_at as "pausedAt", reason, evidence from deadline_pause
     where kind = $1 and subject_type = $2 and subject_id = $3 and resumed_at is null`,
    [kind, subjectType, subjectId],
  );
  return row ?? null;
}

/** The journal's word, with the instant at which the last stage is due now; null while the clock stands. */
async function told(
  tx: Tx,
  { kind, subjectType, subjectId }: StoredStage,
  actor: string,
  pause: { pausedAt: number; resumedAt: number | null; reason: string; evidence: string },
): Promise<NewJournalEntry> {
  const [row] = await tx.query<{ dueAt: number; stands: boolean }>(
    `select max(due_at) as "dueAt", bool_or(state = 'paused') as stands from deadline
     where kind = $1 and subject_type = $2 and subject_id = $3`,
    [kind, subjectType, subjectId],
  );
  const dueAt = row === undefined || row.stands ? null : row.dueAt;
  const data = { kind, dueAt, ...pause };
  return {
    type: pause.resumedAt === null ? 'deadline_paused' : 'deadline_resumed',
    subjectType: subjectType as SubjectType,
    subjectId,
    happenedAt: pause.resumedAt ?? pause.pausedAt,
    actor,
    data,
  };
}
