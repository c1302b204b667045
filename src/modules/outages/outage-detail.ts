import type { OutageState } from '../../domain/journal-entry.js';
import type { Outlook } from '../../domain/outage-outlook.js';
import { Fault } from '../../fault.js';
import { at } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { decisionsOn } from './decision-log.js';
import type { DecisionKind } from './decision-log.js';
import { findOutage } from './outage-query.js';
import type { OutageAnswer } from './outage-query.js';

interface Relative {
  id: number;
  state: OutageState;
  code: string;
  name: string;
  startedAt: number;
  endedAt: number | null;
  customersAffected: number;
  customersRestored: number;
}

export interface OutageDetailAnswer extends OutageAnswer {
  parent: Relative | null;
  children: Relative[];
  /** Filled in by OutageOutlooks. */
  outlook: Outlook | null;
  responsible: { owner: string | null; manager: string | null };
  progress: { at: number; by: string; actor: string; note: string }[];
  decisions: {
    id: number;
    kind: DecisionKind;
    at: number;
    by: string;
    note: string;
    outages: number[];
    undoneAt: number | null;
    undoneBy: string | null;
  }[];
}

/** One outage with its family, who answers for it, and what was done. @throws Fault `not_found` */
export async function findOutageDetail(db: Queryable, id: number): Promise<OutageDetailAnswer> {
  const outage = await findOutage(db, id);
  const family = await db.query<Relative>(
    `select o.id, o.state, a.code, a.name, o.started_at as "startedAt", o.ended_at as "endedAt",
       o.customers_affected as "customersAffected", o.customers_restored as "customersRestored"
     from outage o join asset a on a.id = o.root_asset_id
     where o.parent_id = $1 or o.id = $2 order by o.id`,
    [id, outage.parentId],
  );
  const [responsible] = await db.query<OutageDetailAnswer['responsible']>(
    `select (array_agg(u.owner order by cardinality(u.path) desc) filter (where u.owner is not null))[1] as owner,
       (array_agg(u.manager order by cardinality(u.path) desc) filter (where u.manager is not null))[1] as manager
     from outage o join asset r on r.id = o.root_asset_id join asset u on u.id = any(r.path) where o.id = $1`,
    [id],
  );
  const progress = await db.query<OutageDetailAnswer['progress'][number]>(
    'select at, by, actor, note from outage_progress where outage_id = $1 order by at, id',
    [id],
  );
  return {
    ...outage,
    parent: family.find((one) => one.id === outage.parentId) ?? null,
    children: family.filter((one) => one.id !== outage.parentId),
    outlook: null,
    responsible: responsible ?? { owner: null, manager: null },
    progress,
    decisions: (await decisionsOn(db, [id])).map((decision) => ({
      id: decision.id,
      kind: decision.kind,
      at: decision.at,
      by: decision.actor,
      note: decision.note,
      outages: decision.outageIds,
      undoneAt: decision.undoneAt,
      undoneBy: decision.undoneBy,
    })),
  };
}

/** Writes down what is being done about an outage, also about one that is over. @throws Fault `not_found` */
export async function noteProgress(
  tx: Tx,
  id: number,
  { note, by }: { note: string; by: string },
  actor: string,
): Promise<void> {
  const rows = await tx.query(
    `insert into outage_progress (outage_id, at, by, actor, note)
     select o.id, $2, $3, $4, $5 from outage o where o.id = $1 returning id`,
    [id, at(tx.now), by, actor, note],
  );
  if (rows.length === 0) throw new Fault('not_found', `There is no outage ${id}.`);
  await append(tx, [
    {
      type: 'outage_progress',
      subjectType: 'outage',
      subjectId: id,
      happenedAt: tx.now,
      actor,
      data: { note, by },
    },
  ]);
}
