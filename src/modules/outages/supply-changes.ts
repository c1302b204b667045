import { CORROBORATED } from '../../domain/corroboration.js';
import { compareInterruptions, interruptionsOf, suspectedInterruptions } from '../../domain/interruptions.js';
import type { InterruptionChanges, SupplyInterval } from '../../domain/interruptions.js';
import { partition } from '../../domain/partition.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { backInSameBoot } from './corroborate-facts.js';
import { MEMBER_COLUMNS } from './outage-rows.js';
import type { StoredMember } from './outage-rows.js';

/** It ended on a word, or with its neighbours, and its supply was not measured before the news. */
const ENDED_UNMEASURED = `ot.end_source in ('dispatcher', '${CORROBORATED}') and exists (
  select from supply_interval i where i.transformer_id = ot.transformer_id and i.withdrawn_at is null
   and i.started_at <= ot.ended_at and (i.ended_at is null or i.ended_at >= s.moment))`;

/** What is new about one transformer's supply, beside what its outages record. */
export interface TransformerChanges extends InterruptionChanges {
  transformerId: number;
  /** The recorded rows that changes and withdrawals speak of. */
  recorded: StoredMember[];
}

/**
 * Reads the supply intervals of transformers again, each from an instant on, and compares them with the recorded interruptions.
 * Live and late news go the same way, so handling an entry twice, or late, changes nothing. Three statements, whatever the number.
 */
export async function supplyChanges(tx: Tx, from: ReadonlyMap<number, number>): Promise<TransformerChanges[]> {
  if (from.size === 0) return [];
  const recorded = await tx.query<StoredMember>(
    `select ${MEMBER_COLUMNS}
     from unnest($1::integer[], $2::timestamptz[]) as s(transformer_id, moment)
     join outage_transformer ot on ot.transformer_id = s.transformer_id
      and (ot.ended_at is null or ot.ended_at >= s.moment or ${ENDED_UNMEASURED})`,
    [[...from.keys()], [...from.values()].map(at)],
  );
  const horizon = new Map(from);
  for (const { transformerId, notBefore } of recorded)
    horizon.set(transformerId, Math.min(horizon.get(transformerId) ?? notBefore, notBefore));
  const intervals = await tx.query<SupplyInterval & { transformerId: number }>(
    `select i.transformer_id as "transformerId", i.state, i.started_at as "startedAt", i.ended_at as "endedAt",
       i.source, i.end_source as "endSource"
     from unnest($1::integer[], $2::timestamptz[]) as s(transformer_id, moment)
     join supply_interval i on i.transformer_id = s.transformer_id and i.withdrawn_at is null
      and (i.ended_at is null or i.ended_at > s.moment)`,
    [[...horizon.keys()], [...horizon.values()].map(at)],
  );
  const sameBoot = await backInSameBoot(tx, recorded);
  const recordedOf = partition(recorded, ({ transformerId }) => transformerId);
  const intervalsOf = partition(intervals, ({ transformerId }) => transformerId);
  return [...from.keys()].flatMap((transformerId) => {
    const rows = recordedOf.get(transformerId) ?? [];
    const supply = intervalsOf.get(transformerId) ?? [];
    const suspected = rows.filter(({ source }) => source === CORROBORATED);
    const changes = compareInterruptions(rows, [
      ...interruptionsOf(supply),
      ...suspectedInterruptions(suspected, supply, sameBoot.has(transformerId)),
    ]);
    const isNews = changes.added.length + changes.changed.length + changes.withdrawn.length > 0;
    return isNews ? [{ ...changes, transformerId, recorded: rows }] : [];
  });
}
