import { beforeAll, expect } from '@jest/globals';
import { MINUTE_MS } from '../../src/domain/instants.js';
import { TestClock } from './database.js';
import { useService } from './service.js';
import type { Answer } from './service.js';

export const START = Date.parse('2026-07-15T10:00:00+08:00');
/** Minutes after START. */
export const at = (minutes: number): number => START + minutes * MINUTE_MS;

export interface Deadline {
  id: number;
  kind: string;
  stage: string;
  dueAt: string;
  state: string;
}
export interface Order {
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
export interface Report {
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

/** A service with twelve transformers of two customers each, and the ways to report a fault and to book what a crew says. */
export function useRepairs() {
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
  /** Written by hand, without its loss of supply: so that no rule has reason left to look at it. */
  const outage = async (transformer: string, row: object = {}): Promise<number> => {
    await held.service.settled();
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
      `code,kind,parent_code,name,area,setting\nS,substation,,,城东,urban\nF,feeder,S,,城东,urban\nS7,substation,,,城东,urban\nF7,feeder,S7,,城东,urban\n${names
        .map(
          (name) =>
            `${name},transformer,${name === 'T7' ? 'F7' : 'F'},${name}台区,城东,${name === 'T2' ? 'rural' : 'urban'}`,
        )
        .join('\n')}`,
    );
    await service.call(
      'POST',
      '/network/customers',
      `account_no,transformer_code,mobile\n${names.map((name, i) => `A${i + 1},${name},1380000${1000 + i}\nB${i + 1},${name},1390000${1000 + i}`).join('\n')}`,
    );
    await service.call('POST', '/responsibility-routes', 'business,area,unit,person\nrepair,城东,城东抢修中心,李四');
  });

  return { clock, held, report, ordered, book, get, states, outage, supply };
}
