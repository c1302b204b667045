import { createHash } from 'node:crypto';
import { at } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import { append } from '../journal/append.js';

/** A version as it stands in the table, without its tree. */
export interface PolicyRow {
  version: number;
  profile: string;
  fromFile: boolean;
  effectiveFrom: number;
  recordedAt: number;
  changedBy: string;
  note: string;
}

export interface NewVersion {
  profile: string;
  /** The whole tree as written. */
  raw: unknown;
  fromFile: boolean;
  effectiveFrom: number;
  changedBy: string;
  note: string;
}

export const digestOf = (raw: unknown): string => createHash('sha256').update(JSON.stringify(raw)).digest('hex');

const COLUMNS = `id as version, profile, from_file as "fromFile", effective_from as "effectiveFrom", recorded_at as "recordedAt",
  changed_by as "changedBy", note`;

/** Versions are written one after another, so that their numbers tell their order. */
export async function lockVersions(tx: Tx): Promise<void> {
  await tx.query('lock table policy_version in share row exclusive mode');
}

/** The caller holds `lockVersions`. */
export async function insertVersion(tx: Tx, one: NewVersion): Promise<number> {
  const [row] = await tx.query<{ id: number }>(
    `insert into policy_version (profile, digest, policy, from_file, effective_from, recorded_at, changed_by, note)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    [
      one.profile,
      digestOf(one.raw),
      JSON.stringify(one.raw),
      one.fromFile,
      at(one.effectiveFrom),
      at(tx.now),
      one.changedBy,
      one.note,
    ],
  );
  const id = row?.id ?? 0;
  await append(tx, [
    {
      type: 'policy_changed',
      subjectType: 'policy',
      subjectId: id,
      happenedAt: tx.now,
      actor: one.changedBy,
      data: { versionId: id, profile: one.profile, effectiveAt: one.effectiveFrom },
    },
  ]);
  return id;
}

/** Versions before one, the newest first; null = from the newest. */
export const listVersions = (db: Queryable, before: number | null, limit: number): Promise<PolicyRow[]> =>
  db.query<PolicyRow>(
    `select ${COLUMNS} from policy_version where $1::integer is null or id < $1 order by id desc limit $2`,
    [before, limit],
  );

export async function findVersion(db: Queryable, version: number): Promise<(PolicyRow & { raw: unknown }) | null> {
  const [row] = await db.query<PolicyRow & { raw: unknown }>(
    `select ${COLUMNS}, policy as raw from policy_version where id = $1`,
    [version],
  );
  return row ?? null;
}

/** The trees of the versions after one, in their order. */
export const treesAfter = (
  db: Queryable,
  version: number,
): Promise<{ version: number; effectiveFrom: number; raw: unknown }[]> =>
  db.query(
    `select id as version, effective_from as "effectiveFrom", policy as raw from policy_version where id > $1 order by id`,
    [version],
  );

export async function digestOfLastFile(tx: Tx): Promise<string | null> {
  const [row] = await tx.query<{ digest: string }>(
    'select digest from policy_version where from_file order by id desc limit 1',
  );
  return row?.digest ?? null;
}
