import { Injectable } from '@nestjs/common';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/instants.js';
import { OutageHistory, outlookOf } from '../../domain/outage-outlook.js';
import type { KnownOutage, OutageCase, Outlook, OutlookRules } from '../../domain/outage-outlook.js';
import type { Policy } from '../../domain/policy.js';
import { at, Database } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import { ActivePolicy } from '../policy/active-policy.js';

/** A running outage as its outlook is worked out. */
export interface RunningOutage extends KnownOutage {
  id: number;
  area: string;
  startedAt: number;
}

export const outlookRulesOf = ({ outage, outlook }: Policy): OutlookRules => ({
  limitMinutes: Math.floor((outage.longHours * HOUR_MS) / MINUTE_MS),
  minimumCases: outlook.minimumCases,
});

export const elapsedMinutes = (startedAt: number, now: number): number =>
  Math.max(0, Math.floor((now - startedAt) / MINUTE_MS));

const KNOWN = `o.nature, a.setting, btrim(o.cause) as cause,
  (extract(epoch from p.ends_at - p.starts_at) / 60)::integer as "windowMinutes"`;
const JOINED = `outage o join asset a on a.id = o.root_asset_id left join planned_outage p on p.id = o.planned_outage_id`;

/** Durations beyond this are all alike: no limit of a policy asks further. */
const LONGEST_MINUTES = 10_000 * 60;

/**
 * The record: confirmed outages that began within the policy's time, over or not, momentary ones left out. What is over counts whole
 * minutes begun, what lasts whole minutes passed. One statement; a row for each sort and duration.
 */
export async function loadHistory(db: Queryable, now: number, { outlook }: Policy): Promise<OutageHistory> {
  const cases = await db.query<OutageCase>(
    `select ${KNOWN}, o.ended_at is not null as "isOver",
       least(greatest(0, case when o.ended_at is null then floor(extract(epoch from $1::timestamptz - o.started_at) / 60)
                  else ceil(extract(epoch from o.ended_at - o.started_at) / 60) end), ${LONGEST_MINUTES})::integer as minutes,
       count(*)::integer as cases
     from ${JOINED}
     where o.started_at >= $2 and o.state <> 'discarded' and o.confirmed_at is not null and not o.momentary
     group by 1, 2, 3, 4, 5, 6`,
    [at(now), at(now - outlook.historyDays * DAY_MS)],
  );
  return new OutageHistory(cases);
}

/** Of these outages those that last. */
export const runningOutages = (db: Queryable, ids: readonly number[]): Promise<RunningOutage[]> =>
  db.query<RunningOutage>(
    `select o.id, o.area, o.started_at as "startedAt", ${KNOWN} from ${JOINED}
     where o.id = any($1::bigint[]) and o.state in ('suspected', 'confirmed') order by o.id`,
    [ids],
  );

/** The record does not move much within a minute, and every console asks at once. */
const KEPT_MS = MINUTE_MS;

/** Outlooks for readers: worked out when asked for, because they grow with every minute that an outage lasts. */
@Injectable()
export class OutageOutlooks {
  private kept: { loadedAt: number; history: Promise<OutageHistory> } | null = null;

  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  /** Of those that last and of which enough is known. */
  async of(ids: readonly number[]): Promise<Map<number, Outlook>> {
    const now = this.db.clock.now();
    const running = await runningOutages(this.db, ids);
    if (running.length === 0) return new Map();
    const active = this.active.at(now);
    const history = await this.historyAt(now, active.policy);
    return new Map(
      running.flatMap((outage): [number, Outlook][] => {
        const elapsed = elapsedMinutes(outage.startedAt, now);
        const outlook = outlookOf(history, outage, elapsed, outlookRulesOf(active.policyFor(outage.area)));
        return outlook === null ? [] : [[outage.id, outlook]];
      }),
    );
  }

  /** Lays the chance upon answers. */
  async layOn<Answer extends { id: number; probabilityOver8h: number | null }>(answers: Answer[]): Promise<Answer[]> {
    const outlooks = await this.of(answers.map(({ id }) => id));
    return answers.map((answer) => ({ ...answer, probabilityOver8h: outlooks.get(answer.id)?.probability ?? null }));
  }

  private historyAt(now: number, policy: Policy): Promise<OutageHistory> {
    if (this.kept === null || Math.abs(now - this.kept.loadedAt) >= KEPT_MS) {
      const history = loadHistory(this.db, now, policy);
      const kept = { loadedAt: now, history };
      this.kept = kept;
      history.catch(() => {
        if (this.kept === kept) this.kept = null;
      });
    }
    return this.kept.history;
  }
}
