import { Injectable, Logger } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { assess } from '../../domain/assess.js';
import { UNRATED } from '../../domain/detector.js';
import type { DetectorState, Rating } from '../../domain/detector.js';
import { History } from '../../domain/history.js';
import { MINUTE_MS } from '../../domain/instants.js';
import type { NewJournalEntry } from '../../domain/journal-entry.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { isUnheard } from '../../domain/supply.js';
import { at, atOrNull, Database } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { checkpointBefore, replaceCheckpoints } from './checkpoints.js';
import type { Checkpoint } from './checkpoints.js';
import { reviseEpisodes, reviseSupply } from './revise-rows.js';
import { storedInputs } from './stored-inputs.js';
import { LocalDay } from './update-stations.js';

/** Late data come in bursts (a backfill is many messages); the history is run once they have come to rest. */
const QUIET_MS = 2_000;
const TRANSFORMERS_PER_STEP = 20;
/** Until a history that failed is tried again. */
const POSTPONED_MS = 10 * MINUTE_MS;
const logger = new Logger('reassessment');

/** Runs the history of transformers again whose data arrived late. */
@Injectable()
export class Reassessment implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly workers: Workers,
    private readonly active: ActivePolicy,
  ) {}

  onModuleInit(): void {
    this.workers.register({
      name: 'reassessment',
      role: 'followers',
      restMs: 1_000,
      step: (signal) => reassessDue(this.db, this.active.at(this.db.clock.now()), signal),
    });
  }
}

/** Takes some transformers that are due; true when there may be more. Several replicas may do this at once. */
export async function reassessDue(db: Database, rules: PolicyInForce, signal?: AbortSignal): Promise<boolean> {
  const due = await db.query<{ transformerId: number }>(
    `select transformer_id as "transformerId" from reassessment where requested_at <= $1 order by requested_at limit $2`,
    [at(db.clock.now() - QUIET_MS), TRANSFORMERS_PER_STEP],
  );
  let done = 0;
  for (const { transformerId } of due) {
    if (signal?.aborted === true) break;
    try {
      if (await db.inTx((tx) => reassess(tx, transformerId, rules))) done += 1;
    } catch (error) {
      // One history that cannot be run must not hold up the others. A database that is away fails this, too, and with it the step.
      await db.query('update reassessment set requested_at = $2 where transformer_id = $1', [
        transformerId,
        at(db.clock.now() + POSTPONED_MS),
      ]);
      logger.error(`the history of transformer ${transformerId} could not be run again: ${String(error)}`);
    }
  }
  return done > 0 && due.length === TRANSFORMERS_PER_STEP;
}

/**
 * Runs one transformer's stored history through the rules, each input by the limits that were in force at its instant, from the last checkpoint before its late data to now, and brings rows, state
 * and checkpoints to what comes out; the journal tells of every difference. Exact beside ingestion, because the state row is locked
 * for the whole of it; done twice it changes nothing.
 * @returns false when there was nothing to do, or another transaction holds the transformer
 */
export async function reassess(tx: Tx, transformerId: number, rules: PolicyInForce): Promise<boolean> {
  const current = await lockCurrent(tx, transformerId);
  if (current === null) return false;
  // The request goes after the lock: a batch takes the two in this order, too.
  const [request] = await tx.query<{ fromTs: number }>(
    `delete from reassessment where transformer_id = $1 returning from_ts as "fromTs"`,
    [transformerId],
  );
  if (request === undefined) return false;
  const start = await checkpointBefore(tx, transformerId, request.fromTs);
  const history = new History(start.state);
  const { state: measured, checkpoints } = await runAgain(tx, current, start, history, rules);
  const state = withSilence(measured, current, history, rules, tx.now);
  const entries = [
    ...(await reviseSupply(tx, transformerId, history, start.ts, current.knownSince)),
    ...(await reviseEpisodes(tx, transformerId, history, start.ts, rules.version)),
    ...supplyNow(current, state),
  ];
  await replaceCheckpoints(tx, transformerId, start.ts, checkpoints);
  await tx.query(
    `update transformer_state
     set last_ts = $2, supply = $3, supply_since = $4, supply_source = $5, signals = $6, known_since = least(known_since, $7)
     where transformer_id = $1`,
    [
      transformerId,
      atOrNull(state.lastTs),
      state.supply,
      atOrNull(state.supplySince),
      state.supplySource,
      state.signals === null ? null : JSON.stringify(state.signals),
      atOrNull(history.knownSince),
    ],
  );
  await append(tx, entries);
  return true;
}

type Current = DetectorState & {
  transformerId: number;
  knownSince: number | null;
  intervalMs: number;
  rating: Rating;
  area: string;
};

async function lockCurrent(tx: Tx, transformerId: number): Promise<Current | null> {
  const [row] = await tx.query<DetectorState & { knownSince: number | null; terminalId: number | null }>(
    `select last_ts as "lastTs", supply, supply_since as "supplySince", coalesce(supply_source, 'none') as "supplySource",
       signals, known_since as "knownSince", terminal_id as "terminalId"
     from transformer_state where transformer_id = $1 for update skip locked`,
    [transformerId],
  );
  if (row === undefined) return null;
  const { terminalId, ...state } = row;
  const [asset] = await tx.query<Rating & { area: string }>(
    `select capacity_kva as "capacityKva", connection, area from asset where id = $1`,
    [transformerId],
  );
  const [terminal] = await tx.query<{ intervalMs: number }>(
    `select interval_seconds * 1000 as "intervalMs" from terminal where transformer_id = $1 order by id = $2 desc, id limit 1`,
    [transformerId, terminalId],
  );
  const intervalMs = terminal?.intervalMs ?? 60_000;
  return { ...state, transformerId, intervalMs, rating: asset ?? UNRATED, area: asset?.area ?? '' };
}

async function runAgain(
  tx: Tx,
  { transformerId, intervalMs, rating, area }: Current,
  start: { ts: number | null; state: DetectorState },
  history: History,
  rules: PolicyInForce,
): Promise<{ state: DetectorState; checkpoints: Checkpoint[] }> {
  const day = new LocalDay();
  const checkpoints: Checkpoint[] = [];
  let { state } = start;
  for await (const inputs of storedInputs(tx, transformerId, start.ts)) {
    for (const input of inputs) {
      if (state.lastTs !== null && !day.isSame(state.lastTs, input.ts)) checkpoints.push({ ts: state.lastTs, state });
      const result = assess(state, input, rules.policyAt(area, input.ts), intervalMs, rating);
      state = result.state;
      if (result.facts.length > 0) history.take(result.facts);
    }
  }
  return { state, checkpoints };
}

/**
 * A terminal that is not heard now (nothing came since supply became unknown) stays so: the clock or its will noticed that, and readings
 * of the past do not tell of it.
 */
function withSilence(
  state: DetectorState,
  current: Current,
  history: History,
  { policy }: PolicyInForce,
  now: number,
): DetectorState {
  if (state.supply !== 'live' || !isUnheard(current) || current.supplySince !== current.lastTs) return state;
  const kind = current.supplySource === 'offline' ? 'offline' : 'silence';
  const noticed = assess(state, { kind, ts: Math.max(now, state.lastTs ?? now) }, policy, current.intervalMs);
  history.take(noticed.facts);
  return noticed.state;
}

function supplyNow(before: Current, after: DetectorState): NewJournalEntry[] {
  if (before.supply === after.supply || after.supplySince === null) return [];
  return [
    {
      type: 'supply_changed',
      subjectType: 'transformer',
      subjectId: before.transformerId,
      happenedAt: after.supplySince,
      data: { from: before.supply, to: after.supply, source: after.supplySource },
    },
  ];
}
