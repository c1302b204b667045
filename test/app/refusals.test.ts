import { beforeAll, describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../src/domain/instants.js';
import { TestClock } from '../support/database.js';
import { useService } from '../support/service.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');
const at = (minutes: number): number => START + minutes * MINUTE_MS;

interface Problem {
  status: number;
  code: string;
  detail: string;
  errors: { path: string; message: string; rule?: string; zh?: string; en?: string; source?: string }[];
}

describe('a refusal names the rule, in both languages, and where it is written', () => {
  const held = useService({ clock: new TestClock(START) });
  const post = async <Body = Problem>(path: string, body: object, key?: string): Promise<Body> =>
    (await held.service.call<Body>('POST', path, body, key)).body;
  let repair = 0;
  let request = 0;

  beforeAll(async () => {
    const { service } = held;
    await service.call('POST', '/network/assets', 'code,kind,area\nT1,transformer,城东');
    await service.call('POST', '/network/customers', 'account_no,transformer_code\nA1,T1\nA2,T1');
    const report = { externalId: 'C1', accountNo: 'A1', symptom: '没电', at: at(-30) };
    repair = (await post<{ order: { id: number } }>('/repair-orders', report)).order.id;
    await post(`/repair-orders/${repair}/dispatched`, { at: at(-20), by: '一班' });
    const suggestion = { externalId: 'R1', business: 'suggestion', text: '建议', confirmedAt: at(-5) };
    request = (await post<{ id: number }>('/service-requests', suggestion)).id;
    await post('/payments', { externalId: 'P1', accountNo: 'A1', paidAt: at(-60), amount: 10, settled: true });
  });

  it.each<[string, string, () => Promise<Problem>]>([
    [
      'supply given back that was never cut',
      'not_disconnected',
      () => post('/reconnections', { accountNo: 'A2', reconnectedAt: at(-1), by: '一班' }),
    ],
    [
      'a payment of tomorrow',
      'not_in_the_future',
      () => post('/payments', { externalId: 'P2', accountNo: 'A1', paidAt: at(60), amount: 1, settled: false }),
    ],
    [
      'a payment received before it was made',
      'received_after_payment',
      () =>
        post('/payments', {
          externalId: 'P3',
          accountNo: 'A1',
          paidAt: at(-60),
          receivedAt: at(-66),
          amount: 1,
          settled: false,
        }),
    ],
    [
      'a payment cleared before it was made',
      'received_after_payment',
      () =>
        post('/payments', {
          externalId: 'P4',
          accountNo: 'A1',
          paidAt: at(-60),
          clearedAt: at(-66),
          amount: 1,
          settled: true,
        }),
    ],
    [
      'a payment sent again with another amount',
      'one_number_one_fact',
      () => post('/payments', { externalId: 'P1', accountNo: 'A1', paidAt: at(-60), amount: 11, settled: true }),
    ],
    [
      'a payment taken back before it was made',
      'reversal_after_payment',
      () => post('/payments/P1/reverse', { at: at(-61), reason: '退票' }),
    ],
    [
      'a call sent again with another symptom',
      'one_number_one_fact',
      () => post('/repair-orders', { externalId: 'C1', accountNo: 'A1', symptom: '跳闸', at: at(-30) }),
    ],
    [
      'an arrival before the dispatch',
      'impossible_leg',
      () => post(`/repair-orders/${repair}/arrived`, { at: at(-25), by: '一班' }),
    ],
    [
      'a leg corrected without a reason',
      'leg_on_record',
      () => post(`/repair-orders/${repair}/dispatched`, { at: at(-19), by: '一班' }),
    ],
    [
      'a call back before supply is back',
      'not_restored_yet',
      () => post(`/repair-orders/${repair}/called-back`, { at: at(-1), by: '坐席', reached: true, satisfied: true }),
    ],
    [
      'a request passed on to nobody',
      'unit_missing',
      () => post(`/service-requests/${request}/passed-on`, { at: at(-1), by: '坐席' }),
    ],
    [
      'a request passed on before it came',
      'after_confirmation',
      () => post(`/service-requests/${request}/passed-on`, { at: at(-9), by: '坐席', unit: '市场部' }),
    ],
    [
      'a cut without anything that must come before it',
      'debt',
      () => post('/disconnections', { externalId: 'D1', accountNo: 'A1', reason: 'arrears', plannedAt: at(60) }),
    ],
    [
      'an order in spite of a known cause, wanted by who may not',
      'known_cause_first',
      async () => {
        const { key } = await post<{ key: string }>('/api-keys', { name: '95598', roles: ['integration'] });
        return post('/repair-orders', { accountNo: 'A1', symptom: '没电', force: { reason: '客户坚持' } }, key);
      },
    ],
  ])('%s: %s', async (_, rule, call) => {
    const problem = await call();
    expect(problem.status).toBeGreaterThanOrEqual(400);
    const broken = problem.errors.find((error) => error.rule === rule);
    expect(broken).toMatchObject({
      zh: expect.stringMatching(/\p{Script=Han}/u),
      source: expect.stringMatching(/.{5,}/),
    });
    expect(broken?.message).toBe(`${broken?.en} (${broken?.zh}); ${broken?.source}`);
  });
});
