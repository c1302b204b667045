import { randomBytes } from 'node:crypto';
import { Fault } from '../../fault.js';
import { at, sqlState } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import { hashOf } from './hash-of.js';
import type { AccessRole } from './principal.js';

export interface ApiKey {
  id: number;
  name: string;
  roles: AccessRole[];
  createdAt: number;
  createdBy: string;
  revokedAt: number | null;
}

const COLUMNS = 'id, name, roles, created_at as "createdAt", created_by as "createdBy", revoked_at as "revokedAt"';

/**
 * Makes a key; it is in the answer and nowhere else, only its hash is stored.
 * @throws Fault `conflict` when a key, also a revoked one, has that name: names stand in the journal as actors
 */
export async function createApiKey(
  tx: Tx,
  given: { name: string; roles: readonly AccessRole[]; createdBy: string },
): Promise<ApiKey & { key: string }> {
  const key = `lk_${randomBytes(32).toString('base64url')}`;
  try {
    const [row] = await tx.query<ApiKey>(
      `insert into api_key (name, secret_hash, roles, created_at, created_by) values ($1, $2, $3, $4, $5) returning ${COLUMNS}`,
      [given.name, hashOf(key), given.roles, at(tx.now), given.createdBy],
    );
    if (row === undefined) throw new Error('an insert returns its row');
    return { ...row, key };
  } catch (error) {
    if (sqlState(error) !== '23505') throw error;
    throw new Fault(
      'conflict',
      `There is, or was, a key named "${given.name}" already; names are never used twice. Choose another name.`,
    );
  }
}

export async function listApiKeys(db: Queryable, afterId: number, limit: number): Promise<ApiKey[]> {
  return db.query<ApiKey>(`select ${COLUMNS} from api_key where id > $1::bigint order by id limit $2`, [
    afterId,
    limit,
  ]);
}

/**
 * Takes a key out of use, for good; doing so again changes nothing.
 * @throws Fault `not_found`
 */
export async function revokeApiKey(tx: Tx, id: number): Promise<ApiKey> {
  const [row] = await tx.query<ApiKey>(
    `update api_key set revoked_at = coalesce(revoked_at, $2) where id = $1::bigint returning ${COLUMNS}`,
    [id, at(tx.now)],
  );
  if (row === undefined) throw new Fault('not_found', `There is no API key ${id}.`);
  return row;
}
