import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { EVERYONE } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { FILE_TYPES, tableFile, tableFormat } from '../http/spreadsheet.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { aboutOf, asked, askOf, groupedBy } from './report-ask.js';
import { VoltageReport } from './reports.schemas.js';
import { reportVoltage } from './voltage-report.js';
import { VOLTAGE_COLUMNS } from './voltage-table.js';

const READ = endpoint({
  tag: 'reports',
  access: EVERYONE,
  method: 'GET',
  path: '/reports/voltage',
  summary: 'Voltage qualification rate, from the readings themselves: exact again after late data',
  query: z.strictObject({
    ...asked,
    by: z.enum(['transformer', 'area', 'month', 'none']).default('none'),
    format: tableFormat,
  }),
  response: VoltageReport,
  fileTypes: FILE_TYPES,
});

@Controller()
export class VoltageController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(READ)
  read(@Input() { query }: InputOf<typeof READ>): Promise<object> {
    return this.db.snapshot(async (tx) => {
      const rules = this.active.at(tx.now);
      const ask = { ...askOf(query, tx.now), by: query.by };
      const { total, items } = await reportVoltage(tx, ask, rules);
      if (query.format === 'json') return { policyVersion: rules.version, total, items };
      return tableFile(query.format, {
        name: 'voltage',
        zh: '电压合格率',
        en: 'Voltage qualification',
        columns: VOLTAGE_COLUMNS,
        rows: [...items, total],
        about: aboutOf(ask, rules.version, tx.now, groupedBy(ask.by)),
      });
    });
  }
}
