import { beforeAll, describe, expect, it } from '@jest/globals';
import { TestClock } from '../support/database.js';
import { useService } from '../support/service.js';

const NOW = Date.parse('2026-07-15T10:00:00+08:00');

interface Report {
  formula: { weights: Record<string, number> };
  total: { cases: number };
  items: {
    key: string | null;
    cases: number;
    arrivalPromise: { met: number; of: number };
    satisfied: { met: number; of: number };
    actualMinutes: number;
    expectedMinutes: number;
    rating: { score: number | null; stars: number | null };
  }[];
}

describe('the service-quality report over HTTP', () => {
  const held = useService({ clock: new TestClock(NOW) });

  beforeAll(async () => {
    const { service } = held;
    await service.call(
      'POST',
      '/network/assets',
      'code,kind,parent_code,area\nS,substation,,城东\nF,feeder,S,城东\nT,transformer,F,城东',
    );
    await service.call(
      'POST',
      '/network/customers',
      `account_no,transformer_code\n${Array.from({ length: 40 }, (_, n) => `A${n},T`).join('\n')}`,
    );
    // 20 orders of each crew, a day apart: 甲班 is there after 30 min and done after 60, 乙班 after 70 and 180, and half of its customers call again.
    await service.db.query(
      `with given as (
         select n, case when n % 2 = 0 then '甲班' else '乙班' end as crew, $1::timestamptz - (n + 2) * interval '1 day' as t from generate_series(0, 39) n),
       jobs as (
         insert into repair_job (transformer_id, extent, reported_at, dispatched_at, arrived_at, repaired_at, crew, done_at)
         select a.id, 'premises', t, t + interval '4 min', t + case crew when '甲班' then interval '30 min' else interval '70 min' end,
           t + case crew when '甲班' then interval '60 min' else interval '180 min' end, crew, t + interval '4 h'
         from given cross join asset a where a.code = 'T' returning id, reported_at, crew),
       reports as (
         insert into fault_report (external_id, account_no, customer_id, transformer_id, area, symptom, extent, reported_at, recorded_at, recorded_by, outcome, given)
         select 'R' || n, 'A' || n, c.id, c.transformer_id, '城东', '无电', 'premises', t, t, 'agent-' || n % 3, 'repair_order', '{}'
         from given join customer c on c.account_no = 'A' || n returning id, reported_at)
       insert into repair_order (report_id, job_id, started_at, setting, setting_known, unit, state, restored_at, restored_source, called_back_at, outcome, policy_version)
       select r.id, j.id, j.reported_at, 'urban', true, '城东所', 'closed',
         j.reported_at + case j.crew when '甲班' then interval '60 min' else interval '180 min' end, 'observed', j.reported_at + interval '4 h',
         case when j.crew = '乙班' and r.id % 4 = 0 then 'unsatisfied' else 'satisfied' end, 1
       from jobs j join reports r using (reported_at)`,
      [new Date(NOW)],
    );
  });

  const read = async (query: string): Promise<Report> =>
    (await held.service.call<Report>('GET', `/reports/service?from=2026-01-01&${query}`)).body;

  it('rates crews against what like cases took, the best first, with its formula', async () => {
    const report = await read('by=crew');
    expect(report.total.cases).toBe(40);
    const [best, other] = report.items;
    expect(best).toMatchObject({
      key: '甲班',
      arrivalPromise: { met: 20, of: 20 },
      actualMinutes: 60,
      expectedMinutes: 120,
      rating: { score: 100, stars: 5 },
    });
    expect(other).toMatchObject({ key: '乙班', arrivalPromise: { met: 0, of: 20 }, actualMinutes: 180 });
    const { weights } = report.formula;
    const unhappy = (other?.satisfied.of ?? 0) - (other?.satisfied.met ?? 0);
    const expected =
      (100 *
        ((weights.time ?? 0) * (120 / 180) +
          (weights.firstFix ?? 0) +
          (weights.satisfaction ?? 0) * (1 - unhappy / 20))) /
      ((weights.arrival ?? 0) + (weights.time ?? 0) + (weights.firstFix ?? 0) + (weights.satisfaction ?? 0));
    expect(other?.rating.score).toBeCloseTo(expected, 6);
  });

  it('breaks a row down to its cases, and gives it as a workbook', async () => {
    const crew = encodeURIComponent('乙班');
    const cases = await held.service.call<{
      items: { crew: string; actualMinutes: number; onTime: { arrivalPromise: boolean } }[];
    }>('GET', `/reports/service/cases?from=2026-01-01&by=crew&key=${crew}`);
    expect(cases.body.items).toHaveLength(20);
    expect(
      cases.body.items.every((one) => one.crew === '乙班' && !one.onTime.arrivalPromise && one.actualMinutes === 180),
    ).toBe(true);
    const file = await held.service.call<string>('GET', '/reports/service?from=2026-01-01&format=csv');
    expect(file.body.split('\r\n')).toHaveLength(5); // titles, two crews, the whole, the end
    expect(file.body).toContain('甲班,5,100');
  });

  it('rates agents and units by their own parts', async () => {
    expect((await read('by=agent')).items.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['agent-0', 'agent-1', 'agent-2']),
    );
    const [unit] = (await read('by=unit')).items;
    expect(unit).toMatchObject({ key: '城东所', cases: 40 });
  });

  it('keeps the crew whose work the customer was not satisfied with apart from the one that came after it', async () => {
    const { service } = held;
    const MINUTE = 60_000;
    const reported = await service.call<{ order: { id: number } }>('POST', '/repair-orders', {
      externalId: 'BACK',
      accountNo: 'A39',
      symptom: '无电',
      at: NOW - 200 * MINUTE,
    });
    const book = async (step: string, ago: number, by: string, more: object = {}): Promise<void> => {
      const path = `/repair-orders/${reported.body.order.id}/${step}`;
      expect((await service.call('POST', path, { at: NOW - ago * MINUTE, by, ...more })).status).toBe(200);
    };
    const visit = async (crew: string, from: number, satisfied: boolean): Promise<void> => {
      await book('dispatched', from - 2, crew);
      await book('arrived', from - 20, crew);
      await book('repaired', from - 50, crew);
      await book('called-back', from - 60, '客服', { reached: true, satisfied });
    };
    await visit('丙班', 200, false);
    await visit('丁班', 140, true);
    const rows = (await read('by=crew')).items;
    expect(rows.find(({ key }) => key === '丙班')).toMatchObject({
      cases: 1,
      arrivalPromise: { met: 1, of: 1 },
      firstFix: { met: 0, of: 1 },
      satisfied: { met: 0, of: 1 },
      actualMinutes: 50,
    });
    expect(rows.find(({ key }) => key === '丁班')).toMatchObject({
      cases: 1,
      firstFix: { met: 0, of: 0 },
      satisfied: { met: 1, of: 1 },
      actualMinutes: 50,
    });
    expect((await read('by=crew')).total.cases).toBe(41);
  });
});
