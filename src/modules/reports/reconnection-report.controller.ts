import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { EVERYONE } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { FILE_TYPES, tableFile, tableFormat } from '../http/spreadsheet.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { reportReconnection } from './reconnection-report.js';
import { ReconnectionReport } from './reconnection-report.schemas.js';
import { RECONNECTION_COLUMNS } from './reconnection-table.js';
import { aboutOf, asked, askOf, groupedBy } from './report-ask.js';

const READ = endpoint({
  tag: 'reports',
  access: EVERYONE,
  method: 'GET',
  path: '/reports/reconnection',
  summary: 'The promise to restore after payment: kept, broken, only said by a crew; the time of each leg',
  query: z.strictObject({
    ...asked,
    by: z.enum(['area', 'crew', 'month', 'none']).default('none'),
    format: tableFormat,
  }),
  response: ReconnectionReport,
  fileTypes: FILE_TYPES,
});

@Controller()
export class ReconnectionReportController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(READ)
  read(@Input() { query }: InputOf<typeof READ>): Promise<object> {
    return this.db.snapshot(async (tx) => {
      const policyVersion = this.active.at(tx.now).version;
      const ask = { ...askOf(query, tx.now), by: query.by };
      const { total, items } = await reportReconnection(tx, ask);
      if (query.format === 'json') return { policyVersion, total, items };
      return tableFile(query.format, {
        name: 'reconnection',
        zh: '复电',
        en: 'Reconnection',
        columns: RECONNECTION_COLUMNS,
        rows: [...items, total],
        about: aboutOf(ask, policyVersion, tx.now, groupedBy(ask.by)),
      });
    });
  }
}
