import { DAY_MS } from '../../domain/instants.js';
import { partition } from '../../domain/partition.js';
import type { Policy } from '../../domain/policy.js';
import { figuresOf, judgeCases } from '../../domain/service-quality/service-figures.js';
import type { JudgedCase, ServiceFigures } from '../../domain/service-quality/service-figures.js';
import type { Role } from '../../domain/service-quality/rating.js';
import type { ServiceCase } from '../../domain/service-quality/service-case.js';
import type { Tx } from '../database/database.js';
import type { ReportAsk } from './report-ask.js';
import { passedOnOf, serviceCasesOf } from './service-rows.js';

export interface ServiceAsk extends ReportAsk {
  by: Role;
}

/** Its key is null for cases that nobody was named for. */
export interface ServiceRow extends ServiceFigures {
  key: string | null;
}

/** One row for each crew, unit or agent, the best first; and the whole. Two queries, whatever the number of rows. */
export async function reportService(
  tx: Tx,
  ask: ServiceAsk,
  policy: Policy,
): Promise<{ total: ServiceRow; items: ServiceRow[] }> {
  const judged = await judgedCasesOf(tx, ask, policy);
  const requests = ask.by === 'agent' ? await passedOnOf(tx, ask, ask.area) : [];
  const cases = partition(judged, (one) => keyOf(one, ask.by));
  const passed = partition(requests, ({ agent }) => agent);
  const row = (key: string | null): ServiceRow => ({
    key,
    ...figuresOf(ask.by, cases.get(key) ?? [], passed.get(key ?? '') ?? [], policy, tx.now),
  });
  const items = [...new Set([...cases.keys(), ...passed.keys()])].map(row);
  items.sort((a, b) => (b.rating.score ?? -1) - (a.rating.score ?? -1) || (a.key ?? '').localeCompare(b.key ?? ''));
  return { total: { key: null, ...figuresOf(ask.by, judged, requests, policy, tx.now) }, items };
}

/** The cases behind one row, by the time they were reported. */
export async function casesOf(tx: Tx, ask: ServiceAsk, key: string | null, policy: Policy): Promise<JudgedCase[]> {
  return (await judgedCasesOf(tx, ask, policy)).filter((one) => keyOf(one, ask.by) === key);
}

const keyOf = (one: ServiceCase, by: Role): string | null =>
  by === 'crew' ? one.crew : by === 'unit' ? one.unit : one.agent;

/** Expected times come from the whole utility, also when one area is reported. */
async function judgedCasesOf(tx: Tx, ask: ServiceAsk, policy: Policy): Promise<JudgedCase[]> {
  const { referenceDays, fixedDays } = policy.serviceQuality;
  const from = Math.min(ask.from, ask.to - referenceDays * DAY_MS);
  const reference = await serviceCasesOf(tx, { from, to: ask.to }, null, fixedDays);
  const cases = reference.filter(
    ({ startedAt, area }) => startedAt >= ask.from && (ask.area === null || area === ask.area),
  );
  return judgeCases(cases, reference, policy, tx.now);
}
