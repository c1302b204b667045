import type {
  DisconnectionFact,
  EpisodeFact,
  OutageFact,
  PlannedFact,
  SupplyFacts,
} from '../../domain/accounts/supply-facts.js';
import { DAY_MS } from '../../domain/instants.js';
import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';

/** How far back an outage that is over is still shown, and how far ahead a planned one. */
const BACK_MS = DAY_MS;
const AHEAD_MS = 7 * DAY_MS;

/** How long a crew's word that nothing confirms is told; many meters never report. */
const CLAIM_MS = 7 * DAY_MS;

export interface AccountFacts extends SupplyFacts {
  accountNo: string;
  transformerCode: string;
  area: string;
}

interface Found {
  customerId: number;
  accountNo: string;
  transformerId: number;
  transformerCode: string;
  area: string;
  phase: SupplyFacts['phase'];
  supply: SupplyFacts['supply'];
  supplySince: number | null;
}

/** Everything on record about the supply of an account now; null when the register does not have it. */
export async function loadSupplyFacts(db: Queryable, accountNo: string, now: number): Promise<AccountFacts | null> {
  const [found] = await db.query<Found>(
    `select c.id as "customerId", c.account_no as "accountNo", a.id as "transformerId", a.code as "transformerCode", a.area, c.phase,
            coalesce(s.supply, 'unknown') as supply, s.supply_since as "supplySince"
     from customer c join asset a on a.id = c.transformer_id left join transformer_state s on s.transformer_id = a.id
     where c.account_no = $1`,
    [accountNo],
  );
  if (found === undefined) return null;
  const { customerId, transformerId, ...account } = found;
  return {
    ...account,
    disconnection: await cutToTell(db, customerId, now),
    ...(await eventsAt(db, transformerId, now)),
  };
}

/** The same of a transformer, for a caller without an account number; null when there is no such transformer. */
export async function loadTransformerFacts(
  db: Queryable,
  transformerId: number,
  now: number,
): Promise<SupplyFacts | null> {
  const [found] = await db.query<Pick<SupplyFacts, 'supply' | 'supplySince'>>(
    `select coalesce(s.supply, 'unknown') as supply, s.supply_since as "supplySince"
     from asset a left join transformer_state s on s.transformer_id = a.id where a.id = $1`,
    [transformerId],
  );
  if (found === undefined) return null;
  return { ...found, phase: null, disconnection: null, ...(await eventsAt(db, transformerId, now)) };
}

const eventsAt = async (
  db: Queryable,
  transformerId: number,
  now: number,
): Promise<Pick<SupplyFacts, 'outages' | 'planned' | 'episodes'>> => ({
  outages: await outagesOf(db, transformerId, now),
  planned: await plannedFor(db, transformerId, now),
  episodes: await db.query<EpisodeFact>(
    `select id, kind, phase, severity, started_at as "startedAt" from episode
     where transformer_id = $1 and ended_at is null and withdrawn_at is null order by started_at`,
    [transformerId],
  ),
});

/** The last cut, unless its end was measured. */
async function cutToTell(db: Queryable, customerId: number, now: number): Promise<DisconnectionFact | null> {
  const [row] = await db.query<
    Omit<DisconnectionFact, 'order'> & { orderId: number | null; state: string; paidAt: number; dueAt: number }
  >(
    `select d.id, d.reason, d.disconnected_at as "disconnectedAt",
            case when d.refuted_at is null then d.claimed_at end as "claimedAt",
            case when d.refuted_at is null then d.claimed_by end as "claimedBy",
            o.id as "orderId", o.state, o.paid_at as "paidAt", o.due_at as "dueAt"
     from disconnection d left join reconnection_order o on o.disconnection_id = d.id and o.state in ('open', 'claimed', 'met', 'breached')
     where d.id = (select id from disconnection where customer_id = $1 and disconnected_at is not null order by disconnected_at desc limit 1)
       and d.measured_at is null and (d.reconnected_at is null or d.reconnected_at >= $2)`,
    [customerId, at(now - CLAIM_MS)],
  );
  if (row === undefined) return null;
  const { orderId, state, paidAt, dueAt, ...cut } = row;
  return { ...cut, order: orderId === null ? null : { id: orderId, state: state as 'open', paidAt, dueAt } };
}

const outagesOf = (db: Queryable, transformerId: number, now: number): Promise<OutageFact[]> =>
  db.query<OutageFact>(
    `select o.id, o.state, o.nature, o.cause, t.started_at as "startedAt", t.ended_at as "endedAt",
            o.estimated_restoration_at as "estimatedRestorationAt"
     from outage_transformer t join outage o on o.id = t.outage_id
     where t.transformer_id = $1 and o.state <> 'discarded' and o.merged_into_id is null
       and (t.ended_at is null or t.ended_at >= $2)
     order by t.ended_at desc nulls first, t.started_at desc limit 20`,
    [transformerId, at(now - BACK_MS)],
  );

const plannedFor = (db: Queryable, transformerId: number, now: number): Promise<PlannedFact[]> =>
  db.query<PlannedFact>(
    `select p.id, p.nature, p.reason, p.starts_at as "startsAt", p.ends_at as "endsAt" from planned_outage p
     where p.state = 'registered' and p.ends_at > $2 and p.starts_at <= $3
       and exists (select from planned_outage_asset l join asset a on a.id = $1 and l.asset_id = any(a.path)
                   where l.planned_outage_id = p.id)
     order by p.starts_at limit 20`,
    [transformerId, at(now), at(now + AHEAD_MS)],
  );
