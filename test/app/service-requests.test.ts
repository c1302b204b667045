import { beforeAll, describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../src/domain/instants.js';
import { TestClock } from '../support/database.js';
import { eventually, useService } from '../support/service.js';
import type { Answer } from '../support/service.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');
const at = (minutes: number): number => START + minutes * MINUTE_MS;

interface Request {
  id: number;
  unit: string | null;
  person: string | null;
  routeNote: { zh: string } | null;
  passedOnAt: string | null;
  passedOnBy: string | null;
  contact: string | null;
  deadlines: { stage: string; dueAt: string; state: string }[];
  code: string;
}

describe('opinions, suggestions and other business', () => {
  const clock = new TestClock(START);
  const held = useService({ clock });
  const post = (body: object): Promise<Answer<Request>> =>
    held.service.call<Request>('POST', '/service-requests', {
      business: 'suggestion',
      text: '建议增加充电桩',
      confirmedAt: START,
      ...body,
    });

  beforeAll(async () => {
    await held.service.call('POST', '/network/assets', 'code,kind,area\nT1,transformer,城东');
    await held.service.call('POST', '/network/customers', 'account_no,transformer_code\nA1,T1');
    await held.service.call('POST', '/responsibility-routes', 'business,area,unit,person\nmetering,城东,计量班,甲');
  });

  it('are passed on at once to the unit of the business and area', async () => {
    await held.service.goTo(at(3));
    const request = (await post({ externalId: 'R1', business: 'metering', accountNo: 'A1' })).body;
    expect(request).toMatchObject({
      unit: '计量班',
      person: '甲',
      routeNote: null,
      passedOnAt: '2026-07-15T10:03:00+08:00',
      passedOnBy: 'system',
    });
    expect(request.deadlines).toEqual([
      expect.objectContaining({ stage: '75%', state: 'met' }),
      expect.objectContaining({ stage: 'due', dueAt: '2026-07-15T10:10:00+08:00', state: 'met' }),
    ]);
  });

  it('wait for a person, with the clock running, where the table names nobody', async () => {
    await held.service.goTo(at(3));
    const request = (await post({ externalId: 'R2', accountNo: 'A1', contact: '王五 13800000000' })).body;
    expect(request).toMatchObject({ unit: null, passedOnAt: null });
    expect(request.routeNote?.zh).toContain('建议（城东）没有责任单位');
    const waiting = await held.service.call<{ items: Request[] }>('GET', '/service-requests?waiting=yes');
    expect(waiting.body.items.map(({ id }) => id)).toEqual([request.id]);

    await held.service.goTo(at(12));
    const pass = (body: object): Promise<Answer<Request>> =>
      held.service.call<Request>('POST', `/service-requests/${request.id}/passed-on`, {
        by: '营业厅',
        at: at(12),
        ...body,
      });
    expect((await pass({})).body.code).toBe('unit_missing');
    expect((await pass({ unit: '市场部', at: at(-1) })).status).toBe(400);
    const passed = (await pass({ unit: '市场部' })).body;
    expect(passed).toMatchObject({ unit: '市场部', routeNote: null });
    // Two minutes late, and it says so.
    await eventually(async () => {
      const [one] = await held.service.db.query<{ state: string }>(
        `select state from deadline where kind = 'service_request' and stage = 'due' and subject_id = $1`,
        [request.id],
      );
      return one?.state === 'fired';
    });
    const [entry] = await held.service.db.query<{ late: boolean }>(
      `select (data ->> 'late')::boolean as late from journal where type = 'service_request_passed_on' and subject_id = $1`,
      [request.id],
    );
    expect(entry?.late).toBe(true);
    expect((await pass({ unit: '市场部' })).body.code).toBe('passed_on_already');
  });

  it('are taken once for each externalId, and show contacts only to those who may see them', async () => {
    await held.service.goTo(at(3));
    const body = { externalId: 'R3', contact: '王五', accountNo: 'A1' };
    const [one, two] = await Promise.all([post(body), post(body)]);
    expect(one.body.id).toBe(two.body.id);
    expect((await post({ ...body, text: '别的' })).status).toBe(409);
    const key = (await held.service.call<{ key: string }>('POST', '/api-keys', { name: 'v', roles: ['viewer'] })).body
      .key;
    const list = await held.service.call<{ items: Request[] }>('GET', '/service-requests', undefined, key);
    expect(list.body.items.find(({ id }) => id === one.body.id)?.contact).toBe('***');
  });
});
