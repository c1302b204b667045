import { Controller } from '@nestjs/common';
import { z } from 'zod';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { Caller, EVERYONE } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { note, pageOf, paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';
import { FILE_TYPES, tableFile, tableFormat } from '../http/spreadsheet.js';
import { NATURES } from '../outages/outages.schemas.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { keepLook, knownNow, stateSeen } from './known-reports.js';
import { listPublished, publishReliability } from './published-reports.js';
import type { PublishedReport } from './published-reports.js';
import { policyOf, reportReliability } from './reliability-report.js';
import type { ReliabilityAsk, ReliabilityBy } from './reliability-report.js';
import { RELIABILITY_COLUMNS } from './reliability-table.js';
import { aboutOf, asked, askOf, groupedBy } from './report-ask.js';
import { PublishedReport as PublishedSchema, ReliabilityReport, Restatement } from './reports.schemas.js';
import { restate } from './restatements.js';

const BY = ['area', 'feeder', 'transformer', 'month', 'none'] as const;
const limit = (schema: z.ZodType<number | undefined>) =>
  schema.meta({ description: 'minutes that an interruption must exceed to be sustained; default by policy' });

const filtered = { ...asked, nature: z.enum(NATURES).optional() };
const READ = endpoint({
  tag: 'reports',
  access: EVERYONE,
  method: 'GET',
  path: '/reports/reliability',
  summary:
    'SAIDI, SAIFI and their kin; interruptions count in the period in which they began, minutes where they passed',
  query: z.strictObject({
    ...filtered,
    by: z.enum(BY).default('none'),
    sustained: limit(
      z.coerce
        .number()
        .pipe(z.union([z.literal(3), z.literal(5)]))
        .optional(),
    ),
    n: z.coerce.number().int().min(0).max(1_000).default(3).meta({ description: 'of CEMI: more interruptions than n' }),
    format: tableFormat,
  }),
  response: ReliabilityReport,
  fileTypes: FILE_TYPES,
});
const PUBLISH = endpoint({
  tag: 'reports',
  access: ['dispatcher', 'analyst'],
  method: 'POST',
  path: '/reports/reliability/publish',
  summary: 'Keep the figures as they are known now: what becomes known later is held against them',
  body: z.strictObject({
    ...filtered,
    sustained: limit(z.union([z.literal(3), z.literal(5)]).optional()),
    n: z.number().int().min(0).max(1_000).default(3),
    note: note.default(''),
  }),
  response: PublishedSchema,
  status: 201,
});
const RESTATEMENTS = endpoint({
  tag: 'reports',
  access: EVERYONE,
  method: 'GET',
  path: '/reports/restatements',
  summary: 'Published figures, the latest first, beside what is known now, and the outage revisions between the two',
  query: z.strictObject({ ...paging, limit: z.coerce.number().int().min(1).max(20).default(5) }),
  response: pageOf(Restatement),
});

@Controller()
export class ReliabilityController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(READ)
  read(@Input() { query }: InputOf<typeof READ>): Promise<object> {
    return this.db.snapshot(async (tx) => {
      const rules = this.active.at(tx.now);
      const ask = reliabilityAsk(query, query.by, rules, tx.now);
      const { shares: _, ...report } = await reportReliability(tx, ask, rules);
      const { sustainedMinutes, cemiMoreThan } = ask;
      if (query.format === 'json') return { sustainedMinutes, cemiMoreThan, policyVersion: rules.version, ...report };
      return tableFile(query.format, {
        name: 'reliability',
        zh: '供电可靠性',
        en: 'Reliability',
        columns: RELIABILITY_COLUMNS,
        rows: [...report.items, report.total],
        about: aboutOf(
          ask,
          rules.version,
          tx.now,
          { zh: '停电性质', en: 'nature', value: ask.nature },
          groupedBy(ask.by),
          { zh: '持续停电大于（分）', en: 'sustained: longer than (min)', value: sustainedMinutes },
          { zh: '多次停电：多于（次）', en: 'CEMI: more than', value: cemiMoreThan },
          {
            zh: '重大事件日',
            en: 'major event days',
            value: report.majorEvents.days.map(({ date }) => date).join(' ') || '-',
          },
        ),
      });
    });
  }

  @Endpoint(PUBLISH)
  async publish(@Input() { body }: InputOf<typeof PUBLISH>, @Caller() caller: Principal): Promise<PublishedReport> {
    const { toPublish, seen } = await this.db.snapshot(async (tx) => {
      const rules = this.active.at(tx.now);
      const ask = reliabilityAsk(body, 'none', rules, tx.now);
      const { total, shares } = await reportReliability(tx, ask, rules, true);
      const told = { at: tx.now, policyVersion: rules.version, note: body.note, by: caller.name };
      return { toPublish: { ask, total, shares, ...told }, seen: await stateSeen(tx) };
    });
    return this.db.inTx(async (tx) => {
      const report = await publishReliability(tx, toPublish);
      const known = [{ reportId: report.id, known: report.published, outages: [] }];
      await keepLook(tx, { known, seen, lookedAt: toPublish.at, policyVersion: toPublish.policyVersion });
      return report;
    });
  }

  @Endpoint(RESTATEMENTS)
  async restatements(@Input() { query }: InputOf<typeof RESTATEMENTS>): Promise<object> {
    const before = decodeCursor(query.cursor, 1);
    const { answer, look } = await this.db.snapshot(async (tx) => {
      const rules = this.active.at(tx.now);
      const published = page(
        await listPublished(tx, before === null ? null : Number(before[0]), query.limit + 1),
        query.limit,
        ({ id }) => [id],
      );
      const known = await knownNow(tx, published.items, rules);
      const answer = { ...published, items: await restate(tx, published.items, known) };
      const seen = await stateSeen(tx);
      return { answer, look: { known: [...known.values()], seen, lookedAt: tx.now, policyVersion: rules.version } };
    });
    await this.db.inTx((tx) => keepLook(tx, look));
    return answer;
  }
}

function reliabilityAsk(
  given: Omit<InputOf<typeof PUBLISH>['body'], 'note'>,
  by: ReliabilityBy,
  rules: PolicyInForce,
  now: number,
): ReliabilityAsk {
  const ask = askOf(given, now);
  return {
    ...ask,
    nature: given.nature ?? null,
    sustainedMinutes: given.sustained ?? policyOf(rules, ask.area).outage.momentaryMinutes,
    cemiMoreThan: given.n,
    by,
  };
}
