import { monthsWithin, yearOf } from '../../domain/calendar.js';
import type { OutageNature } from '../../domain/journal-entry.js';
import { majorEventDays } from '../../domain/major-event-days.js';
import type { MajorEventDay, MajorEventThreshold } from '../../domain/major-event-days.js';
import type { Policy } from '../../domain/policy.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { figuresOf, rowsOf, viewsOf } from '../../domain/reliability-figures.js';
import type { ReliabilityFigures } from '../../domain/reliability-figures.js';
import { sharesOf } from '../../domain/reliability.js';
import type { Period, ReliabilityLimits, Share } from '../../domain/reliability.js';
import type { Tx } from '../database/database.js';
import { customerGroupsOf, dailySaidiOf, interruptionsOf, unknownStretchesOf } from './reliability-rows.js';
import { rowOfTransformer, transformersOf } from './report-transformers.js';
import type { ReportTransformer, RowName } from './report-transformers.js';

/** Sequential years before the reported one that a threshold rests on (IEEE 1366-2012 §3.5). */
const MAJOR_EVENT_YEARS = 5;

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
  majorEvents: { thresholds: (MajorEventThreshold & { year: number })[]; days: MajorEventDay[] };
  /** By outage; they add up to the total. */
  shares: Map<number, Share>;
}

/** The report as it is known now. A fixed number of queries, whatever the number of rows. `ask.to` must not be in the future. */
export async function reportReliability(tx: Tx, ask: ReliabilityAsk, rules: PolicyInForce): Promise<ReliabilityReport> {
  const period: Period = { from: ask.from, to: ask.to };
  const limits: ReliabilityLimits = {
    sustainedMinutes: ask.sustainedMinutes,
    cemiMoreThan: ask.cemiMoreThan,
    longHours: policyOf(rules, ask.area).outage.longHours,
  };
  const transformers = await transformersOf(tx, ask.area, period.to);
  const row = (transformer: ReportTransformer): RowName => rowOfTransformer(transformer, ask.by);
  const byId = new Map(transformers.map((transformer) => [transformer.id, transformer]));
  const groups = await customerGroupsOf(tx, byId, period, (transformer) => row(transformer).key);
  const ids = [...new Set([...byId.keys(), ...groups.flatMap(({ stays }) => stays.map((stay) => stay.transformerId))])];
  const known = await interruptionsOf(tx, ids, period);
  const silence = await unknownStretchesOf(tx, ids, period);
  const served = groups.reduce((sum, { customers }) => sum + customers, 0);
  const days = served === 0 ? [] : await dailySaidiOf(tx, [...byId.keys()], served, period, MAJOR_EVENT_YEARS, limits);
  const years = yearsOf(period);
  const major = majorEventDays(days, years, MAJOR_EVENT_YEARS);
  const majorDates = major.days.map(({ date }) => date);
  const counted = ({ nature }: { nature: OutageNature }): boolean => ask.nature === null || nature === ask.nature;
  const views = viewsOf(known, silence, counted, new Set(majorDates), tx.now);
  const figures = (of: typeof groups, within: Period): ReliabilityFigures =>
    figuresOf(of, views, within, limits, majorDates, tx.now);
  const names = new Map(transformers.map((transformer) => [row(transformer).key, row(transformer).name]));
  const items =
    ask.by === 'none'
      ? []
      : ask.by === 'month'
        ? monthsWithin(period).map((month) => ({ ...month, name: month.key, ...figures(groups, month) }))
        : rowsOf(groups).map(([key, of]) => ({ key, name: names.get(key) ?? key, ...period, ...figures(of, period) }));
  return {
    total: { key: 'total', name: ask.area ?? '', ...period, ...figures(groups, period) },
    items,
    majorEvents: {
      thresholds: [...major.thresholds].map(([year, threshold]) => ({ year, ...threshold })),
      days: major.days,
    },
    shares: sharesOf(groups, views.all, period, limits, tx.now),
  };
}

const yearsOf = ({ from, to }: Period): number[] =>
  Array.from({ length: yearOf(to - 1) - yearOf(from) + 1 }, (_, index) => yearOf(from) + index);

/** The numbers of an area, or of the whole utility. */
export const policyOf = (rules: PolicyInForce, area: string | null): Policy =>
  area === null ? rules.policy : rules.policyFor(area);
