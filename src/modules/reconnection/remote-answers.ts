import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { MINUTE_MS } from '../../domain/instants.js';
import { at } from '../database/database.js';
import type { Database, Queryable, Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { lockCustomer } from './account-facts.js';
import { entryOf, lockTry, stepTry, TRY } from './remote-tries.js';
import type { StoredTry } from './remote-tries.js';
import { takeFact } from './restorations.js';

/** An answer that comes later than this is kept with the command, and looked at by nobody. */
const LATE_DAYS = 7;
const PER_STEP = 100;

/** What a terminal answers to the command `reconnect`; see docs/remote-switch.md. Anything else in it is kept and not read. */
interface Answer {
  ok?: unknown;
  /** `closed` confirms. */
  switch?: unknown;
  /** When the switch closed, epoch milliseconds of the terminal. */
  ts?: unknown;
  error?: unknown;
}

interface News {
  id: number;
  customerId: number;
}

/** Tries whose command has been sent or answered since it was looked at last. */
const newsOfCommands = (db: Queryable, now: number): Promise<News[]> =>
  db.query<News>(
    `select r.id, o.customer_id as "customerId"
     from remote_reconnection r join terminal_command c on c.rid = r.rid join reconnection_order o on o.id = r.order_id
     where r.rid is not null and not r.answer_seen and r.requested_at > $1
       and (c.answered_at is not null or r.sent_at is null and c.sent_at is not null)
     order by r.requested_at limit ${PER_STEP}`,
    [at(now - LATE_DAYS * 24 * 60 * MINUTE_MS)],
  );

/**
 * Takes what became of commands: that they were sent, and their answers. One transaction each; any number of replicas may do this.
 * @returns true when there may be more
 */
export async function followCommands(db: Database, active: PolicyInForce): Promise<boolean> {
  const news = await newsOfCommands(db, db.clock.now());
  for (const one of news) await db.inTx((tx) => followCommand(tx, active, one));
  return news.length === PER_STEP;
}

interface Command extends StoredTry {
  answerSeen: boolean;
  commandSentAt: number | null;
  answeredAt: number | null;
  answer: Answer | null;
  createdAt: number;
}

async function followCommand(tx: Tx, active: PolicyInForce, { id, customerId }: News): Promise<void> {
  await lockCustomer(tx, customerId);
  const [found] = await tx.query<StoredTry>(`${TRY} where r.id = $1 for update of r`, [id]);
  const [command] = await tx.query<Omit<Command, keyof StoredTry>>(
    `select r.answer_seen as "answerSeen", c.sent_at as "commandSentAt", c.answered_at as "answeredAt", c.answer, c.created_at as "createdAt"
     from remote_reconnection r join terminal_command c on c.rid = r.rid where r.id = $1 for update of c`,
    [id],
  );
  if (found === undefined || command === undefined || command.answerSeen) return;
  const { commandSentAt, answeredAt, answer } = command;
  let stored = found;
  const firstSentAt = commandSentAt ?? answeredAt;
  if (stored.sentAt === null && firstSentAt !== null) {
    stored = { ...stored, sentAt: firstSentAt, attempts: Math.max(1, stored.attempts) };
    await tx.query('update remote_reconnection set sent_at = $2, attempts = $3 where id = $1', [
      id,
      at(firstSentAt),
      stored.attempts,
    ]);
    await append(tx, [entryOf(stored, 'sent', '', firstSentAt)]);
  }
  if (answeredAt === null || answer === null) return;
  const ok = answer.ok === true;
  const switchClosed = ok && answer.switch === 'closed';
  // An answer that leaves the switch open to doubt is none yet: the same rid is sent again, and may be answered better.
  if (ok && !switchClosed)
    await tx.query('update terminal_command set answered_at = null where rid = $1', [stored.rid]);
  else await tx.query('update remote_reconnection set answer_seen = true where id = $1', [id]);
  const error = typeof answer.error === 'string' ? answer.error.slice(0, 200) : 'refused without a reason';
  await stepTry(tx, active, stored, { kind: 'answer', ok, switchClosed, error });
  if (!switchClosed) return;
  const closedAt = instantOf(answer.ts, command.createdAt, answeredAt, active);
  await takeFact(
    tx,
    active,
    stored.disconnectionId,
    { kind: 'switch_closed', at: closedAt, source: `command:${stored.rid ?? ''}` },
    'system',
  );
}

/** The terminal's instant where it can be true, else that of arrival. */
function instantOf(ts: unknown, createdAt: number, answeredAt: number, { policy }: PolicyInForce): number {
  const toleranceMs = policy.telemetry.futureToleranceMinutes * MINUTE_MS;
  const isTrue = typeof ts === 'number' && ts >= createdAt - toleranceMs && ts <= answeredAt + toleranceMs;
  return isTrue ? ts : answeredAt;
}

/** A deadline of a try has passed: send the same command again, or send a crew. */
export async function passRemoteDeadline(
  tx: Tx,
  active: PolicyInForce,
  orderId: number,
  { stage, dueAt }: { stage: string; dueAt: number },
): Promise<void> {
  const [order] = await tx.query<{ customerId: number }>(
    'select customer_id as "customerId" from reconnection_order where id = $1',
    [orderId],
  );
  if (order === undefined) return;
  await lockCustomer(tx, order.customerId);
  const stored = await lockTry(tx, orderId);
  if (stored === null) return;
  if (stage === 'retry') return stepTry(tx, active, stored, { kind: 'retry_due', isSent: stored.sentAt !== null });
  // An acknowledgement that came in the meantime moved the end; the deadline of that end is still to come.
  if (stored.endsAt > dueAt) return;
  await stepTry(tx, active, stored, { kind: 'limit' });
}
