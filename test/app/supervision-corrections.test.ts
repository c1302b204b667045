import { beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { TestClock } from '../support/database.js';
import { eventually, useService } from '../support/service.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');
const at = (minutes: number): number => START + minutes * MINUTE_MS;

interface Order {
  id: number;
  state: string;
  unit: string | null;
  person: string | null;
  routeNote: { zh: string; en: string } | null;
  closedOn: string | null;
  closedBy: string | null;
  closeNote: string | null;
  replyDueAt: string | null;
  trail: { action: string; by: string; zh: string; en: string }[];
  deadlines: { stage: string; state: string }[];
}
interface Routed {
  id: number;
  unit: string | null;
  person: string | null;
  routeNote: object | null;
  passedOnAt: string | null;
}

describe('what becomes known late about supervision', () => {
  const clock = new TestClock(START);
  const held = useService({ clock });
  const call = async <Body>(method: string, path: string, body?: object | string): Promise<Body> =>
    (await held.service.call<Body>(method, path, body)).body;
  const fault = async (accountNo: string): Promise<Routed> =>
    (
      await call<{ order: Routed }>('POST', '/repair-orders', {
        symptom: '家里没电',
        accountNo,
        extent: 'premises',
        at: clock.now(),
      })
    ).order;
  const arrived = (id: number, moment: number, note = ''): Promise<object> =>
    call('POST', `/repair-orders/${id}/arrived`, { at: moment, by: '抢修一班', note });
  const get = (id: number): Promise<Order> => call<Order>('GET', `/supervision-orders/${id}`);
  const orderOf = (subjectType: string, subjectId: number): Promise<Order> =>
    eventually(async () => {
      const path = `/supervision-orders?subjectType=${subjectType}&subjectId=${subjectId}`;
      const [order] = (await call<{ items: Order[] }>('GET', path)).items;
      return order === undefined ? null : get(order.id);
    });
  const until = (id: number, holds: (order: Order) => boolean): Promise<Order> =>
    eventually(async () => {
      const order = await get(id);
      return holds(order) ? order : null;
    });

  const seenBySupervision = (type: string): Promise<boolean> =>
    eventually(async () => {
      const [row] = await held.service.db.query<{ seen: boolean }>(
        `select c.id >= (select max(id) from journal where type = $1) as seen from follower_cursor c where c.follower = 'supervision'`,
        [type],
      );
      return row?.seen === true;
    });

  beforeAll(async () => {
    await call(
      'POST',
      '/network/assets',
      [
        'code,kind,parent_code,name,area,setting,owner,manager',
        'F,feeder,,城东线,城东,urban,城东供电所 赵工,',
        'T1,transformer,F,一号台区,城东,urban,,客户经理孙七',
        'T2,transformer,F,二号台区,城东,urban,,',
        'T3,transformer,F,三号台区,城东,urban,钱工,',
        'T4,transformer,,四号台区,城西,urban,,',
      ].join('\n'),
    );
    await call('POST', '/network/customers', 'account_no,transformer_code\nA1,T1\nA2,T2\nA3,T3\nA4,T4');
  });

  it('closes an order by itself when the arrival turns out to have been in time, and opens it again when not', async () => {
    await held.service.goTo(START);
    const repair = await fault('A1');
    await held.service.goTo(at(61));
    const order = await orderOf('repair_order', repair.id);
    expect(order).toMatchObject({ state: 'open', closedOn: null });
    // The crew was there in time; nobody had booked it.
    await arrived(repair.id, at(40));
    const closed = await until(order.id, ({ state }) => state === 'closed');
    expect(closed).toMatchObject({ closedOn: 'kept', closedBy: 'system', replyDueAt: null });
    expect(closed.trail.map(({ action }) => action)).toEqual(['opened', 'closed']);
    expect(closed.trail.at(-1)).toMatchObject({
      by: 'system',
      zh: '自动办结：时间更正后并未超时：到达现场 2026-07-15 10:40（时限 2026-07-15 11:00）',
      en: 'closed by itself: the corrected time shows that the promise was kept: arrival 2026-07-15 10:40 (limit 2026-07-15 11:00)',
    });
    expect(closed.deadlines.every(({ state }) => state !== 'pending')).toBe(true);
    const sheet = await held.service.call<string>('GET', `/supervision-orders/${order.id}/notice-sheet?language=en`);
    expect(sheet.body).toContain('closed by itself');
    expect(sheet.body).toContain('issued: Crew not on site in time: 一号台区 户号 A1');

    await arrived(repair.id, at(61), '核对定位记录，实际 11:01 到达');
    const again = await until(order.id, ({ state }) => state === 'open');
    expect(again).toMatchObject({ closedOn: null, replyDueAt: '2026-07-15T13:01:00+08:00' });
    expect(again.trail.map(({ action }) => action)).toEqual(['opened', 'closed', 'revised']);
  });

  it('keeps an order open whose promise was broken, however late the booking', async () => {
    await held.service.goTo(START);
    const repair = await fault('A2');
    await held.service.goTo(at(90));
    const order = await orderOf('repair_order', repair.id);
    await arrived(repair.id, at(70));
    await seenBySupervision('repair_arrived');
    expect(await get(order.id)).toMatchObject({ state: 'open', closedOn: null });
  });

  it('closes an order about a complaint whose first contact was in time and recorded late', async () => {
    await held.service.goTo(START);
    const complaint = {
      externalId: 'K1',
      channel: 'hotline',
      category: 'service_conduct',
      accountNo: 'A1',
      text: '态度差',
    };
    const { id } = await call<{ id: number }>('POST', '/complaints', { ...complaint, receivedAt: START });
    await held.service.goTo(START + 25 * HOUR_MS);
    const order = await orderOf('complaint', id);
    await call('POST', `/complaints/${id}/contacted`, { at: START + 20 * HOUR_MS, by: '王', note: '' });
    const closed = await until(order.id, ({ state }) => state === 'closed');
    expect(closed).toMatchObject({ closedOn: 'kept', closeNote: expect.stringContaining('首次联系 2026-07-16 06:00') });
  });

  it('closes an order about supply that was back in time and measured late; the word of a crew does not', async () => {
    await held.service.goTo(START);
    const cutAt = START - 24 * HOUR_MS;
    const cut = { externalId: 'D1', accountNo: 'A3', reason: 'arrears', plannedAt: cutAt, disconnectedAt: cutAt };
    await call('POST', '/disconnections', cut);
    await call('POST', '/payments', { externalId: 'P1', accountNo: 'A3', paidAt: START, amount: 80, settled: true });
    await held.service.goTo(START + 12 * HOUR_MS + MINUTE_MS);
    const [{ id } = { id: 0 }] = await eventually(async () => {
      const { items } = await call<{ items: { id: number }[] }>('GET', '/reconnection-orders?state=breached');
      return items.length > 0 ? items : null;
    });
    const order = await orderOf('reconnection_order', id);
    await call('POST', '/reconnections', { accountNo: 'A3', reconnectedAt: START + 10 * HOUR_MS, by: '一班' });
    await seenBySupervision('reconnection_claimed');
    expect(await get(order.id)).toMatchObject({ state: 'open' });
    const measured = { accountNo: 'A3', reconnectedAt: START + 11 * HOUR_MS, by: '计量系统', source: 'switch' };
    await call('POST', '/reconnections', measured);
    const closed = await until(order.id, ({ state }) => state === 'closed');
    expect(closed).toMatchObject({ closedOn: 'kept', closeNote: expect.stringContaining('复电 2026-07-15 21:00') });
  });

  it('names the unit and the person apart, of an owner that the register writes in one field', async () => {
    await held.service.goTo(START);
    expect(await fault('A2')).toMatchObject({ unit: '城东供电所', person: '赵工', routeNote: null });
    // The nearest owner is a person without a unit: that is said, and the person is named.
    const repair = await fault('A3');
    expect(repair).toMatchObject({
      unit: null,
      person: '钱工',
      routeNote: { zh: expect.stringContaining('没有责任单位') },
    });
    await held.service.goTo(at(61));
    expect(await orderOf('repair_order', repair.id)).toMatchObject({ unit: null, person: null });
  });

  it('routes what waits for a unit as soon as the routing table has a line for it', async () => {
    await held.service.goTo(START);
    const repair = await fault('A4');
    const request = await call<Routed>('POST', '/service-requests', {
      externalId: 'R1',
      business: 'suggestion',
      accountNo: 'A4',
      text: '建议增加充电桩',
      confirmedAt: START,
    });
    expect([repair.unit, request.unit, request.passedOnAt]).toEqual([null, null, null]);
    await held.service.goTo(at(65));
    const order = await orderOf('repair_order', repair.id);
    expect(order.unit).toBeNull();

    await call(
      'POST',
      '/responsibility-routes',
      'business,area,unit,person\nrepair,城西,城西抢修班,李四\nsuggestion,,营业厅,',
    );
    const found = await call<Routed>('GET', `/repair-orders/${repair.id}`);
    expect(found).toMatchObject({ unit: '城西抢修班', person: '李四', routeNote: null });
    const { items } = await call<{ items: Routed[] }>('GET', '/service-requests');
    expect(items).toEqual([
      expect.objectContaining({
        id: request.id,
        unit: '营业厅',
        routeNote: null,
        passedOnAt: '2026-07-15T11:05:00+08:00',
        passedOnBy: 'system',
      }),
    ]);
    const routed = await until(order.id, ({ unit }) => unit !== null);
    expect(routed).toMatchObject({ unit: '城西抢修班', person: '李四', routeNote: null });
    expect(routed.trail.at(-1)?.zh).toBe('责任单位：城西抢修班 李四（路由表已登记）');
    // What has a unit keeps it.
    await call('POST', '/responsibility-routes', 'business,area,unit,person\nrepair,城西,城西二班,王五');
    expect(await call('GET', `/repair-orders/${repair.id}`)).toMatchObject({ unit: '城西抢修班' });
    await held.service.goTo(at(65) + HOUR_MS);
  });
});
