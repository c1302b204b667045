import { Controller } from '@nestjs/common';
import { PARTS_OF } from '../../domain/service-quality/rating.js';
import type { Role } from '../../domain/service-quality/rating.js';
import type { Policy } from '../../domain/policy.js';
import { Database } from '../database/database.js';
import { Endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { tableFile } from '../http/spreadsheet.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { aboutOf, askOf, groupedBy } from './report-ask.js';
import { casesOf, reportService } from './service-report.js';
import { CASE_COLUMNS, SERVICE_COLUMNS } from './service-table.js';
import { readService, readServiceCases } from './service.schemas.js';

@Controller()
export class ServiceController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(readService)
  read(@Input() { query }: InputOf<typeof readService>): Promise<object> {
    return this.db.snapshot(async (tx) => {
      const { policy, version } = this.active.at(tx.now);
      const ask = { ...askOf(query, tx.now), by: query.by };
      const { total, items } = await reportService(tx, ask, policy);
      if (query.format === 'json') {
        return { policyVersion: version, formula: formulaOf(ask.by, policy), total, items };
      }
      return tableFile(query.format, {
        name: 'service',
        zh: '服务质量',
        en: 'Service quality',
        columns: SERVICE_COLUMNS,
        rows: [...items, { ...total, key: '合计 all' }],
        about: aboutOf(ask, version, tx.now, groupedBy(ask.by)),
      });
    });
  }

  @Endpoint(readServiceCases)
  cases(@Input() { query }: InputOf<typeof readServiceCases>): Promise<object> {
    return this.db.snapshot(async (tx) => {
      const { policy, version } = this.active.at(tx.now);
      const ask = { ...askOf(query, tx.now), by: query.by };
      const items = await casesOf(tx, ask, query.key ?? null, policy);
      if (query.format === 'json') return { items };
      return tableFile(query.format, {
        name: 'service-cases',
        zh: '服务工单',
        en: 'Service cases',
        columns: CASE_COLUMNS,
        rows: items,
        about: aboutOf(ask, version, tx.now, groupedBy(ask.by)),
      });
    });
  }
}

const formulaOf = (by: Role, { serviceQuality }: Policy): object => ({
  text: '得分 = 100 × Σ(权重 × 分项) / Σ权重；分项为及时率、一次修复率、满意率，用时分项为应用时/实际用时（不超过 1）；案例不足的分项不计，计入权重不足一半不评分',
  textEn:
    'Score = 100 x sum(weight x part) / sum(weight); parts are shares on time, fixed at once and satisfied, and for time the expected over the taken minutes, at most 1; parts of too few cases are left out, and below half of the weight there is no score',
  weights: Object.fromEntries(PARTS_OF[by].map((part) => [part, serviceQuality.weights[part]])),
  starsFrom: serviceQuality.starsFrom,
  minimumCases: serviceQuality.minimumCases,
});
