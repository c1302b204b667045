import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { ProtectionKind } from '../../domain/reconnection/cut-facts.js';
import { at, atOrNull } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import { rowSet } from '../network/row-set.js';
import type { Account } from './account-facts.js';
import { judgeDoneAgain, recheckPlans } from './recheck-cuts.js';

/** Whom it protects: one account, an area, or (both null) everybody. */
export interface Protection {
  externalId: string;
  kind: ProtectionKind;
  accountNo: string | null;
  area: string | null;
  validFrom: number;
  /** Null = until it is lifted. */
  validTo: number | null;
  reason: string;
}

export type StoredProtection = Protection & { id: number; recordedBy: string; recordedAt: number };

const TYPES = {
  externalId: 'text',
  kind: 'text',
  customerId: 'integer',
  area: 'text',
  validFrom: 'timestamptz',
  validTo: 'timestamptz',
  reason: 'text',
} as const;

/**
 * Writes protections by their numbers: new ones, and what changed of known ones. Plans and cuts of a protected account are judged again
 * at once; those of an area at their own instants.
 * @returns the numbers that protect somebody else: those are left as they are
 */
export async function writeProtections(
  tx: Tx,
  active: PolicyInForce,
  given: readonly { account: Account | null; protection: Protection }[],
  actor: string,
): Promise<Set<string>> {
  if (given.length === 0) return new Set();
  const rows = given.map(({ account, protection }) => ({
    ...protection,
    customerId: account?.id ?? null,
    validFrom: at(protection.validFrom),
    validTo: atOrNull(protection.validTo),
  }));
  const set = rowSet<(typeof rows)[number]>(TYPES, rows, 3);
  const written = await tx.query<{ externalId: string }>(
    `insert into cut_protection as k (${set.columns}, recorded_by, recorded_at) select r.*, $1, $2 from ${set.from}
     on conflict (external_id) do update set kind = excluded.kind, valid_from = excluded.valid_from, valid_to = excluded.valid_to,
       reason = excluded.reason, recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at
     where k.customer_id is not distinct from excluded.customer_id and k.area is not distinct from excluded.area
     returning external_id as "externalId"`,
    [actor, at(tx.now), ...set.values],
  );
  const customerIds = given.flatMap(({ account }) => account?.id ?? []);
  await recheckPlans(tx, active, { customerIds }, ['life_support', 'protection', 'dispute']);
  await judgeDoneAgain(tx, active, customerIds, actor);
  const known = new Set(written.map((row) => row.externalId));
  return new Set(rows.map((row) => row.externalId).filter((number) => !known.has(number)));
}

const SELECT = `select p.id, p.external_id as "externalId", p.kind, c.account_no as "accountNo", p.area, p.valid_from as "validFrom",
    p.valid_to as "validTo", p.reason, p.recorded_by as "recordedBy", p.recorded_at as "recordedAt"
  from cut_protection p left join customer c on c.id = p.customer_id`;

export async function findProtection(db: Queryable, externalId: string): Promise<StoredProtection | null> {
  const [row] = await db.query<StoredProtection>(`${SELECT} where p.external_id = $1`, [externalId]);
  return row ?? null;
}

/** The newest begin first. `moment` keeps those in force then. */
export const listProtections = (
  db: Queryable,
  filter: { accountNo: string | null; area: string | null; kind: string | null; moment: number | null },
  after: { validFrom: number; id: number } | null,
  limit: number,
): Promise<StoredProtection[]> =>
  db.query<StoredProtection>(
    `${SELECT}
     where ($1::text is null or c.account_no = $1) and ($2::text is null or p.area = $2) and ($3::text is null or p.kind = $3)
       and ($4::timestamptz is null or p.valid_from <= $4 and (p.valid_to is null or p.valid_to > $4))
       and ($5::timestamptz is null or (p.valid_from, p.id) < ($5, $6::bigint))
     order by p.valid_from desc, p.id desc limit $7`,
    [
      filter.accountNo,
      filter.area,
      filter.kind,
      atOrNull(filter.moment),
      after === null ? null : at(after.validFrom),
      after?.id ?? null,
      limit,
    ],
  );
