import type { JournalEntry, NewJournalEntry } from '../../src/domain/journal-entry.js';
import { PolicyTimeline } from '../../src/domain/policy-in-force.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';
import type { Database } from '../../src/modules/database/database.js';
import { append } from '../../src/modules/journal/append.js';
import { step } from '../../src/modules/journal/follow.js';
import type { Follower } from '../../src/modules/journal/follow.js';

export interface SmallCity {
  feeder: number;
  /** Transformers T1..T4 below the feeder. */
  transformers: number[];
  /** Customers C1..C8, two on each transformer, with the mobiles 13800000001 and so on. */
  customers: number[];
}

/** A substation, a feeder, four transformers in the area `north`, eight customers; valid since the beginning of time. */
export async function buildSmallCity(db: Database): Promise<SmallCity> {
  const asset = async (code: string, kind: string, parent: { id: number; path: number[] } | null) => {
    const [row] = await db.query<{ id: number }>(
      `insert into asset (code, kind, parent_id, path, name, area) values ($1, $2, $3, '{}', $4, 'north') returning id`,
      [code, kind, parent?.id ?? null, `名${code}`],
    );
    const id = row?.id ?? 0;
    const path = [...(parent?.path ?? []), id];
    await db.query('update asset set path = $2 where id = $1', [id, path]);
    await db.query(`insert into asset_parent (asset_id, parent_id, valid_from) values ($1, $2, '-infinity')`, [
      id,
      parent?.id ?? null,
    ]);
    return { id, path };
  };
  const substation = await asset('S1', 'substation', null);
  const feeder = await asset('F1', 'feeder', substation);
  const transformers: number[] = [];
  const customers: number[] = [];
  for (let t = 1; t <= 4; t += 1) {
    const transformer = await asset(`T${t}`, 'transformer', feeder);
    transformers.push(transformer.id);
    for (const c of [2 * t - 1, 2 * t]) {
      const [row] = await db.query<{ id: number }>(
        `insert into customer (account_no, name, transformer_id, mobile) values ($1, '张三', $2, $3) returning id`,
        [`C${c}`, transformer.id, `1380000000${c}`],
      );
      customers.push(row?.id ?? 0);
      await db.query(
        `insert into customer_transformer (customer_id, transformer_id, valid_from) values ($1, $2, '-infinity')`,
        [row?.id, transformer.id],
      );
    }
  }
  return { feeder: feeder.id, transformers, customers };
}

const loaded = readPolicyFile(builtInPolicyFile('csg'));
/** The built-in policy as a rule sees it. */
export const POLICY = new PolicyTimeline([{ ...loaded, version: 1, effectiveFrom: 0 }]).at(0);

export const appendAll = (db: Database, ...entries: NewJournalEntry[]): Promise<void> =>
  db.inTx((tx) => append(tx, entries));

/** Lets a follower read the journal to its end; fails when it sets an entry aside. */
export async function catchUp(db: Database, follower: Follower): Promise<void> {
  for (;;) {
    const result = await step(db, follower);
    if (typeof result === 'object') throw result.error;
    if (result === 'worked') continue;
    if (result === 'idle') return;
    await new Promise((done) => setTimeout(done, 5));
  }
}

export const journalOf = (db: Database, types: readonly JournalEntry['type'][]): Promise<JournalEntry[]> =>
  db.query<JournalEntry>(
    `select id, type, subject_type as "subjectType", subject_id as "subjectId", happened_at as "happenedAt",
            known_at as "knownAt", actor, data
     from journal where type = any($1) order by id`,
    [types],
  );
