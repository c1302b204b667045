import { z } from 'zod';
import { startOfYear, yearOf } from '../../domain/calendar.js';
import type { Period } from '../../domain/reliability.js';
import { Fault } from '../../fault.js';
import { instantInput } from '../http/fields.js';
import type { TableAbout } from '../http/spreadsheet.js';

/** What every report can be asked for. */
export const asked = {
  from: instantInput.optional(),
  to: instantInput.optional(),
  area: z.string().min(1).optional(),
};

/** The period and the area of a report; null = all areas. */
export interface ReportAsk extends Period {
  area: string | null;
}

type Asked = { [Field in keyof typeof asked]?: z.output<(typeof asked)[Field]> };

/**
 * The period: to now, and from the beginning of that year, unless told otherwise; never into the future.
 * @throws Fault `invalid_input` when nothing is left of it
 */
export function askOf({ from, to, area }: Asked, now: number): ReportAsk {
  const end = Math.min(to ?? now, now);
  const start = from ?? startOfYear(yearOf(end - 1));
  if (start < end) return { from: start, to: end, area: area ?? null };
  const message = 'must be before to, and in the past';
  throw new Fault('invalid_input', `query.from: ${message}`, { errors: [{ path: 'query.from', message }] });
}

type Filter = TableAbout['filter'][number];

/** What the file of a report tells of it; the area is always told, other filters where there are some. */
export const aboutOf = (
  { from, to, area }: ReportAsk,
  policyVersion: number,
  madeAt: number,
  ...filters: readonly Filter[]
): TableAbout => ({
  period: { from, to },
  filter: [{ zh: '地区', en: 'area', value: area }, ...filters],
  policyVersion,
  madeAt,
});

export const groupedBy = (by: string): Filter => ({ zh: '分组', en: 'by', value: by });
