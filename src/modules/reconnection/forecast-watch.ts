import type { NewJournalEntry } from '../../domain/journal-entry.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at } from '../database/database.js';
import type { Database } from '../database/database.js';
import { append } from '../journal/append.js';
import { forecastsOf } from './forecasts.js';
import type { Forecastable } from './forecasts.js';

interface Watched extends Forecastable {
  customerId: number;
  disconnectionId: number;
  dueAt: number;
}

/**
 * Tells once of each order whose limit has not passed and whose forecast misses it. The update decides who tells, so any number of
 * replicas may look.
 */
export async function watchForecasts(db: Database, active: PolicyInForce): Promise<void> {
  const now = db.clock.now();
  const open = await db.query<Watched>(
    `select o.id, a.area, o.paid_at as "paidAt", o.due_at as "dueAt", o.customer_id as "customerId", o.disconnection_id as "disconnectionId",
            null as "remoteUntil"
     from reconnection_order o join customer c on c.id = o.customer_id join asset a on a.id = c.transformer_id
     where o.state = 'open' and o.restored_at is null and o.forecast_missed_at is null and o.field_since is not null and o.due_at > $1`,
    [at(now)],
  );
  const forecasts = await forecastsOf(db, open, active, now);
  const missed = open.filter(({ id, dueAt }) => (forecasts.get(id)?.expectedAt ?? -Infinity) > dueAt);
  if (missed.length === 0) return;
  await db.inTx(async (tx) => {
    const mine = await tx.query<{ id: number }>(
      `update reconnection_order set forecast_missed_at = $2
       where id = any($1::bigint[]) and forecast_missed_at is null and state = 'open' and restored_at is null returning id`,
      [missed.map(({ id }) => id), at(tx.now)],
    );
    const told = new Set(mine.map(({ id }) => id));
    await append(
      tx,
      missed.flatMap(({ id, customerId, disconnectionId, dueAt }): NewJournalEntry[] => {
        const forecast = forecasts.get(id);
        if (!told.has(id) || forecast?.expectedAt == null) return [];
        const { expectedAt, arithmetic } = forecast;
        return [
          {
            type: 'reconnection_forecast_missed',
            subjectType: 'reconnection_order',
            subjectId: id,
            happenedAt: tx.now,
            data: { customerId, disconnectionId, dueAt, expectedAt, arithmetic },
          },
        ];
      }),
    );
  });
}
