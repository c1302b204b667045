import type { NewJournalEntry, OutageState } from '../../src/domain/journal-entry.js';
import type { Database, Tx } from '../../src/modules/database/database.js';
import { at } from '../../src/modules/database/database.js';
import { sweep } from '../../src/modules/deadlines/deadline-sweep.js';
import { append } from '../../src/modules/journal/append.js';
import type { Follower } from '../../src/modules/journal/follow.js';
import { followOutages } from '../../src/modules/outages/outage-follower.js';
import { catchUp, POLICY } from './small-city.js';

/** Ids by code: `S`, `F1`, `F1.A`, `F1.A.1`. */
export type Grid = ReadonlyMap<string, number>;

/**
 * One substation S, feeders F1.., sections F1.A.., transformers F1.A.1.., each with a terminal (D-F1.A.1)
 * and `customers` customers, in the area of their feeder.
 * Set-based, so that thousands are made at once.
 */
export async function buildGrid(
  db: Database,
  size: { feeders: number; sections: number; transformers: number; customers: number },
): Promise<Grid> {
  const add = async (kind: string, codes: string): Promise<void> => {
    await db.query(
      `insert into asset (code, kind, parent_id, path, name, area)
       select n.code, '${kind}', p.id, coalesce(p.path, '{}'), 'name of ' || n.code, split_part(n.code, '.', 1)
       from (${codes}) n(code, parent) left join asset p on p.code = n.parent`,
    );
    await db.query(`update asset set path = path || id where kind = '${kind}'`);
  };
  const feeders = `select 'F' || f from generate_series(1, ${size.feeders}) f`;
  await add('substation', `select 'S', null`);
  await add('feeder', `select f, 'S' from (${feeders}) x(f)`);
  await add(
    'section',
    `select f || '.' || chr(64 + s), f from (${feeders}) x(f), generate_series(1, ${size.sections}) s`,
  );
  await add(
    'transformer',
    `select code || '.' || t, code from asset, generate_series(1, ${size.transformers}) t where kind = 'section'`,
  );
  await db.query(
    `insert into asset_parent (asset_id, parent_id, valid_from) select id, parent_id, '-infinity' from asset`,
  );
  await db.query(
    `insert into terminal (code, transformer_id) select 'D-' || code, id from asset where kind = 'transformer'`,
  );
  await db.query(
    `insert into customer (account_no, transformer_id)
     select code || '/' || c, id from asset, generate_series(1, ${size.customers}) c where kind = 'transformer'`,
  );
  const rows = await db.query<{ code: string; id: number }>('select code, id from asset');
  return new Map(rows.map(({ code, id }) => [code, id]));
}

export interface SupplyNews {
  transformerId: number;
  to: 'dead' | 'live';
  at: number;
  source?: string;
}

/** Writes intervals and journal entries as telemetry does: in one transaction, in the order given. */
export async function tellSupply(db: Database, news: readonly SupplyNews[]): Promise<void> {
  await db.inTx(async (tx) => {
    for (const { transformerId, to, at: moment, source = to === 'dead' ? 'power_off' : 'power_on' } of news) {
      await (to === 'dead' ? lose(tx, transformerId, moment, source) : restore(tx, transformerId, moment, source));
    }
    await append(
      tx,
      news.map(({ transformerId, to, at: moment, source = 'power_off' }): NewJournalEntry => {
        const data = { from: to === 'dead' ? ('live' as const) : ('dead' as const), to, source };
        return {
          type: 'supply_changed',
          subjectType: 'transformer',
          subjectId: transformerId,
          happenedAt: moment,
          data,
        };
      }),
    );
  });
}

const lose = (tx: Tx, transformerId: number, moment: number, source: string): Promise<object[]> =>
  tx.query(`insert into supply_interval (transformer_id, state, started_at, source) values ($1, 'dead', $2, $3)`, [
    transformerId,
    at(moment),
    source,
  ]);

const restore = (tx: Tx, transformerId: number, moment: number, source: string): Promise<object[]> =>
  tx.query(`update supply_interval set ended_at = $2, end_source = $3 where transformer_id = $1 and ended_at is null`, [
    transformerId,
    at(moment),
    source,
  ]);

/** Late data: runs `change` on the intervals and tells of the revision. */
export async function reviseSupply(
  db: Database,
  transformerId: number,
  fromTs: number,
  change: (tx: Tx) => Promise<unknown>,
): Promise<void> {
  await db.inTx(async (tx) => {
    await change(tx);
    const data = { fromTs, toTs: tx.now, why: 'backfill' };
    await append(tx, [
      { type: 'supply_revised', subjectType: 'transformer', subjectId: transformerId, happenedAt: fromTs, data },
    ]);
  });
}

const outageFollower = (batchSize = 500): Follower => ({
  name: 'outages',
  batchSize,
  types: [
    'supply_changed',
    'supply_revised',
    'deadline_fired',
    'planned_outage_registered',
    'planned_outage_changed',
    'planned_outage_cancelled',
    'network_imported',
  ],
  handle: (tx, entries) => followOutages(tx, entries, POLICY),
});

/** Lets the follower and the sweep work until nothing is left to do at the present instant. */
export async function settleOutages(db: Database, batchSize = 500): Promise<void> {
  for (;;) {
    await catchUp(db, outageFollower(batchSize));
    if ((await sweep(db)).fired.length === 0) return;
  }
}

export interface OutageView {
  id: number;
  root: string;
  state: OutageState;
  nature: string;
  startedAt: number;
  endedAt: number | null;
  momentary: boolean;
  affected: number;
  restored: number;
  mergedInto: number | null;
  eta: number | null;
  members: string[];
}

export const readOutages = (db: Database): Promise<OutageView[]> =>
  db.query<OutageView>(
    `select o.id, a.code as root, o.state, o.nature, o.started_at as "startedAt", o.ended_at as "endedAt", o.momentary,
       o.customers_affected as affected, o.customers_restored as restored, o.merged_into_id as "mergedInto",
       o.estimated_restoration_at as eta,
       array(select t.code from outage_transformer ot join asset t on t.id = ot.transformer_id
             where ot.outage_id = o.id order by t.code) as members
     from outage o join asset a on a.id = o.root_asset_id order by o.id`,
  );
