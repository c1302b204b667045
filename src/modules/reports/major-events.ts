import { daysBetween, dateOf, startOfYear, yearOf } from '../../domain/calendar.js';
import { majorEventDays } from '../../domain/major-event-days.js';
import type { DailySaidi, MajorEventDay, MajorEventRule, MajorEventThreshold } from '../../domain/major-event-days.js';
import type { Period } from '../../domain/reliability.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';

export interface MajorEvents {
  thresholds: (MajorEventThreshold & { year: number })[];
  days: MajorEventDay[];
}

/** The major event days of a system, which is these transformers, by the threshold of each year that the period touches. */
export async function majorEventsOf(
  tx: Tx,
  transformerIds: readonly number[],
  customersServed: number,
  period: Period,
  sustainedMinutes: number,
  rule: MajorEventRule,
): Promise<MajorEvents> {
  if (customersServed === 0) return { thresholds: [], days: [] };
  const history: Period = { from: startOfYear(yearOf(period.from) - rule.years), to: period.to };
  const days = await dailySaidiOf(tx, transformerIds, customersServed, history, sustainedMinutes);
  const [first, last] = [yearOf(period.from), yearOf(period.to - 1)];
  const reported = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const { thresholds, days: major } = majorEventDays(days, reported, rule);
  return { thresholds: [...thresholds].map(([year, threshold]) => ({ year, ...threshold })), days: major };
}

/**
 * SAIDI of each day with a sustained interruption. An interruption counts whole on the day on which it began, and with the customers who
 * then hung on the transformer.
 */
async function dailySaidiOf(
  tx: Tx,
  transformerIds: readonly number[],
  customersServed: number,
  period: Period,
  sustainedMinutes: number,
): Promise<DailySaidi[]> {
  const days = daysBetween(period.from, period.to);
  const rows = await tx.query<{ day: number; customerMinutes: number }>(
    `with hung as materialized (
       select transformer_id, valid_from, valid_to, count(*) as customers from customer_transformer
       where transformer_id = any($1::int[]) group by 1, 2, 3)
     select width_bucket(ot.started_at, $2::timestamptz[]) as day,
       sum(extract(epoch from coalesce(ot.ended_at, $4) - ot.started_at)::float8 / 60 * h.customers) as "customerMinutes"
     from outage_transformer ot
     join outage o on o.id = ot.outage_id
     join hung h on h.transformer_id = ot.transformer_id and h.valid_from <= ot.started_at and (h.valid_to is null or h.valid_to > ot.started_at)
     where o.state <> 'discarded' and ot.started_at >= ($2::timestamptz[])[1] and ot.started_at < $3
       and coalesce(ot.ended_at, $4) - ot.started_at > make_interval(secs => $5::double precision * 60)
     group by 1 order by 1`,
    [transformerIds, days.map(at), at(period.to), at(tx.now), sustainedMinutes],
  );
  return rows.map(({ day, customerMinutes }) => {
    const start = days[day - 1] ?? period.from;
    return { year: yearOf(start), date: dateOf(start), saidiMinutes: customerMinutes / customersServed };
  });
}
