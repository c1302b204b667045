import type { OutageNature } from '../../domain/journal-entry.js';
import { lateRegistration } from '../../domain/planned-window.js';
import type { LateRegistration } from '../../domain/planned-window.js';
import { Fault } from '../../fault.js';
import { at } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import type { ActivePolicy } from '../policy/active-policy.js';

/** The limits that registrations are judged by. */
export type RegistrationPolicy = Pick<ActivePolicy, 'policy' | 'sources'>;

export interface PlannedOutageFields {
  /** Codes of the assets that are switched off. */
  assets: readonly string[];
  startsAt: number;
  endsAt: number;
  nature: Exclude<OutageNature, 'fault'>;
  reason: string;
}

export interface PlannedOutage extends PlannedOutageFields {
  id: number;
  externalId: string;
  state: 'registered' | 'cancelled';
  registeredAt: number;
  changedAt: number;
  /** Set when its present time and place were registered later than the rule demands. */
  registeredLate: LateRegistration | null;
  /** Outages that this work has led to. */
  outages: number[];
}

export const PLANNED_COLUMNS = `po.id, po.external_id as "externalId", po.nature, po.starts_at as "startsAt",
  po.ends_at as "endsAt", po.reason, po.state, po.registered_at as "registeredAt", po.changed_at as "changedAt",
  po.registered_late as "registeredLate",
  array(select a.code from planned_outage_asset pa join asset a on a.id = pa.asset_id
        where pa.planned_outage_id = po.id order by a.code) as assets,
  array(select o.id from outage o where o.planned_outage_id = po.id order by o.id) as outages`;

/** @throws Fault `not_found` */
export async function findPlanned(db: Queryable, id: number): Promise<PlannedOutage> {
  const [row] = await db.query<PlannedOutage>(`select ${PLANNED_COLUMNS} from planned_outage po where po.id = $1`, [
    id,
  ]);
  if (row === undefined) throw new Fault('not_found', `There is no planned outage ${id}.`);
  return row;
}

/**
 * Registers a planned work. The external id makes it idempotent: the same again changes nothing, other content changes the work
 * (also one that was cancelled: it stands again).
 * @throws Fault `invalid_input` naming every unknown asset, or an end that is not after the start
 */
export async function registerPlanned(
  tx: Tx,
  externalId: string,
  fields: PlannedOutageFields,
  actor: string,
  active: RegistrationPolicy,
): Promise<PlannedOutage> {
  const assetIds = await check(tx, fields);
  const [made] = await tx.query<{ id: number }>(
    `insert into planned_outage (external_id, nature, starts_at, ends_at, reason, registered_at, changed_at,
       registered_late)
     values ($1, $2, $3, $4, $5, $6, $6, $7) on conflict (external_id) do nothing returning id`,
    [
      externalId,
      fields.nature,
      at(fields.startsAt),
      at(fields.endsAt),
      fields.reason,
      at(tx.now),
      lateness(fields, tx.now, active),
    ],
  );
  if (made === undefined) {
    const [existing] = await tx.query<{ id: number }>('select id from planned_outage where external_id = $1', [
      externalId,
    ]);
    return changePlanned(tx, existing?.id ?? 0, fields, actor, active);
  }
  await putAssets(tx, made.id, assetIds);
  const { startsAt, endsAt, nature } = fields;
  await append(tx, [
    {
      type: 'planned_outage_registered',
      subjectType: 'planned_outage',
      subjectId: made.id,
      happenedAt: tx.now,
      actor,
      data: { startsAt, endsAt, nature },
    },
  ]);
  return findPlanned(tx, made.id);
}

/**
 * Changes what is given. Outages that have begun follow through the journal.
 * @throws Fault `not_found`, or `invalid_input` as for `registerPlanned`
 */
export async function changePlanned(
  tx: Tx,
  id: number,
  given: Partial<PlannedOutageFields>,
  actor: string,
  active: RegistrationPolicy,
): Promise<PlannedOutage> {
  await tx.query('select 1 from planned_outage where id = $1 for update', [id]);
  const before = await findPlanned(tx, id);
  const fields: PlannedOutageFields = { ...before, ...given };
  const assetIds = await check(tx, fields);
  const changed = (['startsAt', 'endsAt', 'nature', 'reason'] as const).filter(
    (field) => fields[field] !== before[field],
  ) as string[];
  if (!isSameSet(fields.assets, before.assets)) changed.push('assets');
  if (before.state === 'cancelled') changed.push('state');
  if (changed.length === 0) return before;
  const { startsAt, endsAt, nature, reason } = fields;
  // Another begin, place or kind is another announcement, and its lead counts from now.
  const isAnnouncedAnew = changed.some((field) => ['startsAt', 'nature', 'assets', 'state'].includes(field));
  await tx.query(
    `update planned_outage set nature = $2, starts_at = $3, ends_at = $4, reason = $5, state = 'registered', changed_at = $6,
       registered_late = case when $7 then $8::jsonb else registered_late end
     where id = $1`,
    [id, nature, at(startsAt), at(endsAt), reason, at(tx.now), isAnnouncedAnew, lateness(fields, tx.now, active)],
  );
  await putAssets(tx, id, assetIds);
  await append(tx, [
    {
      type: 'planned_outage_changed',
      subjectType: 'planned_outage',
      subjectId: id,
      happenedAt: tx.now,
      actor,
      data: { startsAt, endsAt, nature, changed },
    },
  ]);
  return findPlanned(tx, id);
}

/** Cancels a work; outages that have begun below it become faults. @throws Fault `not_found` */
export async function cancelPlanned(tx: Tx, id: number, actor: string): Promise<PlannedOutage> {
  await tx.query('select 1 from planned_outage where id = $1 for update', [id]);
  const { state, startsAt, endsAt, nature } = await findPlanned(tx, id);
  if (state === 'registered') {
    await tx.query(`update planned_outage set state = 'cancelled', changed_at = $2 where id = $1`, [id, at(tx.now)]);
    await append(tx, [
      {
        type: 'planned_outage_cancelled',
        subjectType: 'planned_outage',
        subjectId: id,
        happenedAt: tx.now,
        actor,
        data: { startsAt, endsAt, nature },
      },
    ]);
  }
  return findPlanned(tx, id);
}

/** As the column holds it. */
function lateness({ nature, startsAt }: PlannedOutageFields, now: number, active: RegistrationPolicy): string | null {
  const late = lateRegistration(nature, startsAt, now, active.policy, active.sources);
  return late === null ? null : JSON.stringify(late);
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const set = new Set(a);
  return set.size === new Set(b).size && b.every((code) => set.has(code));
}

/** @returns the ids of the assets */
async function check(tx: Tx, { assets, startsAt, endsAt }: PlannedOutageFields): Promise<number[]> {
  const known = await tx.query<{ id: number; code: string }>(
    'select id, code from asset where code = any($1::text[])',
    [assets],
  );
  const codes = new Set(known.map(({ code }) => code));
  const errors = assets.flatMap((code, index) =>
    codes.has(code) ? [] : [{ path: `body.assets[${index}]`, message: `there is no asset "${code}"` }],
  );
  if (endsAt <= startsAt) errors.push({ path: 'body.endsAt', message: 'must be after startsAt' });
  if (errors.length > 0)
    throw new Fault('invalid_input', errors.map(({ path, message }) => `${path}: ${message}`).join('; '), { errors });
  return known.map(({ id }) => id);
}

async function putAssets(tx: Tx, id: number, assetIds: readonly number[]): Promise<void> {
  await tx.query(
    'delete from planned_outage_asset where planned_outage_id = $1 and not asset_id = any($2::integer[])',
    [id, assetIds],
  );
  await tx.query(
    `insert into planned_outage_asset (planned_outage_id, asset_id) select $1, unnest($2::integer[]) on conflict do nothing`,
    [id, assetIds],
  );
}
