import { monthsWithin } from '../../domain/calendar.js';
import type { OutageNature } from '../../domain/journal-entry.js';
import { majorEventRule } from '../../domain/major-event-days.js';
import type { Policy } from '../../domain/policy.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { ReliabilityFigures } from '../../domain/reliability-figures.js';
import { ReliabilitySums } from '../../domain/reliability-sums.js';
import type { Share } from '../../domain/reliability-sums.js';
import type { CustomerGroup, Period, ReliabilityLimits } from '../../domain/reliability.js';
import type { Tx } from '../database/database.js';
import { customerGroupsOf } from './customer-groups.js';
import { majorEventsOf } from './major-events.js';
import type { MajorEvents } from './major-events.js';
import { rowOfTransformer, transformersOf } from './report-transformers.js';
import type { ReportTransformer, RowName } from './report-transformers.js';
import { supplyHistoriesOf } from './supply-histories.js';

export type ReliabilityBy = 'area' | 'feeder' | 'transformer' | 'month' | 'none';

export interface ReliabilityAsk extends Period {
  area: string | null;
  nature: OutageNature | null;
  sustainedMinutes: number;
  cemiMoreThan: number;
  by: ReliabilityBy;
}

/** Its key may also be a month (`2026-07`), or 'total'. */
export interface ReliabilityRow extends ReliabilityFigures, Period, RowName {}

export interface ReliabilityReport {
  total: ReliabilityRow;
  items: ReliabilityRow[];
  majorEvents: MajorEvents;
  /** By outage; they add up to the total. Empty unless asked for. */
  shares: Map<number, Share>;
}

/**
 * The report as it is known now: a fixed number of queries, and memory for the customers' groups, not for their history.
 * @param ask its `to` must not be in the future
 * @param wantsShares also say what each outage added
 */
export async function reportReliability(
  tx: Tx,
  ask: ReliabilityAsk,
  rules: PolicyInForce,
  wantsShares = false,
): Promise<ReliabilityReport> {
  const period: Period = { from: ask.from, to: ask.to };
  const limits: ReliabilityLimits = {
    sustainedMinutes: ask.sustainedMinutes,
    cemiMoreThan: ask.cemiMoreThan,
    longHours: policyOf(rules, ask.area).outage.longHours,
  };
  const transformers = await transformersOf(tx, ask.area, period.to);
  const byId = new Map(transformers.map((transformer) => [transformer.id, transformer]));
  const hasRows = ask.by === 'area' || ask.by === 'feeder' || ask.by === 'transformer';
  const row = (transformer: ReportTransformer): RowName => rowOfTransformer(transformer, ask.by);
  const groups = await customerGroupsOf(tx, byId, period, (transformer) => (hasRows ? row(transformer).key : null));
  const majorEvents = await majorEventsOf(
    tx,
    [...byId.keys()],
    servedBy(groups),
    period,
    limits.sustainedMinutes,
    majorEventRule(rules.policy),
  );
  const majorDates = majorEvents.days.map(({ date }) => date);

  const months = ask.by === 'month' ? monthsWithin(period) : [];
  const counted = ({ nature }: { nature: OutageNature }): boolean => ask.nature === null || nature === ask.nature;
  const counting = { limits, counted, majorDates: new Set(majorDates), now: tx.now };
  const sums = new ReliabilitySums(groups, period, months, counting, wantsShares);
  for await (const { transformerId, losses, silences } of supplyHistoriesOf(tx, periodsOf(groups, period)))
    sums.add(transformerId, losses, silences);

  const { whole, parts } = sums.totals(majorDates);
  const names = new Map(transformers.map((transformer) => [row(transformer).key, row(transformer).name]));
  const byMonth = parts.map(({ period: month, figures }) => ({ ...month, name: month.key, ...figures }));
  const byRow = sums
    .rowFigures(majorDates)
    .map(([key, figures]) => ({ key, name: names.get(key) ?? key, ...period, ...figures }));
  return {
    total: { key: 'total', name: ask.area ?? '', ...period, ...whole },
    items: hasRows ? byRow : byMonth,
    majorEvents,
    shares: sums.shares,
  };
}

/** Of which transformers the history matters, and when: the period, and back or ahead to where customers of the groups came or left. */
function periodsOf(groups: readonly CustomerGroup[], { from, to }: Period): Map<number, Period> {
  const periods = new Map<number, Period>();
  for (const stay of groups.flatMap(({ stays }) => stays)) {
    const known = periods.get(stay.transformerId) ?? { from, to };
    const moves = [stay.from, stay.to].filter(Number.isFinite);
    periods.set(stay.transformerId, { from: Math.min(known.from, ...moves), to: Math.max(known.to, ...moves) });
  }
  return periods;
}

const servedBy = (groups: readonly CustomerGroup[]): number =>
  groups.reduce((sum, { customers }) => sum + customers, 0);

/** The numbers of an area, or of the whole utility. */
export const policyOf = (rules: PolicyInForce, area: string | null): Policy =>
  area === null ? rules.policy : rules.policyFor(area);
