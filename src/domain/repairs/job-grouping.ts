import { MINUTE_MS } from '../instants.js';

/** How far a fault reaches, as the caller tells it. */
export const EXTENTS = ['premises', 'several', 'area', 'unknown'] as const;
export type Extent = (typeof EXTENTS)[number];

/** A report as the grouping sees it. */
export interface GroupedReport {
  transformerId: number | null;
  /** The open outage of its transformer. */
  outageId: number | null;
  extent: Extent;
  reportedAt: number;
}

/** A job that a crew is not done with. */
export interface OpenJob extends GroupedReport {
  id: number;
}

export type Grouping = { jobId: number; why: 'same_outage' | 'same_transformer' } | { jobId: null; why: 'own_fault' };

/**
 * Which job a report belongs to: that of the same outage, or else one of the same transformer from about the same time. Who says that
 * only the own premises are out has a fault of his own, as long as no outage says otherwise.
 */
export function jobFor(report: GroupedReport, jobs: readonly OpenJob[], sameJobMinutes: number): Grouping {
  const inOrder = jobs.toSorted((a, b) => a.reportedAt - b.reportedAt || a.id - b.id);
  const { outageId } = report;
  const same = outageId === null ? undefined : inOrder.find((job) => job.outageId === outageId);
  if (same !== undefined) return { jobId: same.id, why: 'same_outage' };
  if (report.transformerId === null || report.extent === 'premises') return { jobId: null, why: 'own_fault' };
  const near = inOrder.find(
    (job) =>
      job.transformerId === report.transformerId &&
      job.extent !== 'premises' &&
      (job.outageId === null || outageId === null) &&
      Math.abs(job.reportedAt - report.reportedAt) <= sameJobMinutes * MINUTE_MS,
  );
  return near === undefined ? { jobId: null, why: 'own_fault' } : { jobId: near.id, why: 'same_transformer' };
}
