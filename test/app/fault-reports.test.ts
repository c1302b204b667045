import { describe, expect, it } from '@jest/globals';
import { at, START, useRepairs } from '../support/repairs.js';
import type { Order } from '../support/repairs.js';

describe('fault reports', () => {
  const { held, report, ordered, get, outage } = useRepairs();

  it('answers a known cause without an order, links the call to its event, and asks once for each externalId', async () => {
    const outageId = await outage('T5');
    const body = { externalId: 'call-1', accountNo: 'A5', at: START };
    const first = await report(body);
    expect(first.status).toBe(200);
    expect(first.body.order).toBeNull();
    expect(first.body.report).toMatchObject({
      outcome: 'known_cause',
      cause: 'fault',
      eventType: 'outage',
      eventId: outageId,
      estimatedRestorationAt: '2026-07-15T14:00:00+08:00',
    });
    expect(first.body.report.words?.zh[0]).toBe('故障停电，7月15日 10:00 起，原因：雷击');
    expect(first.body.report.words?.zh).toContain('告知预计 7月15日 14:00 恢复供电');
    const again = await report(body);
    expect([again.status, again.body.report.reportId]).toEqual([200, first.body.report.reportId]);
    expect((await report({ ...body, symptom: '另一件事' })).status).toBe(409);
    // The neighbour without an account number, by the transformer.
    expect((await report({ transformerCode: 'T5' })).status).toBe(200);
    const calls = await held.service.call<{ items: { cause: string }[] }>(
      'GET',
      `/fault-reports?eventType=outage&eventId=${outageId}`,
    );
    expect(calls.body.items).toHaveLength(2);
    const journal = await held.service.db.query(`select data from journal where type = 'fault_report_answered'`);
    expect(journal).toHaveLength(2);
  });

  it('makes an order in spite of a known cause for danger, and for a dispatcher with a reason', async () => {
    const danger = await report({ accountNo: 'A5', symptom: '没电，电线断线落地' });
    expect([danger.status, danger.body.order?.knownCause, danger.body.order?.forced?.why]).toEqual([
      201,
      'fault',
      'hazard',
    ]);
    const forced = await report({ accountNo: 'B5', force: { reason: '重要客户要求到场' } });
    expect(forced.body.order?.forced).toMatchObject({ why: 'dispatcher', text: '重要客户要求到场' });
    // Both are of the one outage: one crew.
    expect(forced.body.order?.jobId).toBe(danger.body.order?.jobId);
    // A call that was answered gets an order when it is sent again with the reason; and only one.
    const call = { externalId: 'call-2', callerPhone: '13800001004' };
    expect((await report(call)).status).toBe(200);
    const wanted = await report({ ...call, force: { reason: '客户坚持' } });
    expect([wanted.status, wanted.body.order?.knownCause]).toEqual([201, 'fault']);
    expect((await report(call)).body.order?.id).toBe(wanted.body.order?.id);
    const key = (
      await held.service.call<{ key: string }>('POST', '/api-keys', { name: '95598', roles: ['integration'] })
    ).body.key;
    expect((await report({ accountNo: 'B5', force: { reason: 'x' } }, key)).status).toBe(403);
  });

  it('tells who was cut for theft how to be supplied again', async () => {
    await held.service.call('POST', '/disconnections', {
      externalId: 'D-theft',
      accountNo: 'A6',
      reason: 'theft',
      approvedBy: '王主任',
      plannedAt: at(-60),
      disconnectedAt: at(-60),
    });
    const answer = await report({ accountNo: 'A6' });
    expect(answer.status).toBe(200);
    expect(answer.body.report).toMatchObject({ cause: 'theft', eventType: 'disconnection' });
    expect(answer.body.report.words?.zh.join('')).toContain('补交电费并承担违约使用电费');
    expect(answer.body.report.words?.en.join(' ')).toContain('service counter');
  });

  it('shows numbers only to those who may see them, and logs who saw them', async () => {
    const order = await ordered({ accountNo: 'A11', callerPhone: '138 0000 1010', contact: '王五 13800001010' });
    const viewer = (await held.service.call<{ key: string }>('POST', '/api-keys', { name: 'board', roles: ['viewer'] }))
      .body.key;
    const masked = await held.service.call<Order>('GET', `/repair-orders/${order.id}`, undefined, viewer);
    expect(masked.body).toMatchObject({ callerPhone: '138****1010', contact: '***' });
    expect((await get(order)).callerPhone).toBe('13800001010');
    const [access] = await held.service.db.query<{ count: number }>(
      `select count(*)::int as count from personal_data_access p join customer c on c.id = p.customer_id
       where c.account_no = 'A11' and p.route = 'GET /repair-orders/:id'`,
    );
    expect(access?.count).toBe(1);
  });

  it('says that no unit is responsible where the routing table has none, and takes unknown accounts all the same', async () => {
    const order = await ordered({ accountNo: 'not-in-register', address: '城南路 8 号' });
    expect(order.unit).toBeNull();
    expect(order.routeNote?.zh).toContain('没有责任单位');
    const nobody = await held.service.call<{ code: string }>('POST', '/repair-orders', { symptom: '没电' });
    expect([nobody.status, nobody.body.code]).toEqual([400, 'invalid_input']);
    expect((await report({ transformerCode: 'T999' })).body.code).toBe('transformer_not_found');
  });

  it('imports the routing table by line, and answers who is responsible', async () => {
    const answer = await held.service.call<{ accepted: number; rejected: { line: number; reason: string }[] }>(
      'POST',
      '/responsibility-routes',
      'business,area,unit,person,phone\nmetering,城东,计量班,甲,\nmetering,城东,计量二班,,\nrefund,,,,\nnonsense,,x,,\ndefault,,营业厅,,8520000',
    );
    expect(answer.body.accepted).toBe(2);
    expect(answer.body.rejected.map(({ line, reason }) => [line, reason.split(' ')[0]])).toEqual([
      [3, 'metering'],
      [4, 'unit'],
      [5, 'business'],
    ]);
    const who = async (path: string): Promise<object> =>
      (await held.service.call('GET', `/responsibility-routes/${path}`)).body;
    expect(await who('metering?area=城东')).toEqual({
      unit: '计量班',
      person: '甲',
      why: 'business_and_area',
      missing: null,
    });
    expect(await who('inspection?area=城东')).toMatchObject({ unit: '营业厅', why: 'default' });
  });
});
