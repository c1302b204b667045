import { beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { TestClock } from '../support/database.js';
import { eventually, useService } from '../support/service.js';

// By night: who is on duty is told at once.
const START = Date.parse('2026-07-15T22:00:00+08:00');
const OPENED = START + 61 * MINUTE_MS;

interface Notice {
  id: number;
  kind: string;
  staff: string | null;
  accountNo: string | null;
  channel: string;
  recipient: string | null;
  state: string;
  provider: string | null;
  sentAt: string | null;
  text: string;
}

describe('messages to the staff about supervision', () => {
  const clock = new TestClock(START);
  const held = useService({ clock });
  const call = async <Body>(method: string, path: string, body?: object | string, key?: string): Promise<Body> =>
    (await held.service.call<Body>(method, path, body, key)).body;
  const told = async (orderId: number, kind: string): Promise<Notice[]> => {
    const path = `/notices?eventType=supervision_order&eventId=${orderId}`;
    const { items } = await call<{ items: Notice[] }>('GET', path);
    return items.filter((notice) => notice.kind === kind).toReversed();
  };
  const untilTold = (orderId: number, kind: string, holds: (notices: Notice[]) => boolean): Promise<Notice[]> =>
    eventually(async () => {
      const notices = await told(orderId, kind);
      return holds(notices) ? notices : null;
    });
  let orderId = 0;

  beforeAll(async () => {
    await call('POST', '/network/assets', 'code,kind,name,area,setting\nT1,transformer,一号台区,城东,urban');
    await call('POST', '/network/customers', 'account_no,transformer_code\nA1,T1');
    await call(
      'POST',
      '/responsibility-routes',
      'business,area,unit,person,phone\nrepair,城东,城东抢修中心,李四,13900000004',
    );
    await call(
      'POST',
      '/duty-persons',
      'role,area,name,phone\nunit_manager,城东,钱主任,13900000007\nunit_manager,城东,孙副主任,\ndirector,,周局长,85200001',
    );
    await call('POST', '/repair-orders', { symptom: '没电', accountNo: 'A1', extent: 'premises', at: START });
    await held.service.goTo(OPENED);
    orderId = await eventually(async () => {
      const { items } = await call<{ items: { id: number }[] }>('GET', '/supervision-orders');
      return items[0]?.id;
    });
  });

  it('reach the responsible person by SMS, once, also by night', async () => {
    const notices = await untilTold(orderId, 'supervision_opened', ([one]) => one?.state === 'accepted');
    expect(notices).toEqual([
      expect.objectContaining({
        staff: '城东抢修中心 李四',
        accountNo: null,
        channel: 'sms',
        recipient: '13900000004',
        provider: 'log',
        sentAt: '2026-07-15T23:01:00+08:00',
        text: '【供电服务】督办单2026-000001（服务承诺超时）：一号台区 户号 A1，责任单位城东抢修中心。请于7月16日01:01前回复处理情况。咨询请拨95598。',
      }),
    ]);
  });

  it('reach whom it is taken to when nobody replies; who has no mobile is to be phoned', async () => {
    await held.service.goTo(OPENED + 2 * HOUR_MS);
    const notices = await untilTold(
      orderId,
      'supervision_escalated',
      (found) => found.length === 2 && found.some(({ state }) => state === 'accepted'),
    );
    expect(notices).toEqual([
      expect.objectContaining({ staff: '孙副主任', channel: 'call_list', recipient: null, state: 'queued' }),
      expect.objectContaining({ staff: '钱主任', channel: 'sms', recipient: '13900000007', state: 'accepted' }),
    ]);
    expect(notices[0]?.text).toContain('督办单2026-000001（服务承诺超时）逾期未回复，升级第1级');
    await held.service.goTo(OPENED + 6 * HOUR_MS);
    const [, , director] = await untilTold(orderId, 'supervision_escalated', (found) => found.length === 3);
    expect(director).toMatchObject({ staff: '周局长', channel: 'call_list', recipient: '85200001' });
  });

  it('reach who is named by hand, at the number of the duty roster', async () => {
    await call('POST', `/supervision-orders/${orderId}/assign`, { unit: '城东供电分局', person: '钱主任' });
    const notices = await untilTold(orderId, 'supervision_opened', (found) => found.length === 2);
    expect(notices[1]).toMatchObject({ staff: '城东供电分局 钱主任', recipient: '13900000007' });
  });

  it('mask numbers for those who may not see them, and are old news once the order is closed', async () => {
    const { key } = await call<{ key: string }>('POST', '/api-keys', { name: 'board', roles: ['viewer'] });
    const { items } = await call<{ items: Notice[] }>('GET', '/notices?channel=sms', undefined, key);
    expect(items.map(({ recipient }) => recipient)).toContain('139****0004');
    await call('POST', `/supervision-orders/${orderId}/close`, { note: '', withoutMeasurement: '客户已搬离' });
    const notices = await untilTold(orderId, 'supervision_escalated', (found) =>
      found.every(({ state }) => state !== 'queued'),
    );
    expect(notices.map(({ state }) => state)).toEqual(['cancelled', 'accepted', 'cancelled']);
  });

  it('wait for the day where the policy says so', async () => {
    const text = `extends: current\nnotices:\n  staffByNight: { value: false, source: 'test: nobody is woken' }\n`;
    await call('POST', '/policy', { text, note: 'test' });
    const night = START + 24 * HOUR_MS;
    await held.service.goTo(night);
    await call('POST', '/repair-orders', { symptom: '没电', accountNo: 'A1', extent: 'premises', at: night });
    await held.service.goTo(night + 61 * MINUTE_MS);
    const second = await eventually(async () => {
      const { items } = await call<{ items: { id: number }[] }>('GET', '/supervision-orders?state=open');
      return items[0]?.id;
    });
    const [notice] = await untilTold(second, 'supervision_opened', (found) => found.length === 1);
    expect(notice).toMatchObject({ state: 'queued', nextAttemptAt: '2026-07-17T08:00:00+08:00' });
  });
});
