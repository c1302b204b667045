import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { CATEGORIES, CHANNELS } from '../../domain/complaints/complaint.js';
import { MISSED_REASONS } from '../../domain/complaints/missed-warning.js';
import { EVERYONE } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';
import { FILE_TYPES, tableFile, tableFormat } from '../http/spreadsheet.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { COMPLAINT_ROWS, reportComplaints } from './complaint-report.js';
import { ComplaintReport, MissedCases, MissedReport } from './complaint-reports.schemas.js';
import { CASE_COLUMNS, COMPLAINT_COLUMNS, MISSED_COLUMNS } from './complaint-tables.js';
import { findMissedCases, MISSED_ROWS, reportMissedWarnings } from './missed-warnings.js';
import type { MissedFilter } from './missed-warnings.js';
import { aboutOf, asked, askOf, groupedBy } from './report-ask.js';

const filtered = { ...asked, category: z.enum(CATEGORIES).optional() };
const COMPLAINTS = endpoint({
  tag: 'reports',
  access: EVERYONE,
  method: 'GET',
  path: '/reports/complaints',
  summary: 'Complaints received in a period: how many, traced to an event, contacted and answered in time, repeated',
  query: z.strictObject({
    ...filtered,
    channel: z.enum(CHANNELS).optional(),
    by: z.enum(COMPLAINT_ROWS).default('category'),
    format: tableFormat,
  }),
  response: ComplaintReport,
  fileTypes: FILE_TYPES,
});
const MISSED = endpoint({
  tag: 'reports',
  access: EVERYONE,
  method: 'GET',
  path: '/reports/missed-warnings',
  summary: 'Complaints that no warning came before, with the reasons',
  query: z.strictObject({ ...filtered, by: z.enum(MISSED_ROWS).default('area'), format: tableFormat }),
  response: MissedReport,
  fileTypes: FILE_TYPES,
});
const CASES = endpoint({
  tag: 'reports',
  access: EVERYONE,
  method: 'GET',
  path: '/reports/missed-warnings/cases',
  summary: 'The single complaints behind these figures, the newest first; as a file all of them',
  query: z.strictObject({ ...paging, ...filtered, reason: z.enum(MISSED_REASONS).optional(), format: tableFormat }),
  response: MissedCases,
  fileTypes: FILE_TYPES,
});

@Controller()
export class ComplaintReportsController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(COMPLAINTS)
  complaints(@Input() { query }: InputOf<typeof COMPLAINTS>): Promise<object> {
    return this.db.snapshot(async (tx) => {
      const rules = this.active.at(tx.now);
      const ask = { ...filterOf(query, tx.now), channel: query.channel ?? null, by: query.by };
      const { total, items } = await reportComplaints(tx, ask, rules);
      if (query.format === 'json') return { policyVersion: rules.version, total, items };
      return tableFile(query.format, {
        name: 'complaints',
        zh: '投诉',
        en: 'Complaints',
        columns: COMPLAINT_COLUMNS,
        rows: [...items, total],
        about: aboutOf(ask, rules.version, tx.now, ofCategory(ask), groupedBy(ask.by), {
          zh: '渠道',
          en: 'channel',
          value: ask.channel,
        }),
      });
    });
  }

  @Endpoint(MISSED)
  missed(@Input() { query }: InputOf<typeof MISSED>): Promise<object> {
    return this.db.snapshot(async (tx) => {
      const { version } = this.active.at(tx.now);
      const ask = { ...filterOf(query, tx.now), by: query.by };
      const { total, items } = await reportMissedWarnings(tx, ask);
      if (query.format === 'json') return { policyVersion: version, total, items };
      return tableFile(query.format, {
        name: 'missed-warnings',
        zh: '漏预警',
        en: 'Missed warnings',
        columns: MISSED_COLUMNS,
        rows: [...items, total],
        about: aboutOf(ask, version, tx.now, ofCategory(ask), groupedBy(ask.by)),
      });
    });
  }

  @Endpoint(CASES)
  cases(@Input() { query }: InputOf<typeof CASES>): Promise<object> {
    const key = decodeCursor(query.cursor, 2);
    const before = key === null ? null : { receivedAt: Number(key[0]), complaintId: Number(key[1]) };
    return this.db.snapshot(async (tx) => {
      const filter = { ...filterOf(query, tx.now), reason: query.reason ?? null };
      if (query.format === 'json') {
        const cases = await findMissedCases(tx, filter, before, query.limit + 1);
        return page(cases, query.limit, ({ receivedAt, complaintId }) => [receivedAt, complaintId]);
      }
      return tableFile(query.format, {
        name: 'missed-warning-cases',
        zh: '漏预警明细',
        en: 'Complaints without a warning before them',
        columns: CASE_COLUMNS,
        rows: await findMissedCases(tx, filter, before, Infinity),
        about: aboutOf(filter, this.active.at(tx.now).version, tx.now, ofCategory(filter), {
          zh: '原因',
          en: 'reason',
          value: filter.reason,
        }),
      });
    });
  }
}

const filterOf = (query: Omit<InputOf<typeof MISSED>['query'], 'by' | 'format'>, now: number): MissedFilter => ({
  ...askOf(query, now),
  category: query.category ?? null,
});

const ofCategory = ({ category }: MissedFilter) => ({ zh: '类别', en: 'category', value: category });
