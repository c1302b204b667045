import { beforeAll } from '@jest/globals';
import { HOUR_MS } from '../../src/domain/instants.js';
import type { NewJournalEntry } from '../../src/domain/journal-entry.js';
import { append } from '../../src/modules/journal/append.js';
import { TestClock } from './database.js';
import { eventually, useService } from './service.js';
import type { Answer } from './service.js';

export const START = Date.parse('2026-07-15T00:00:00+08:00');

export interface Order {
  id: number;
  number: string;
  cause: string;
  kind: string;
  state: string;
  unit: string | null;
  person: string | null;
  routeNote: { zh: string; en: string } | null;
  level: number;
  subject: { type: string; id: number };
  title: string;
  replyDueAt: string | null;
  closedOn: string | null;
  effect: { measured: boolean; zh: string; en: string };
  trail: { action: string; zh: string; en: string }[];
  deadlines: { stage: string; state: string }[];
  code: string;
  detail: string;
}

/** A service with nine transformers of one customer each and one that nobody owns, and the ways to bring and read supervision orders. */
export function useSupervision() {
  const clock = new TestClock(START);
  const held = useService({ clock });
  const list = async (query = ''): Promise<Order[]> =>
    (await held.service.call<{ items: Order[] }>('GET', `/supervision-orders?limit=500${query}`)).body.items;
  const get = async (id: number): Promise<Order> =>
    (await held.service.call<Order>('GET', `/supervision-orders/${id}`)).body;
  const post = (id: number, action: string, body: object): Promise<Answer<Order>> =>
    held.service.call<Order>('POST', `/supervision-orders/${id}/${action}`, body);
  const orderOf = (subjectType: string, subjectId: number): Promise<Order> =>
    eventually(async () => {
      const [order] = await list(`&subjectType=${subjectType}&subjectId=${subjectId}`);
      return order === undefined ? null : get(order.id);
    });
  const tell = (...entries: NewJournalEntry[]): Promise<void> => held.service.db.inTx((tx) => append(tx, entries));

  /**
   * A fault outage of one transformer since START, as the outages module writes it, but without its loss of supply: so no rule has
   * reason left to look at it.
   */
  const outage = async (code: string): Promise<{ id: number; rootAssetId: number }> => {
    await held.service.settled();
    const [row] = await held.service.db.query<{ id: number; rootAssetId: number }>(
      `with o as (
         insert into outage (state, nature, cause, root_asset_id, area, started_at, customers_affected, known_at, policy_version)
         select 'confirmed', 'fault', '', id, area, $2, 40, $2, 1 from asset where code = $1 returning id, root_asset_id)
       insert into outage_transformer (outage_id, transformer_id, started_at, source, customers)
       select id, root_asset_id, $2, 'measured', 40 from o
       returning outage_id as id, transformer_id as "rootAssetId"`,
      [code, new Date(START)],
    );
    if (row === undefined) throw new Error(`no asset ${code}`);
    return row;
  };
  const ladder = ({ id }: { id: number }, stage: string): NewJournalEntry => ({
    type: 'deadline_fired',
    subjectType: 'outage',
    subjectId: id,
    happenedAt: START + Number.parseInt(stage, 10) * HOUR_MS,
    data: {
      deadlineId: 0,
      kind: 'outage_ladder',
      stage,
      subjectType: 'outage',
      subjectId: id,
      dueAt: START + Number.parseInt(stage, 10) * HOUR_MS,
    },
  });

  beforeAll(async () => {
    const { service } = held;
    const names = Array.from({ length: 9 }, (_, index) => `T${index + 1}`);
    await service.call(
      'POST',
      '/network/assets',
      `code,kind,parent_code,name,area,owner,manager\nS,substation,,,城东,,\nF,feeder,S,城东线,城东,城东供电所 赵工,客户经理孙七\n${names
        .map((name) => `${name},transformer,F,${name}台区,城东,,`)
        .join('\n')}\nX,transformer,,无主台区,城西,,`,
    );
    await service.call(
      'POST',
      '/network/customers',
      `account_no,transformer_code\n${names.map((name, index) => `A${index + 1},${name}`).join('\n')}\nAX,X`,
    );
    await service.call(
      'POST',
      '/responsibility-routes',
      'business,area,unit,person\noutage,城东,城东供电分局,钱主任\nreconnection,城东,城东营业厅,',
    );
  });

  return { clock, held, list, get, post, orderOf, tell, outage, ladder };
}
