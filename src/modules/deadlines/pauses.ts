import { readReceipt } from '../../domain/deadline-receipt.js';
import type { NewJournalEntry, SubjectType } from '../../domain/journal-entry.js';
import { formatInstant } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { Fault } from '../../fault.js';
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
    throw new Fault(
      'conflict',
      `The clock of this promise stands since ${formatInstant(running.pausedAt)} (${running.reason}); resume it first (POST /deadlines/${deadlineId}/resume).`,
      { problem: 'already_paused' },
    );
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
    throw new Fault('conflict', 'The clock of this promise runs; there is nothing to resume.', {
      problem: 'not_paused',
    });
  }
  if (resumedAt > tx.now) throw wrong('resumedAt', 'lies in the future; resume it once the reason is gone');
  if (resumedAt <= running.pausedAt)
    throw wrong('resumedAt', `must come after the pause began, ${formatInstant(running.pausedAt)}`);
  await tx.query(
    'update deadline_pause set resumed_at = $2, resumed_by = $3, resume_recorded_at = $4 where id = $1 and resumed_at is null',
    [running.id, at(resumedAt), actor, at(tx.now)],
  );
  await recountStages(tx, stages, await loadYears(tx));
  const { pausedAt, reason, evidence } = running;
  await append(tx, [await told(tx, first, actor, { pausedAt, resumedAt, reason, evidence })]);
}

const noDeadline = (id: number): Fault => new Fault('not_found', `There is no deadline ${id}.`);

const wrong = (field: string, message: string): Fault =>
  new Fault('invalid_input', `body.${field}: ${message}`, { errors: [{ path: `body.${field}`, message }] });

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
  throw new Fault(
    'not_allowed',
    `The clock of a promise of kind ${stage.kind} may not be stopped: promises.pausableKinds of the policy names only ${pausableKinds.join(', ') || 'none'} (source: ${active.sources['promises.pausableKinds'] ?? 'policy'}).` +
      (limitSource === undefined ? '' : ` Its limit stands in: ${limitSource}.`),
    { problem: 'pause_not_allowed' },
  );
}

function mustBePossible(stages: readonly StoredStage[], pause: NewPause, now: number): void {
  const starts = stages.flatMap(({ receipt }) => readReceipt(receipt)?.start ?? []);
  if (starts.length < stages.length) {
    throw new Fault('conflict', 'The receipt of this promise holds no arithmetic that a pause could move.', {
      problem: 'pause_impossible',
    });
  }
  const isRunning = stages.some(({ state }) => state === 'pending' || state === 'paused');
  const isKnown =
    isRunning || stages.every(({ state }) => state === 'fired') || stages.some((one) => one.endedAt !== null);
  if (!isKnown || stages.every(({ state }) => state === 'cancelled')) {
    throw new Fault('conflict', 'This promise is over; its clock can no longer be stopped.', {
      problem: 'promise_over',
    });
  }
  if (pause.pausedAt > now) throw wrong('pausedAt', 'lies in the future; stop the clock once the reason is there');
  if (pause.resumedAt !== null && pause.resumedAt > now)
    throw wrong('resumedAt', 'lies in the future; leave it out and resume the promise later');
  if (pause.resumedAt !== null && pause.resumedAt <= pause.pausedAt)
    throw wrong('resumedAt', 'must come after pausedAt');
  const start = Math.min(...starts);
  if ((pause.resumedAt ?? now) < start)
    throw wrong('pausedAt', `lies before the clock began to run, ${formatInstant(start)}`);
  const last = Math.max(...stages.map(({ dueAt }) => dueAt));
  if (pause.pausedAt >= last && !stages.some(({ state }) => state === 'paused')) {
    throw new Fault(
      'conflict',
      `The limit passed at ${formatInstant(last)}, before the pause began; nothing is left to move.`,
      { problem: 'limit_passed' },
    );
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
