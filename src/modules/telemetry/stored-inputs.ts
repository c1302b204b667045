import { compareInputs, inputOfEvent } from '../../domain/detector.js';
import type { DetectorInput, ReadingInput } from '../../domain/detector.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';

/** Inputs held in memory at once. */
const PAGE = 5_000;

type StoredReading = Omit<ReadingInput, 'kind'>;

/**
 * What the rules saw of one transformer after `afterTs` (null = ever), in their order, page by page: stored readings and power events. Wills are left
 * out: what they say (unknown until something is heard) the readings around them say as well, better.
 */
export async function* storedInputs(
  tx: Tx,
  transformerId: number,
  afterTs: number | null,
  pageSize = PAGE,
): AsyncGenerator<DetectorInput[]> {
  for (let from = afterTs ?? 0; ;) {
    const readings = await tx.query<StoredReading>(
      `select ts, ua, ub, uc, ia, ib, ic, in_ as "in", p, q from reading where transformer_id = $1 and ts > $2 order by ts limit $3`,
      [transformerId, at(from), pageSize],
    );
    const last = readings.at(-1);
    const isLastPage = readings.length < pageSize || last === undefined;
    const to = isLastPage ? Infinity : last.ts;
    const events = await tx.query<{ type: string; ts: number; phases: string | null }>(
      `select type, ts, phases from terminal_event
       where transformer_id = $1 and ts > $2 and ($3::timestamptz is null or ts <= $3) and type in ('power_off', 'power_on')`,
      [transformerId, at(from), isLastPage ? null : at(to)],
    );
    const inputs: DetectorInput[] = readings.map((reading) => ({ kind: 'reading', ...reading }));
    for (const { type, ts, phases } of events) {
      const input = inputOfEvent(type, ts, phases);
      if (input !== null) inputs.push(input);
    }
    if (events.length > 0) inputs.sort(compareInputs);
    yield inputs;
    if (isLastPage) return;
    from = to;
  }
}
