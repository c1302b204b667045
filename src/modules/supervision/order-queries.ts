import type { z } from 'zod';
import { formatInstants } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Effect } from '../../domain/supervision/effect.js';
import { numberText } from '../../domain/supervision/causes.js';
import { Fault } from '../../fault.js';
import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import type { InputOf } from '../http/endpoint.js';
import { decodeCursor, page } from '../http/paging.js';
import type { CursorKey } from '../http/paging.js';
import { effectsOf } from './effects.js';
import type { Supervised } from './effects.js';
import { stepsOf } from './steps.js';
import type { listOrders, SupervisionOrder, SupervisionOrderDetail } from './supervision.schemas.js';

type View = z.input<typeof SupervisionOrder>;
export type Detail = z.input<typeof SupervisionOrderDetail>;
type Row = Omit<View, 'number' | 'effect'> & {
  year: number;
  running: number;
  /** Of the run of repeats. */
  category: string | null;
  /** Of a closed order. */
  effect: Effect | null;
};

const COLUMNS = `s.id, s.year, s.number as running, s.cause, s.kind, s.warning_id as "warningId",
  jsonb_build_object('type', s.subject_type, 'id', s.subject_id, 'code', s.subject_code, 'name', s.subject_name, 'area', s.area) as subject,
  s.title, s.happened_at as "happenedAt", s.due_at as "dueAt", s.opened_at as "openedAt", s.unit, s.person,
  s.route_note as "routeNote", s.level, s.state, s.reply_due_at as "replyDueAt", s.closed_at as "closedAt",
  s.closed_by as "closedBy", s.closed_on as "closedOn", s.close_note as "closeNote", s.policy_version as "policyVersion", s.effect,
  s.facts ->> 'category' as category`;

/** Orders with their effect: of a closed one as it was then, of the others at this instant. */
async function viewsOf(db: Queryable, active: PolicyInForce, rows: readonly Row[], now: number): Promise<View[]> {
  const open: Supervised[] = [];
  const orders = rows.map(({ year, running, category, effect, ...row }) => {
    const { type, id, area } = row.subject;
    if (effect === null) open.push({ subjectType: type, subjectId: id, area, category });
    return { ...row, number: numberText(year, running), effect };
  });
  const effects = await effectsOf(db, active, open, now);
  return orders.map(({ effect: stored, ...order }) => {
    const effect = stored ?? effects.shift();
    if (effect === undefined) throw new Error(`supervision order ${order.id} was not measured`);
    return { ...order, effect };
  });
}

/** Rows that are read at a time to find those whose effect is measured. */
const LOOK_AT = 500;

/** A page of orders, newest first. */
export async function findOrders(
  db: Queryable,
  active: PolicyInForce,
  { query }: InputOf<typeof listOrders>,
  now: number,
): Promise<{ items: View[]; nextCursor: string | null }> {
  const count = query.effectMeasured ? LOOK_AT : query.limit + 1;
  const found: View[] = [];
  let cursor = decodeCursor(query.cursor, 2);
  for (;;) {
    const rows = await rowsAfter(db, query, cursor, count);
    const views = await viewsOf(db, active, rows, now);
    found.push(...views.filter(({ effect }) => !query.effectMeasured || effect.measured));
    const last = rows.at(-1);
    if (last === undefined || rows.length < count || found.length > query.limit) break;
    cursor = [last.openedAt, last.id];
  }
  return page(found, query.limit, (order) => [order.openedAt, order.id]);
}

function rowsAfter(
  db: Queryable,
  query: InputOf<typeof listOrders>['query'],
  after: CursorKey | null,
  count: number,
): Promise<Row[]> {
  return db.query<Row>(
    `select ${COLUMNS} from supervision_order s
     where ($1::text is null or s.state = $1) and ($2::text is null or s.cause = $2) and ($3::text is null or s.area = $3)
       and ($4::text is null or s.unit = $4) and ($5::integer is null or s.level >= $5)
       and ($6::text is null or s.subject_type = $6) and ($7::bigint is null or s.subject_id = $7)
       and ($8::timestamptz is null or (s.opened_at, s.id) < ($8, $9::bigint)) and (not $10::boolean or s.state <> 'closed')
     order by s.opened_at desc, s.id desc limit $11`,
    [
      query.state ?? null,
      query.cause ?? null,
      query.area ?? null,
      query.unit ?? null,
      query.level ?? null,
      query.subjectType ?? null,
      query.subjectId ?? null,
      after === null ? null : at(Number(after[0])),
      after === null ? null : Number(after[1]),
      query.effectMeasured,
      count,
    ],
  );
}

/** @throws Fault `not_found` */
export async function findOrder(db: Queryable, active: PolicyInForce, id: number, now: number): Promise<Detail> {
  const [row] = await db.query<Row & { facts: object }>(
    `select ${COLUMNS}, s.facts from supervision_order s where s.id = $1`,
    [id],
  );
  if (row === undefined) throw new Fault('not_found', `There is no supervision order ${id}.`);
  const { facts, ...one } = row;
  const [order] = await viewsOf(db, active, [one], now);
  if (order === undefined) throw new Error(`supervision order ${id} was read and is not shown`);
  return {
    ...order,
    facts: formatInstants(facts) as Record<string, unknown>,
    deadlines: await db.query<Detail['deadlines'][number]>(
      `select id, stage, due_at as "dueAt", state from deadline
       where kind = 'supervision' and subject_type = 'supervision_order' and subject_id = $1 order by due_at`,
      [id],
    ),
    trail: (await stepsOf(db, [id])).map(({ at, actor, by, action, zh, en }) => ({ at, actor, by, action, zh, en })),
  };
}
