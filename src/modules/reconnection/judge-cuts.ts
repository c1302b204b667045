import { cutAtOf } from '../../domain/reconnection/cut-facts.js';
import type { CutFinding, CutRequest } from '../../domain/reconnection/cut-facts.js';
import { judgeCut } from '../../domain/reconnection/cut-guard.js';
import type { CutLaw } from '../../domain/reconnection/cut-law.js';
import type { WorkingCalendar } from '../../domain/working-calendar.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Queryable } from '../database/database.js';
import { loadCalendar } from '../deadlines/calendars.js';
import { loadCutRecords } from './cut-account.js';
import type { CutAsk, CutRecord } from './cut-account.js';

export type AskedCut = CutRequest & Omit<CutAsk, 'cutAt'>;

export interface JudgedCut<Cut> {
  cut: Cut;
  record: CutRecord;
  findings: CutFinding[];
}

/** Judges any number of cuts by what is on record now; a cut that was done, by the limits that were in force when it was done. */
export async function judgeCuts<Cut extends AskedCut>(
  db: Queryable,
  active: PolicyInForce,
  cuts: readonly Cut[],
): Promise<JudgedCut<Cut>[]> {
  const asks = cuts.map((cut) => ({ ...cut, cutAt: cutAtOf(cut) }));
  if (asks.length === 0) return [];
  const records = await loadCutRecords(db, asks);
  const calendar = await loadCalendar(db, active.policy);
  return cuts.flatMap((cut, index) => {
    const record = records[index];
    if (record === undefined) return [];
    const findings = judgeCut({ ...record, ...cut }, lawOf(active, calendar, record.area, cut.disconnectedAt));
    return [{ cut, record, findings }];
  });
}

/** @param doneAt when the cut was done; null = by the limits of now */
export function lawOf(active: PolicyInForce, calendar: WorkingCalendar, area: string, doneAt: number | null): CutLaw {
  const sources = active.sourcesFor(area);
  const policy = doneAt === null ? active.policyFor(area) : active.policyAt(area, doneAt);
  return {
    policy: policy.disconnection,
    sourceOf: (name) => sources[`disconnection.${name}`] ?? 'policy',
    calendar,
  };
}
