import { beforeAll, describe, expect, it } from '@jest/globals';
import { TestClock } from '../support/database.js';
import { eventually, useService } from '../support/service.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Wednesday. */
const START = Date.parse('2026-07-15T10:00:00+08:00');

interface Finding {
  step: string;
  kind: string;
  path: string;
  message: string;
  zh: string;
  en: string;
  remedy: { zh: string; en: string };
  source: string;
}
interface Cut {
  id: number;
  code: string;
  state: string;
  allowed: boolean;
  errors: Finding[];
  missingSteps: Finding[];
  cancelledAt: string | null;
  cancelledBy: string | null;
  cancellation: { note: string; findings: Finding[] } | null;
}
interface InArrears {
  accountNo: string;
  name: string;
  amount: number;
  overdueDays: number;
  sms: boolean;
  mobile: string | null;
  dunning: { stage: string; result: string }[];
  next: { step: string; from: string; blockedBy: { en: string }[] };
  cutBlockedBy: Finding[];
  plannedCut: { plannedAt: string } | null;
  contacts: { role: string; name: string; phone: string }[];
}

describe('the cut guard in service', () => {
  const clock = new TestClock(START);
  const held = useService({ clock });
  const call = <Body = Cut>(method: string, path: string, body?: object | string, key?: string) =>
    held.service.call<Body>(method, path, body, key);
  const ok = async <Body = Cut>(path: string, body: object | string): Promise<Body> => {
    const answer = await call<Body & { detail?: string }>('POST', path, body);
    expect({ status: answer.status, detail: answer.body.detail }).toEqual({ status: 200, detail: undefined });
    return answer.body;
  };
  const indebt = async (accountNo: string): Promise<void> => {
    await ok('/arrears', { accountNo, amount: 120.55, dueOn: '2026-05-20' });
    await ok(`/arrears/${accountNo}/dunning`, {
      stage: 'phone',
      at: clock.now() - DAY,
      by: '抄表员',
      result: 'reached',
    });
  };
  /** A plan that nothing stands against, at the same hour of the day after tomorrow. */
  const planBody = (accountNo: string, plannedAt: number, more: object = {}) => ({
    externalId: `D-${accountNo}`,
    accountNo,
    reason: 'arrears',
    approvedBy: '李主任',
    noticeServedAt: plannedAt - 5 * DAY,
    finalNoticeAt: plannedAt - 30 * MINUTE,
    plannedAt,
    ...more,
  });
  const cutOf = async (accountNo: string): Promise<Cut | undefined> =>
    (await call<{ items: Cut[] }>('GET', `/disconnections?accountNo=${accountNo}`)).body.items[0];
  const inArrears = async (query: string, key?: string): Promise<InArrears[]> =>
    (await call<{ items: InArrears[] }>('GET', `/arrears?${query}`, undefined, key)).body.items;

  beforeAll(async () => {
    await ok(
      '/network/assets',
      'code,kind,parent_code,area,owner,manager\nS,substation,,,城东供电所,\nF,feeder,S,,,李工\nT,transformer,F,north,,\nT2,transformer,F,south,,',
    );
    const accounts = Array.from({ length: 20 }, (_, n) => `A${n},张三${n},T,1380000${String(1_000 + n)},yes`);
    await ok(
      '/network/customers',
      [
        'account_no,name,transformer_code,mobile,sms',
        ...accounts,
        'B1,王五,T2,13900000001,no',
        'B2,赵六,T2,,yes',
        'B3,钱七,T2,13900000003,yes',
      ].join('\n'),
    );
  });

  it('answers a check as the request itself, with every finding in parts, and stores nothing', async () => {
    await ok('/cut-protections', { externalId: 'P1', kind: 'life_support', accountNo: 'A0', validFrom: START - DAY });
    await ok('/complaints', {
      externalId: 'K1',
      channel: 'hotline',
      category: 'supply_quality',
      accountNo: 'A0',
      text: '晚上电压低，空调起不来',
      receivedAt: START - HOUR,
    });
    const asked = { accountNo: 'A0', reason: 'arrears', plannedAt: START + 3 * DAY }; // a Saturday
    const check = await call('POST', '/disconnections/check', asked);
    const request = await call('POST', '/disconnections', { ...asked, externalId: 'D0' });
    expect([check.status, check.body.code]).toEqual([409, 'disconnection_not_allowed']);
    expect(request.body).toEqual(check.body);
    expect(check.body.errors.map((error) => error.step)).toEqual([
      'arrears',
      'dunning',
      'approval',
      'notice',
      'final_notice',
      'life_support',
      'voltage_complaint',
      'no_cut_day',
    ]);
    for (const { zh, en, remedy, source, path, message } of check.body.errors)
      for (const text of [zh, en, remedy.zh, remedy.en, source, path, message]) expect(text).not.toBe('');
    expect(await held.service.db.query('select 1 from disconnection')).toEqual([]);
    const [complaint] = (await call<{ items: { id: number }[] }>('GET', '/complaints')).body.items;
    await ok(`/complaints/${complaint?.id}/answered`, { at: START, by: '客服', note: '已调档' });
    const answered = await call('POST', '/disconnections/check', asked);
    expect(answered.body.errors.map((error) => error.step)).not.toContain('voltage_complaint');
    await indebt('A1');
    const { externalId: _, ...proper } = planBody('A1', START + 2 * HOUR);
    expect((await call('POST', '/disconnections/check', proper)).body).toMatchObject({ allowed: true });
    expect(await held.service.db.query('select 1 from disconnection')).toEqual([]);
  });

  it('spares an area in extreme heat, and lets it be cut once the heat is over', async () => {
    await indebt('B1');
    const heat = { externalId: 'HEAT', kind: 'extreme_heat', area: 'south', validFrom: START - DAY };
    await ok('/cut-protections', heat);
    const refused = await call('POST', '/disconnections', planBody('B1', START + 2 * HOUR));
    expect(refused.body.errors.map((error) => error.step)).toEqual(['extreme_heat']);
    await ok('/cut-protections', { ...heat, validTo: START });
    expect(await ok('/disconnections', planBody('B1', START + 2 * HOUR))).toMatchObject({ state: 'planned' });
    expect((await call('POST', '/cut-protections', { ...heat, area: 'north' })).status).toBe(409);
  });

  it('calls a plan off as soon as the customer has paid, before the crew goes', async () => {
    await indebt('A2');
    await ok('/disconnections', planBody('A2', START + 2 * HOUR));
    await ok('/payments', { externalId: 'PAY-A2', accountNo: 'A2', paidAt: START, amount: 120.55, settled: true });
    const cut = await eventually(async () => {
      const found = await cutOf('A2');
      return found?.state === 'cancelled' ? found : null;
    });
    expect(cut).toMatchObject({ cancelledBy: 'system', cancellation: { findings: [{ step: 'paid' }] } });
    const again = await call('POST', '/disconnections', planBody('A2', START + 2 * HOUR));
    expect(again.body).toMatchObject({ id: cut.id, state: 'cancelled' }); // the same plan, delivered again
    const journal = await held.service.db.query<{ data: object }>(
      `select data from journal where type = 'disconnection_cancelled' and subject_id = $1`,
      [cut.id],
    );
    expect(journal).toMatchObject([{ data: { why: ['paid'] } }]);
    const stages = await held.service.db.query<{ state: string }>(
      `select state from deadline where kind = 'disconnection' and subject_id = $1`,
      [cut.id],
    );
    expect(stages.map((stage) => stage.state)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  it('looks again with the final notice: an outage that began meanwhile calls the plan off, others stay', async () => {
    const plannedAt = START + 3 * HOUR;
    await indebt('A3');
    await indebt('B2');
    await ok('/disconnections', planBody('A3', plannedAt));
    await ok('/disconnections', planBody('B2', plannedAt));
    const { db } = held.service;
    await held.service.settled();
    const [outage] = await db.query<{ id: number }>(
      `insert into outage (state, nature, root_asset_id, area, started_at, known_at, policy_version)
       select 'confirmed', 'fault', id, 'north', $1, $1, 1 from asset where code = 'T' returning id`,
      [new Date(START + HOUR)],
    );
    await db.query(
      `insert into outage_transformer (outage_id, transformer_id, started_at, source, customers)
       select $1, id, $2, 'power_off', 1 from asset where code = 'T'`,
      [outage?.id, new Date(START + HOUR)],
    );
    await held.service.goTo(plannedAt - 30 * MINUTE);
    const cut = await eventually(async () => {
      const found = await cutOf('A3');
      return found?.state === 'cancelled' ? found : null;
    });
    expect(cut.cancellation?.findings).toMatchObject([{ step: 'outage', source: expect.any(String) as unknown }]);
    expect(Date.parse(cut.cancelledAt ?? '')).toBeLessThan(plannedAt);
    expect(await cutOf('B2')).toMatchObject({ state: 'planned' });
    await db.query(`update outage_transformer set ended_at = $1`, [new Date(plannedAt - 10 * MINUTE)]);
    await db.query(`update outage set state = 'closed', ended_at = $1`, [new Date(plannedAt - 10 * MINUTE)]);
    const done = await ok('/disconnections', planBody('A3', plannedAt, { disconnectedAt: plannedAt - 30 * MINUTE }));
    expect(done.missingSteps.map((step) => step.step)).toContain('cut_after_cancellation');
  });

  it('lets a plan lapse that nobody carried out, and a person call one off', async () => {
    await held.service.goTo(START + 3 * HOUR + 4 * HOUR);
    await eventually(async () => (await cutOf('B2'))?.state === 'cancelled');
    expect((await cutOf('B2'))?.cancellation?.findings).toMatchObject([{ step: 'lapsed' }]);
    await indebt('A4');
    const plan = await ok('/disconnections', planBody('A4', START + DAY));
    expect(await ok(`/disconnections/${plan.id}/cancel`, { note: '客户住院' })).toMatchObject({
      state: 'cancelled',
      cancellation: { note: '客户住院', findings: [] },
    });
    const late = await call('POST', '/disconnections', {
      ...planBody('A4', START + DAY),
      responsibleUnit: '城西供电所',
    });
    expect([late.status, late.body.code]).toEqual([409, 'disconnection_cancelled']);
  });

  it('raises a warning of a cut that broke rules with who answers for it, and ends it when the missing step turns up', async () => {
    await held.service.goTo(START + DAY);
    await ok('/arrears', { accountNo: 'B3', amount: 10, dueOn: '2026-05-20' });
    const done = await ok('/disconnections', planBody('B3', START + HOUR, { disconnectedAt: START + HOUR }));
    expect(done.missingSteps.map((step) => step.step)).toEqual(['dunning']);
    const warningOf = async (status: string) =>
      (
        await call<{ items: { subject: { id: number }; evidence: Record<string, unknown> }[] }>(
          'GET',
          `/warnings?kind=disconnection_without_dunning&status=${status}`,
        )
      ).body.items.find((warning) => warning.subject.id === done.id);
    const warning = await eventually(() => warningOf('open'));
    expect(warning.evidence).toMatchObject({
      broken: [{ step: 'dunning', source: expect.stringContaining('三级催收') as unknown }],
      accountable: { unit: '城东供电所', person: '李工', basis: 'asset' },
    });
    // The collector's sheet comes a day late.
    const sheet = `external_id,account_no,stage,at,by,result\nX5,B3,onsite,${new Date(START - DAY).toISOString()},抄表员,已送达客户签收`;
    expect(await ok('/dunning-steps/import', sheet)).toEqual({ accepted: 1, rejected: [] });
    await eventually(() => warningOf('resolved'));
    expect(await cutOf('B3')).toMatchObject({ missingSteps: [] });
  });

  it('lists accounts in arrears with the next step, and puts those without messages on the call list', async () => {
    await held.service.goTo(Date.parse('2026-08-03T10:00:00+08:00'));
    await ok('/cut-protections', { externalId: 'HEAT', kind: 'extreme_heat', area: 'south', validFrom: START - DAY });
    const bills = ['account_no,amount,due_on', 'A10,30,2026-07-31', 'A10,20.5,2026-06-30', 'A11,10,2026-08-02'];
    expect(await ok('/arrears/import', bills.join('\n'))).toEqual({ accepted: 3, rejected: [] });
    expect(await ok('/arrears/import', bills.join('\n'))).toEqual({ accepted: 3, rejected: [] });
    const [a10] = await inArrears('accountNo=A10');
    expect(a10).toMatchObject({ amount: 50.5, overdueDays: 34, sms: true, dunning: [], plannedCut: null });
    expect(a10?.next).toEqual({ step: 'remote', from: '2026-07-01', blockedBy: [] });
    expect(a10?.cutBlockedBy.map((finding) => finding.step)).toEqual(['dunning']);
    const steps = [
      {
        external_id: 'S1',
        account_no: 'A10',
        stage: 'remote',
        at: clock.now() - 3 * DAY,
        by: '系统',
        result: 'delivered',
      },
      { external_id: 'S2', account_no: 'A10', stage: 'phone', at: clock.now() - 2 * DAY, by: '王', result: '无人接听' },
      { external_id: 'S3', account_no: 'nobody', stage: 'phone', at: clock.now() - DAY, by: '王', result: 'reached' },
      { external_id: 'S4', account_no: 'A10', stage: 'visit', at: clock.now() - DAY, by: '王', result: 'reached' },
    ].map((step) => ({ ...step, at: new Date(step.at).toISOString() }));
    const file = await fetch(`${held.service.url}/api/v1/dunning-steps/import`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-administrator-key', 'content-type': 'application/x-ndjson' },
      body: steps.map((step) => JSON.stringify(step)).join('\n'),
    });
    const answer = (await file.json()) as { accepted: number; rejected: { line: number; reason: string }[] };
    expect(answer.accepted).toBe(2);
    expect(answer.rejected.map(({ line }) => line)).toEqual([3, 4]);
    const [dunned] = await inArrears('accountNo=A10');
    expect(dunned?.dunning.map(({ stage, result }) => `${stage} ${result}`)).toEqual([
      'remote delivered',
      'phone not_reached',
    ]);
    expect(dunned).toMatchObject({ next: { step: 'onsite', from: '2026-07-15', blockedBy: [] }, cutBlockedBy: [] });
    expect((await inArrears('accountNo=A11'))[0]?.next).toMatchObject({ step: 'remote', from: '2026-08-03' });
    const toCall = await inArrears('callList=true');
    expect(toCall.map(({ accountNo }) => accountNo)).toEqual(['B1', 'B2']);
    expect(toCall[0]?.cutBlockedBy.map((finding) => finding.step)).toEqual(['extreme_heat']);
    const first = (await call<{ items: InArrears[]; nextCursor: string }>('GET', '/arrears?limit=2')).body;
    const second = (await call<{ items: InArrears[] }>('GET', `/arrears?limit=2&cursor=${first.nextCursor}`)).body;
    const all = await inArrears('');
    expect([...first.items, ...second.items].map((row) => row.accountNo)).toEqual(
      all.slice(0, 4).map((row) => row.accountNo),
    );
  });

  it('waits for the day that a customer promised, and goes on after it', async () => {
    await ok('/arrears/A10/dunning', {
      stage: 'onsite',
      at: clock.now() - HOUR,
      by: '王',
      result: '客户承诺周五前交费',
      promisedOn: '2026-08-07',
    });
    const [row] = await inArrears('accountNo=A10');
    expect(row?.next).toMatchObject({
      step: 'notice',
      blockedBy: [{ en: expect.stringContaining('promised') as unknown }, {}],
    });
    const refused = await call(
      'POST',
      '/disconnections/check',
      planBody('A10', clock.now() + HOUR, { externalId: undefined }),
    );
    expect(refused.body.errors.map((error) => error.step)).toEqual(['payment_promised']);
  });

  it('keeps contacts of owner and tenant, masked for those who may not see them, and logs who read them', async () => {
    const file =
      'external_id,account_no,role,name,phone,valid_from,source\nC1,A10,owner,陈房东,13911112222,2026-01-01,合同\nC2,A10,tenant,刘租户,13933334444,2026-03-01,抄表员';
    expect(await ok('/contacts/import', file)).toEqual({ accepted: 2, rejected: [] });
    const moved = await ok<{ accepted: number; rejected: object[] }>('/contacts/import', file.replaceAll('A10', 'A11'));
    expect(moved).toMatchObject({ accepted: 0, rejected: [{ line: 2 }, { line: 3 }] });
    const clear = (await inArrears('accountNo=A10'))[0];
    expect(clear?.contacts.map(({ role, name, phone }) => [role, name, phone])).toEqual([
      ['tenant', '刘租户', '13933334444'],
      ['owner', '陈房东', '13911112222'],
    ]);
    const viewer = (await call<{ key: string }>('POST', '/api-keys', { name: 'viewer', roles: ['viewer'] })).body;
    const masked = (await inArrears('accountNo=A10', viewer.key))[0];
    expect(masked).toMatchObject({ name: '张*', mobile: '138****1010' });
    expect(masked?.contacts.map(({ name, phone }) => [name, phone])).toEqual([
      ['刘*', '139****4444'],
      ['陈*', '139****2222'],
    ]);
    const log = await held.service.db.query<{ actor: string }>(
      `select distinct actor from personal_data_access where route = 'GET /arrears'`,
    );
    expect(log.map((row) => row.actor)).not.toContain('viewer');
    expect(log).toHaveLength(1);
  });

  it('takes a file of cuts, each judged like a single one', async () => {
    await indebt('A12');
    const at = Date.parse('2026-08-04T10:00:00+08:00');
    const instant = (ms: number): string => new Date(ms).toISOString();
    const line = (no: string, more: string): string => `F-${no},${no},arrears,李主任,${more},${instant(at)}`;
    const file = [
      'external_id,account_no,reason,approved_by,notice_served_at,final_notice_at,planned_at',
      line('A12', `${instant(at - 5 * DAY)},${instant(at - HOUR)}`),
      line('A13', `${instant(at - 5 * DAY)},${instant(at - HOUR)}`),
      line('A12', `,${instant(at - HOUR)}`),
    ].join('\n');
    const taken = await ok<{ accepted: number; rejected: { line: number; reason: string }[] }>(
      '/disconnections/import',
      file,
    );
    expect(taken.accepted).toBe(1);
    expect(taken.rejected.map(({ line: number }) => number)).toEqual([3, 4]);
    expect(taken.rejected[0]?.reason).toContain('no unpaid overdue bill is on record');
    expect(await ok('/disconnections/import', file)).toEqual(taken);
  });

  it('reports what was recovered without a cut, as JSON and as a workbook', async () => {
    const range = `from=${START - DAY}&to=${clock.now()}`;
    const report = await call<{
      total: { withoutCut: { amount: number }; cutsAgainstRules: number; plansPaid: number };
    }>('GET', `/reports/arrears?${range}&by=area`);
    expect(report.body.total).toMatchObject({ withoutCut: { amount: 120.55 }, cutsAgainstRules: 1, plansPaid: 1 });
    const file = await call<string>('GET', `/reports/arrears?${range}&format=csv`);
    expect(file.headers.get('content-disposition')).toContain('arrears');
    expect(file.body).toContain('120.55');
  });
});
