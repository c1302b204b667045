import { receiptOf } from '../../domain/deadline-receipt.js';
import { MINUTE_MS } from '../../domain/instants.js';
import type { NewJournalEntry, RemoteStep } from '../../domain/journal-entry.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { obstacles, retryAt, stepRemote } from '../../domain/reconnection/remote.js';
import type { Obstacle, RemoteFacts, RemoteInput, RemoteTry } from '../../domain/reconnection/remote.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { setDeadlines, settleDeadlines } from '../deadlines/deadlines.js';
import { append } from '../journal/append.js';

/** The deadlines of a try: `retry` and `limit`, of the order. */
export const REMOTE_DEADLINE = 'remote_reconnection';

/** A try to close one customer's switch from afar, as stored. */
export interface StoredTry extends RemoteTry {
  id: number;
  orderId: number;
  customerId: number;
  disconnectionId: number;
  area: string;
  rid: string | null;
  endsAt: number;
  sentAt: number | null;
}

interface Candidate extends RemoteFacts {
  orderId: number;
  customerId: number;
  disconnectionId: number;
  accountNo: string;
  terminalId: number | null;
  area: string;
  tries: number;
}

async function candidateOf(tx: Tx, orderId: number): Promise<Candidate | null> {
  const [row] = await tx.query<Omit<Candidate, 'hasTerminal'>>(
    `select o.id as "orderId", o.customer_id as "customerId", o.disconnection_id as "disconnectionId", c.account_no as "accountNo",
            c.remote_switch as "hasSwitch", c.category, a.area, g.agreed,
            exists (select from reconnection_step s where s.order_id = o.id and s.step = 'acknowledged' and s.at >= o.paid_at) as "isAcknowledged",
            o.state in ('open', 'breached') and d.reconnected_at is null as "isOwed",
            exists (select from remote_reconnection r where r.order_id = o.id and r.state in ('waiting', 'sending')) as "isUnderWay",
            (select count(*) from remote_reconnection r where r.order_id = o.id and r.state <> 'cancelled') as tries,
            (select t.id from terminal t where t.transformer_id = c.transformer_id order by t.shard is null, t.id limit 1) as "terminalId"
     from reconnection_order o join customer c on c.id = o.customer_id join asset a on a.id = c.transformer_id
     join disconnection d on d.id = o.disconnection_id left join direct_reconnection g on g.customer_id = c.id
     where o.id = $1`,
    [orderId],
  );
  return row === undefined ? null : { ...row, hasTerminal: row.terminalId !== null };
}

/**
 * What a new order begins with: the remote switch where the policy and the register allow it, once per order; a crew otherwise.
 * The command is stored in the caller's transaction; it is sent after the commit. The caller holds the lock of the account.
 */
export async function beginRestoration(tx: Tx, active: PolicyInForce, orderId: number, actor: string): Promise<void> {
  const candidate = await candidateOf(tx, orderId);
  if (candidate === null) return;
  const found = obstaclesOf(candidate, active).filter(({ rule }) => rule !== 'not_acknowledged');
  if (found.length === 0 && candidate.tries === 0) {
    await startTry(tx, active, candidate, actor);
    return;
  }
  if (candidate.isUnderWay) return;
  const [noTerminal] = found.length === 1 ? found.filter(({ rule }) => rule === 'no_terminal') : [];
  await needCrew(tx, orderId);
  if (noTerminal !== undefined)
    await append(tx, [entryOf({ ...candidate, rid: null, attempts: 0 }, 'field_order', noTerminal.en, tx.now, actor)]);
}

/**
 * Starts a try because a person asks for it.
 * @returns every obstacle; none = it has begun
 */
export async function requestRemote(
  tx: Tx,
  active: PolicyInForce,
  orderId: number,
  actor: string,
): Promise<Obstacle[]> {
  const candidate = await candidateOf(tx, orderId);
  if (candidate === null) return [];
  const found = obstaclesOf(candidate, active);
  if (found.length === 0) await startTry(tx, active, candidate, actor);
  return found;
}

const obstaclesOf = (candidate: Candidate, active: PolicyInForce): Obstacle[] =>
  obstacles(candidate, active.policyFor(candidate.area), active.sourcesFor(candidate.area));

async function startTry(tx: Tx, active: PolicyInForce, candidate: Candidate, actor: string): Promise<void> {
  const mustWait = obstaclesOf(candidate, active).some(({ rule }) => rule === 'not_acknowledged');
  const limit = active.policyFor(candidate.area).remoteReconnection;
  const endsAt = tx.now + (mustWait ? limit.acknowledgementMinutes : limit.limitMinutes) * MINUTE_MS;
  const [row] = await tx.query<{ id: number }>(
    `insert into remote_reconnection (order_id, state, requested_at, ends_at) values ($1, 'waiting', $2, $3) returning id`,
    [candidate.orderId, at(tx.now), at(endsAt)],
  );
  await tx.query('update reconnection_order set field_since = null where id = $1', [candidate.orderId]);
  const waiting = { id: row?.id ?? 0, endsAt, rid: null, attempts: 0, sentAt: null, state: 'waiting' as const };
  const stored: StoredTry = { ...candidate, ...waiting };
  await setLimit(tx, active, stored, mustWait ? 'acknowledgementMinutes' : 'limitMinutes');
  if (!mustWait) return sendCommand(tx, active, stored, actor);
  await append(tx, [entryOf(stored, 'waiting_for_acknowledgement', '', tx.now, actor)]);
}

/** Stores the command: from here on it is sent, again and again under its one rid, until it is answered or has expired. */
async function sendCommand(tx: Tx, active: PolicyInForce, stored: StoredTry, actor: string): Promise<void> {
  const candidate = await candidateOf(tx, stored.orderId);
  const [command] = await tx.query<{ rid: string }>(
    `insert into terminal_command (terminal_id, kind, body, created_at, expires_at) values ($1, 'reconnect', $2, $3, $4) returning rid`,
    [candidate?.terminalId, JSON.stringify({ accountNo: candidate?.accountNo }), at(tx.now), at(stored.endsAt)],
  );
  const rid = command?.rid ?? null;
  await tx.query(`update remote_reconnection set state = 'sending', rid = $2, ends_at = $3 where id = $1`, [
    stored.id,
    rid,
    at(stored.endsAt),
  ]);
  await setRetry(tx, active, stored, 1);
  await append(tx, [entryOf({ ...stored, rid }, 'requested', '', tx.now, actor)]);
}

/** The customer said that it is safe: a try that waits for it is sent, with a limit of its own. */
export async function acknowledgeTry(tx: Tx, active: PolicyInForce, orderId: number, actor: string): Promise<void> {
  const stored = await lockTry(tx, orderId);
  if (stored?.state !== 'waiting') return;
  const endsAt = tx.now + active.policyFor(stored.area).remoteReconnection.limitMinutes * MINUTE_MS;
  const going = { ...stored, endsAt };
  await setLimit(tx, active, going, 'limitMinutes');
  await sendCommand(tx, active, going, actor);
}

/** Ends a try that is not needed any more. A command that was sent cannot be called back; one that was not is never sent. */
export async function stopRemote(tx: Tx, orderId: number, why: { reason: string; isMeasured: boolean }): Promise<void> {
  const stored = await lockTry(tx, orderId);
  if (stored === null) return;
  const isSent = stored.sentAt !== null || (await isOnItsWay(tx, stored.rid));
  await stepTry(tx, null, stored, { kind: 'not_owed', reason: why.reason, isDone: why.isMeasured && isSent });
}

async function isOnItsWay(tx: Tx, rid: string | null): Promise<boolean> {
  const [row] = await tx.query<{ sent: boolean }>(
    'select sent_at is not null as sent from terminal_command where rid = $1',
    [rid],
  );
  return row?.sent ?? false;
}

/** The try of an order that is under way, locked. */
export async function lockTry(tx: Tx, orderId: number): Promise<StoredTry | null> {
  const [row] = await tx.query<StoredTry>(
    `${TRY} where r.order_id = $1 and r.state in ('waiting', 'sending') for update of r`,
    [orderId],
  );
  return row ?? null;
}

export const TRY = `select r.id, r.order_id as "orderId", o.customer_id as "customerId", o.disconnection_id as "disconnectionId", a.area, r.state,
    r.rid, r.attempts, r.ends_at as "endsAt", r.sent_at as "sentAt"
  from remote_reconnection r join reconnection_order o on o.id = r.order_id join customer c on c.id = o.customer_id
  join asset a on a.id = c.transformer_id`;

/**
 * Puts one input through the rules and writes the outcome.
 * @param active needed for inputs that may lead to another sending
 */
export async function stepTry(
  tx: Tx,
  active: PolicyInForce | null,
  stored: StoredTry,
  input: RemoteInput,
): Promise<void> {
  const outcome = stepRemote(stored, input);
  const attempts = stored.attempts + (outcome.resend ? 1 : 0);
  const hasEnded = outcome.state !== stored.state;
  await tx.query(
    `update remote_reconnection set state = $2, attempts = $3, reason = case when $4 = '' then reason else $4 end,
       settled_at = coalesce(settled_at, $5) where id = $1`,
    [stored.id, outcome.state, attempts, outcome.reason, atOrNull(hasEnded ? tx.now : null)],
  );
  if (outcome.resend)
    await tx.query(
      'update terminal_command set sent_at = null where rid = $1 and answered_at is null and expires_at > $2',
      [stored.rid, at(tx.now)],
    );
  if (input.kind === 'retry_due' && !hasEnded && active !== null)
    await setRetry(tx, active, stored, Math.max(1, attempts));
  if (hasEnded) {
    await tx.query(
      'update terminal_command set expires_at = least(expires_at, $2) where rid = $1 and answered_at is null',
      [stored.rid, at(tx.now)],
    );
    await settleDeadlines(
      tx,
      REMOTE_DEADLINE,
      'reconnection_order',
      [stored.orderId],
      outcome.state === 'succeeded' ? 'met' : 'cancelled',
    );
  }
  if (outcome.fallBack) await needCrew(tx, stored.orderId);
  await append(tx, [
    ...(outcome.step === null ? [] : [entryOf({ ...stored, attempts }, outcome.step, outcome.reason, tx.now)]),
    ...(outcome.fallBack ? [entryOf({ ...stored, attempts }, 'field_order', outcome.reason, tx.now)] : []),
  ]);
}

const needCrew = (tx: Tx, orderId: number): Promise<object[]> =>
  tx.query('update reconnection_order set field_since = coalesce(field_since, $2) where id = $1', [
    orderId,
    at(tx.now),
  ]);

async function setLimit(
  tx: Tx,
  active: PolicyInForce,
  stored: StoredTry,
  limit: 'limitMinutes' | 'acknowledgementMinutes',
): Promise<void> {
  const policy = active.policyFor(stored.area);
  const receipt = receiptOf({
    startMeaning: limit === 'limitMinutes' ? 'command requested' : 'acknowledgement asked for',
    start: tx.now,
    limitMs: policy.remoteReconnection[limit] * MINUTE_MS,
    profile: policy.profile,
    source: active.sourcesFor(stored.area)[`remoteReconnection.${limit}`] ?? 'policy',
  });
  await setStage(tx, active, stored.orderId, { stage: 'limit', dueAt: receipt.due, receipt });
}

async function setRetry(tx: Tx, active: PolicyInForce, stored: StoredTry, attempt: number): Promise<void> {
  const dueAt = retryAt(attempt, tx.now, stored.endsAt, active.policyFor(stored.area));
  if (dueAt === null) return;
  const receipt = { startMeaning: 'command sent without an answer', start: tx.now, limitMs: dueAt - tx.now };
  await setStage(tx, active, stored.orderId, { stage: 'retry', dueAt, receipt });
}

const setStage = (
  tx: Tx,
  active: PolicyInForce,
  orderId: number,
  stage: { stage: string; dueAt: number; receipt: object },
): Promise<void> =>
  setDeadlines(tx, {
    kind: REMOTE_DEADLINE,
    subjectType: 'reconnection_order',
    subjectId: orderId,
    policyVersion: active.version,
    stages: [stage],
  });

/** Every step of a try stands in the journal. */
export const entryOf = (
  stored: Pick<StoredTry, 'orderId' | 'customerId' | 'disconnectionId' | 'rid' | 'attempts'>,
  step: RemoteStep,
  reason: string,
  happenedAt: number,
  actor = 'system',
): NewJournalEntry => ({
  type: 'remote_reconnection',
  subjectType: 'reconnection_order',
  subjectId: stored.orderId,
  happenedAt,
  actor,
  data: {
    customerId: stored.customerId,
    disconnectionId: stored.disconnectionId,
    rid: stored.rid,
    step,
    attempt: stored.attempts,
    reason,
  },
});
