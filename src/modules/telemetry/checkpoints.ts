import { INITIAL_STATE } from '../../domain/detector.js';
import type { DetectorState } from '../../domain/detector.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';

/**
 * The rules' memory as it was after the last input of a local day. Written by the batch writer (update-stations.ts) when the first input
 * of another day arrives, and again by reassess.ts: `ts` is `state.lastTs`, and the state holds everything up to and including it.
 * They must live at least as long as the readings: without one a history is taken to begin with the oldest reading there is.
 */
export interface Checkpoint {
  ts: number;
  state: DetectorState;
}

/** Where to begin when something is new at `fromTs`: the newest memory of before, or the very beginning. */
export async function checkpointBefore(
  tx: Tx,
  transformerId: number,
  fromTs: number,
): Promise<{ ts: number | null; state: DetectorState }> {
  const [row] = await tx.query<Checkpoint>(
    `select ts, state from detector_checkpoint where transformer_id = $1 and ts < $2 order by ts desc limit 1`,
    [transformerId, at(fromTs)],
  );
  return row ?? { ts: null, state: INITIAL_STATE };
}

/**
 * Puts the checkpoints of a history that was run again from `fromTs` on in the place of the old ones (null = all). The one at `fromTs`
 * itself is among them, unless its day went on with late data.
 */
export async function replaceCheckpoints(
  tx: Tx,
  transformerId: number,
  fromTs: number | null,
  checkpoints: readonly Checkpoint[],
): Promise<void> {
  await tx.query(
    `delete from detector_checkpoint where transformer_id = $1 and ($2::timestamptz is null or ts >= $2)`,
    [transformerId, atOrNull(fromTs)],
  );
  if (checkpoints.length === 0) return;
  await tx.query(
    `insert into detector_checkpoint (transformer_id, ts, state)
     select $1, ts, state from unnest($2::timestamptz[], $3::jsonb[]) as c(ts, state)`,
    [transformerId, checkpoints.map(({ ts }) => at(ts)), checkpoints.map(({ state }) => JSON.stringify(state))],
  );
}
