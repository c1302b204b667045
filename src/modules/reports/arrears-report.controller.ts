import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { EVERYONE } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { id, instant } from '../http/fields.js';
import { FILE_TYPES, tableFile, tableFormat } from '../http/spreadsheet.js';
import type { TableColumn } from '../http/spreadsheet.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { reportArrears } from './arrears-report.js';
import type { ArrearsRow } from './arrears-report.js';
import { aboutOf, asked, askOf, groupedBy } from './report-ask.js';

const bills = { bills: z.number().int(), amount: z.number().meta({ description: 'yuan' }) };
const sum = z.strictObject({ accounts: z.number().int(), ...bills });
const level = z.strictObject(bills);
const Row = z
  .strictObject({
    key: z.string().meta({ description: 'area, or month (2026-07)' }),
    from: instant,
    to: instant,
    withoutCut: sum.meta({ description: 'overdue bills paid within the period without a cut for them before' }),
    afterCut: sum,
    withoutCutShare: z
      .number()
      .nullable()
      .meta({ description: 'of the money recovered, what came without a cut (以催代停); null without any' }),
    byStage: z
      .strictObject({ none: level, remote: level, phone: level, onsite: level })
      .meta({ description: 'recovered without a cut, by the highest level of collection taken before' }),
    outstanding: sum
      .nullable()
      .meta({ description: 'overdue and unpaid at the end of the period; null in rows by month' }),
    cuts: z.number().int(),
    cutsAgainstRules: z.number().int(),
    plansCalledOff: z.number().int(),
    plansPaid: z.number().int().meta({ description: 'of the plans called off: because the customer had paid' }),
  })
  .meta({ id: 'ArrearsRow' });

const READ = endpoint({
  tag: 'reports',
  access: EVERYONE,
  method: 'GET',
  path: '/reports/arrears',
  summary:
    'Arrears recovered without a cut (以催代停), by the level of collection reached; cuts, and those that broke rules',
  query: z.strictObject({
    ...asked,
    by: z.enum(['area', 'month', 'none']).default('none'),
    format: tableFormat,
  }),
  response: z.strictObject({ policyVersion: id, total: Row, items: z.array(Row) }).meta({ id: 'ArrearsReport' }),
  fileTypes: FILE_TYPES,
});

type Column = TableColumn<ArrearsRow>;
const column = (zh: string, en: string, kind: Column['kind'], value: Column['value']): Column => ({
  zh,
  en,
  kind,
  value,
});

const COLUMNS: readonly Column[] = [
  column('编号', 'key', 'text', (row) => row.key),
  column('起', 'from', 'instant', (row) => row.from),
  column('止（不含）', 'to, excluded', 'instant', (row) => row.to),
  column('未停电回收户数', 'accounts recovered without a cut', 'count', (row) => row.withoutCut.accounts),
  column('未停电回收金额（元）', 'yuan recovered without a cut', 'minutes', (row) => row.withoutCut.amount),
  column('停电后回收户数', 'accounts recovered after a cut', 'count', (row) => row.afterCut.accounts),
  column('停电后回收金额（元）', 'yuan recovered after a cut', 'minutes', (row) => row.afterCut.amount),
  column('以催代停率', 'share without a cut', 'percent', (row) => row.withoutCutShare),
  column('未催即交（元）', 'yuan before any collection', 'minutes', (row) => row.byStage.none.amount),
  column('远程催收后（元）', 'yuan after a message', 'minutes', (row) => row.byStage.remote.amount),
  column('电话催收后（元）', 'yuan after a call', 'minutes', (row) => row.byStage.phone.amount),
  column('现场催收后（元）', 'yuan after a visit', 'minutes', (row) => row.byStage.onsite.amount),
  column('期末欠费户数', 'accounts owing at the end', 'count', (row) => row.outstanding?.accounts ?? null),
  column('期末欠费金额（元）', 'yuan owing at the end', 'minutes', (row) => row.outstanding?.amount ?? null),
  column('停电', 'cuts', 'count', (row) => row.cuts),
  column('违规停电', 'cuts against the rules', 'count', (row) => row.cutsAgainstRules),
  column('取消的停电计划', 'plans called off', 'count', (row) => row.plansCalledOff),
  column('其中已交费', 'of these paid', 'count', (row) => row.plansPaid),
];

@Controller()
export class ArrearsReportController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(READ)
  read(@Input() { query }: InputOf<typeof READ>): Promise<object> {
    return this.db.snapshot(async (tx) => {
      const policyVersion = this.active.at(tx.now).version;
      const ask = { ...askOf(query, tx.now), by: query.by };
      const { total, items } = await reportArrears(tx, ask);
      if (query.format === 'json') return { policyVersion, total, items };
      return tableFile(query.format, {
        name: 'arrears',
        zh: '欠费回收',
        en: 'Arrears',
        columns: COLUMNS,
        rows: [...items, total],
        about: aboutOf(ask, policyVersion, tx.now, groupedBy(ask.by)),
      });
    });
  }
}
