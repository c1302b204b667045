import { beforeAll, describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../src/domain/instants.js';
import { TestClock } from '../support/database.js';
import { eventually, useService } from '../support/service.js';
import type { Answer } from '../support/service.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');
const at = (minutes: number): number => START + minutes * MINUTE_MS;

interface Deadline {
  id: number;
  kind: string;
  stage: string;
  dueAt: string;
  state: string;
}
interface Order {
  id: number;
  state: string;
  round: number;
  jobId: number;
  jobOrderIds: number[];
  outageId: number | null;
  unit: string | null;
  routeNote: { zh: string; en: string } | null;
  callerPhone: string | null;
  contact: string | null;
  knownCause: string | null;
  forced: { why: string; text: string } | null;
  legs: Record<'dispatched' | 'arrived' | 'repaired', { claimedAt: string; by: string } | null>;
  observedAt: string | null;
  restoredAt: string | null;
  restoredSource: string | null;
  contradicted: boolean;
  outcome: string | null;
  callbacks: { reached: boolean }[];
  deadlines: Deadline[];
  trail: { leg: string; source: string; at: string | null; note: string }[];
  code: string;
  detail: string;
}
interface Report {
  report: {
    reportId: number;
    outcome: string;
    cause: string | null;
    eventType: string | null;
    eventId: number | null;
    estimatedRestorationAt: string | null;
    words: { zh: string[]; en: string[] } | null;
  };
  order: Order | null;
  code: string;
}

describe('fault reports and the five calls', () => {
  const clock = new TestClock(START);
  const held = useService({ clock });
  const report = (body: object, key?: string): Promise<Answer<Report>> =>
    held.service.call<Report>('POST', '/repair-orders', { symptom: '家里没电', at: clock.now(), ...body }, key);
  const ordered = async (body: object): Promise<Order> => {
    const answer = await report(body);
    expect(answer.status).toBe(201);
    if (answer.body.order === null) throw new Error('201 has an order');
    return answer.body.order;
  };
  const book = (order: { id: number }, leg: string, body: object): Promise<Answer<Order>> =>
    held.service.call<Order>('POST', `/repair-orders/${order.id}/${leg}`, { by: '抢修一班', ...body });
  const get = async (order: { id: number }): Promise<Order> =>
    (await held.service.call<Order>('GET', `/repair-orders/${order.id}`)).body;
  const states = (order: Order, stage = 'due'): Record<string, string> =>
    Object.fromEntries(order.deadlines.filter((one) => one.stage === stage).map((one) => [one.kind, one.state]));
  const outage = async (transformer: string, row: object = {}): Promise<number> => {
    const { state = 'confirmed', nature = 'fault', from = START } = row as Record<string, never>;
    const [made] = await held.service.db.query<{ id: number }>(
      `with o as (
         insert into outage (state, nature, cause, root_asset_id, area, started_at, estimated_restoration_at, known_at, policy_version)
         select $2, $3, '雷击', id, area, $4::timestamptz, $4::timestamptz + interval '4 h', $4, 1 from asset where code = $1
         returning id, root_asset_id)
       insert into outage_transformer (outage_id, transformer_id, started_at, source, customers)
       select id, root_asset_id, $4, 'measured', 1 from o returning outage_id as id`,
      [transformer, state, nature, new Date(from)],
    );
    return made?.id ?? 0;
  };
  /** As telemetry writes it: the interval and the journal entry in one transaction. */
  const supply = async (transformer: string, to: 'dead' | 'live', moment: number): Promise<void> => {
    await held.service.db.inTx(async (tx) => {
      const [asset] = await tx.query<{ id: number }>('select id from asset where code = $1', [transformer]);
      await tx.query(
        to === 'dead'
          ? `insert into supply_interval (transformer_id, state, started_at, source) values ($1, 'dead', $2, 'power_off')`
          : `update supply_interval set ended_at = $2, end_source = 'power_on' where transformer_id = $1 and ended_at is null`,
        [asset?.id, new Date(moment)],
      );
      await tx.query(
        `insert into journal (type, subject_type, subject_id, happened_at, known_at, actor, data)
         values ('supply_changed', 'transformer', $1, $2, $3, 'system', $4)`,
        [
          asset?.id,
          new Date(moment),
          new Date(tx.now),
          JSON.stringify({ from: to === 'dead' ? 'live' : 'dead', to, source: 'power' }),
        ],
      );
    });
  };

  beforeAll(async () => {
    const { service } = held;
    const names = Array.from({ length: 12 }, (_, index) => `T${index + 1}`);
    await service.call(
      'POST',
      '/network/assets',
      `code,kind,parent_code,name,area,setting\nS,substation,,,城东,urban\nF,feeder,S,,城东,urban\n${names
        .map((name) => `${name},transformer,F,${name}台区,城东,${name === 'T2' ? 'rural' : 'urban'}`)
        .join('\n')}`,
    );
    await service.call(
      'POST',
      '/network/customers',
      `account_no,transformer_code,mobile\n${names.map((name, i) => `A${i + 1},${name},1380000${1000 + i}\nB${i + 1},${name},1390000${1000 + i}`).join('\n')}`,
    );
    await service.call('POST', '/responsibility-routes', 'business,area,unit,person\nrepair,城东,城东抢修中心,李四');
  });

  it('makes an order with both clocks of arrival, each with its arithmetic and source', async () => {
    const order = await ordered({ accountNo: 'A1', place: '3 号楼', extent: 'premises', contact: '王五 13800001000' });
    expect(order).toMatchObject({ state: 'reported', unit: '城东抢修中心', routeNote: null, knownCause: null });
    const due = Object.fromEntries(order.deadlines.filter((d) => d.stage === 'due').map((d) => [d.kind, d.dueAt]));
    expect(due).toEqual({
      repair_dispatch: '2026-07-15T10:05:00+08:00',
      repair_arrival_promise: '2026-07-15T10:45:00+08:00',
      repair_arrival_regulation: '2026-07-15T11:00:00+08:00',
    });
    const regulation = order.deadlines.find((d) => d.kind === 'repair_arrival_regulation' && d.stage === 'due');
    const receipt = await held.service.call<{ steps: { en: string }[] }>('GET', `/deadlines/${regulation?.id}/receipt`);
    expect(receipt.body.steps.map(({ en }) => en)).toEqual(
      expect.arrayContaining([
        'Start: 2026-07-15T10:00:00+08:00 (fault report)',
        'Limit: 1 h',
        expect.stringContaining('供电监管办法 art. 14'),
      ]),
    );
  });

  it('goes through the legs, keeps what was said and when it was booked, and closes with a satisfied customer', async () => {
    const order = await ordered({ accountNo: 'A1', extent: 'premises' });
    clock.set(at(60));
    // All booked an hour later, the last one first.
    expect((await book(order, 'arrived', { at: at(30) })).body.state).toBe('arrived');
    expect((await book(order, 'dispatched', { at: at(4) })).body.state).toBe('arrived');
    const repaired = (await book(order, 'repaired', { at: at(50) })).body;
    expect(repaired).toMatchObject({ state: 'repaired', restoredSource: 'claimed', contradicted: false });
    expect(states(repaired)).toMatchObject({
      repair_dispatch: 'met',
      repair_arrival_promise: 'met',
      repair_arrival_regulation: 'met',
      repair_restoration: 'met',
      repair_callback: 'pending',
    });
    expect((await book(order, 'called-back', { at: at(40), reached: true, satisfied: true })).body.code).toBe(
      'not_restored_yet',
    );
    const closed = (await book(order, 'called-back', { at: at(58), reached: true, satisfied: true })).body;
    expect(closed).toMatchObject({ state: 'closed', outcome: 'satisfied' });
    expect(states(closed).repair_callback).toBe('met');
    clock.set(START);
  });
});
