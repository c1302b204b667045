import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DAY_MS, HOUR_MS } from '../../domain/instants.js';
import type { JournalEntry, JournalType } from '../../domain/journal-entry.js';
import type { Policy } from '../../domain/policy.js';
import type { Tx } from '../database/database.js';
import { Workers } from '../journal/workers.js';
import type { Follower } from '../journal/follow.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { byOneVersion } from '../policy/one-version.js';
import { linkComplaints } from './link.js';

const TYPES = [
  'outage_opened',
  'outage_changed',
  'outage_confirmed',
  'outage_restored',
  'outage_discarded',
  'outage_merged',
  'episode_opened',
  'episode_revised',
  'disconnection_recorded',
  'planned_outage_registered',
  'planned_outage_changed',
  'planned_outage_cancelled',
  'network_imported',
  // Once more, after its commit: an event that was being recorded while the complaint came in was not seen then.
  'complaint_received',
] as const satisfies readonly JournalType[];

/**
 * The follower `complaints`: links backwards. People call before the service knows; when an event is recognised or changes, the
 * complaints that came in around it are scored again.
 */
@Injectable()
export class ComplaintsFollower implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly active: ActivePolicy,
  ) {}

  onModuleInit(): void {
    this.workers.follow(byOneVersion(this.active, followerOf));
  }
}

export const followerOf = (active: Pick<ActivePolicy, 'policy'>): Follower => ({
  name: 'complaints',
  types: TYPES,
  async handle(tx, entries) {
    if (entries.some((entry) => entry.type === 'network_imported' && entry.data.kind === 'customers')) {
      await linkComplaints(tx, await adoptCustomers(tx), active.policy);
    }
    await linkComplaints(tx, await complaintsAround(tx, entries, active.policy), active.policy);
  },
});

/** Complaints of account numbers that the register did not know when they came in. */
async function adoptCustomers(tx: Tx): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(
    `update complaint c set customer_id = k.id from customer k
     where c.customer_id is null and c.account_no is not null and k.account_no = c.account_no
     returning c.id`,
  );
  return rows.map(({ id }) => id);
}

/** Complaints received shortly before an event, while it lasts or within the window after it, and those linked to it already. */
async function complaintsAround(tx: Tx, entries: readonly JournalEntry[], policy: Policy): Promise<number[]> {
  const idsOf = (type: string): number[] => [
    ...new Set(entries.filter((entry) => entry.subjectType === type).map((entry) => entry.subjectId)),
  ];
  const { backwardHours, outageWindowHours, voltageWindowDays, disconnectionWindowDays } = policy.complaints;
  const found = new Set<number>(idsOf('complaint'));
  const collect = async (type: string, sql: string, windowMs: number): Promise<void> => {
    const ids = idsOf(type);
    if (ids.length === 0) return;
    const rows = await tx.query<{ id: number }>(
      `select complaint_id as id from complaint_link where event_type = $4 and event_id = any($1) union ${sql}`,
      [ids, backwardHours * HOUR_MS, windowMs, type],
    );
    for (const { id } of rows) found.add(id);
  };
  await collect('outage', AROUND_OUTAGES, outageWindowHours * HOUR_MS);
  await collect('episode', AROUND_EPISODES, voltageWindowDays * DAY_MS);
  await collect('disconnection', AROUND_DISCONNECTIONS, disconnectionWindowDays * DAY_MS);
  await collect('planned_outage', AROUND_PLANNED, outageWindowHours * HOUR_MS);
  return [...found];
}

const around = (start: string, end: string): string =>
  `c.received_at >= ${start} - $2 * interval '1 ms'
   and (${end} is null or c.received_at <= ${end} + $3 * interval '1 ms')`;

const AROUND_OUTAGES = `
  select c.id from outage_transformer t
  join customer_transformer h on h.transformer_id = t.transformer_id
  join complaint c on c.customer_id = h.customer_id and ${around('t.started_at', 't.ended_at')}
  where t.outage_id = any($1)
  union
  select c.id from outage o
  join asset a on a.path @> array[o.root_asset_id] and a.kind = 'transformer'
  join customer_transformer h on h.transformer_id = a.id
  join complaint c on c.customer_id = h.customer_id and ${around('o.started_at', 'o.ended_at')}
  where o.id = any($1)`;
const AROUND_EPISODES = `
  select c.id from episode e
  join customer_transformer h on h.transformer_id = e.transformer_id
  join complaint c on c.customer_id = h.customer_id and ${around('e.started_at', 'e.ended_at')}
  where e.id = any($1)`;
const AROUND_DISCONNECTIONS = `
  select c.id from disconnection d
  join complaint c on c.customer_id = d.customer_id and ${around('coalesce(d.disconnected_at, d.planned_at)', 'd.reconnected_at')}
  where d.id = any($1)`;
const AROUND_PLANNED = `
  select c.id from planned_outage p
  join planned_outage_asset l on l.planned_outage_id = p.id
  cross join lateral transformers_below_at(l.asset_id, p.starts_at) as below
  join customer_transformer h on h.transformer_id = below.transformer_id
  join complaint c on c.customer_id = h.customer_id and ${around('p.starts_at', 'p.ends_at')}
  where p.id = any($1)`;
