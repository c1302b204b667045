import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { EVERYONE } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { instantInput } from '../http/fields.js';
import { FILE_TYPES, tableFile, tableFormat } from '../http/spreadsheet.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { reportPeriod } from './report-period.js';
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
    from: instantInput.optional(),
    to: instantInput.optional(),
    area: z.string().min(1).optional(),
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
    return this.db.inTx(async (tx) => {
      const rules = this.active.at(tx.now);
      const ask = { ...reportPeriod(query.from, query.to, tx.now), area: query.area ?? null, by: query.by };
      const { total, items } = await reportVoltage(tx, ask, rules);
      if (query.format === 'json') return { policyVersion: rules.version, total, items };
      return tableFile(query.format, {
        name: 'voltage',
        zh: '电压合格率',
        en: 'Voltage qualification',
        columns: VOLTAGE_COLUMNS,
        rows: [...items, total],
        about: {
          period: ask,
          filter: [
            { zh: '地区', en: 'area', value: ask.area },
            { zh: '分组', en: 'by', value: ask.by },
          ],
          policyVersion: rules.version,
          madeAt: tx.now,
        },
      });
    });
  }
}
