import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { startOfYear, yearOf } from '../../domain/calendar.js';
import { HOUR_MS } from '../../domain/instants.js';
import { majorEventRule } from '../../domain/major-event-days.js';
import type { MajorEventDay } from '../../domain/major-event-days.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at, Database } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { majorEventsOf } from './major-events.js';

/** A day gets worse while its outages go on, and better or worse with late data. */
const LOOK_EVERY_MS = HOUR_MS;

/**
 * Keeps the major event days of the whole utility, of this calendar year and the last: what lies further back, no rule of frequent
 * outages looks at. Others read the table `major_event_day`, or follow `major_event_days_changed`.
 */
@Injectable()
export class MajorEventDays implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  onModuleInit(): void {
    const step = async (): Promise<boolean> => {
      await this.db.inTx(async (tx) => {
        if (await isTimeToLook(tx)) await findMajorEventDays(tx, this.active.at(tx.now));
      });
      return false;
    };
    this.workers.register({ name: 'major-event-days', role: 'followers', restMs: 60_000, step });
  }
}

async function isTimeToLook(tx: Tx): Promise<boolean> {
  const rows = await tx.query(
    `update major_event_check set checked_at = $1
     where only_row in (select only_row from major_event_check where checked_at is null or checked_at <= $2 for update skip locked)
     returning only_row`,
    [at(tx.now), at(tx.now - LOOK_EVERY_MS)],
  );
  return rows.length > 0;
}

interface KnownDay {
  date: string;
  isWithdrawn: boolean;
}

/** Compares what the rule finds now with what is kept, and tells the difference to the journal. */
export async function findMajorEventDays(tx: Tx, rules: PolicyInForce): Promise<void> {
  const from = startOfYear(yearOf(tx.now) - 1);
  const transformers = await tx.query<{ id: number }>(`select id from asset where kind = 'transformer'`);
  const [served] = await tx.query<{ customers: number }>(
    'select count(*) as customers from customer_transformer where valid_to is null',
  );
  const { days } = await majorEventsOf(
    tx,
    transformers.map(({ id }) => id),
    served?.customers ?? 0,
    { from, to: tx.now },
    rules.policy.outage.momentaryMinutes,
    majorEventRule(rules.policy),
  );
  const known = await tx.query<KnownDay>(
    `select to_char(day, 'YYYY-MM-DD') as date, withdrawn_at is not null as "isWithdrawn" from major_event_day
     where day >= make_date($1, 1, 1) for update`,
    [yearOf(from)],
  );
  const { added, withdrawn } = compare(days, known);
  await tx.query(
    `insert into major_event_day (day, saidi_minutes, t_med_minutes, found_at)
     select *, $4 from unnest($1::date[], $2::double precision[], $3::double precision[])
     on conflict (day) do update set saidi_minutes = excluded.saidi_minutes, t_med_minutes = excluded.t_med_minutes,
       found_at = case when major_event_day.withdrawn_at is null then major_event_day.found_at else excluded.found_at end,
       withdrawn_at = null`,
    [
      days.map(({ date }) => date),
      days.map(({ saidiMinutes }) => saidiMinutes),
      days.map(({ tMedMinutes }) => tMedMinutes),
      at(tx.now),
    ],
  );
  await tx.query('update major_event_day set withdrawn_at = $2 where day = any($1::date[])', [withdrawn, at(tx.now)]);
  if (added.length + withdrawn.length === 0) return;
  const data = { added, withdrawn };
  await append(tx, [
    { type: 'major_event_days_changed', subjectType: 'utility', subjectId: 0, happenedAt: tx.now, data },
  ]);
}

function compare(
  found: readonly MajorEventDay[],
  known: readonly KnownDay[],
): { added: MajorEventDay[]; withdrawn: string[] } {
  const standing = new Set(known.filter(({ isWithdrawn }) => !isWithdrawn).map(({ date }) => date));
  const now = new Set(found.map(({ date }) => date));
  return {
    added: found.filter(({ date }) => !standing.has(date)),
    withdrawn: [...standing].filter((date) => !now.has(date)),
  };
}
