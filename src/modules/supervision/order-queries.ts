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
import { effectOf } from './effects.js';
import { stepsOf } from './steps.js';
import type { listOrders, SupervisionOrder, SupervisionOrderDetail } from './supervision.schemas.js';

type View = z.input<typeof SupervisionOrder>;
export type Detail = z.input<typeof SupervisionOrderDetail>;
type Row = Omit<View, 'number'> & {
  year: number;
  running: number;
  facts: Record<string, unknown>;
  effect: Effect | null;
};

const COLUMNS = `s.id, s.year, s.number as running, s.cause, s.kind, s.warning_id as "warningId",
  jsonb_build_object('type', s.subject_type, 'id', s.subject_id, 'code', s.subject_code, 'name', s.subject_name, 'area', s.area) as subject,
  s.title, s.happened_at as "happenedAt", s.due_at as "dueAt", s.opened_at as "openedAt", s.unit, s.person,
  s.route_note as "routeNote", s.level, s.state, s.reply_due_at as "replyDueAt", s.closed_at as "closedAt",
  s.closed_by as "closedBy", s.closed_on as "closedOn", s.close_note as "closeNote", s.policy_version as "policyVersion"`;

const viewOf = ({ year, running, ...row }: Omit<Row, 'facts' | 'effect'>): View => ({
  ...row,
  number: numberText(year, running),
});

/** A page of orders, newest first. */
export async function findOrders(
  db: Queryable,
  { query }: InputOf<typeof listOrders>,
): Promise<{ items: View[]; nextCursor: string | null }> {
  const after = decodeCursor(query.cursor, 2);
  const rows = await db.query<Row>(
    `select ${COLUMNS} from supervision_order s
     where ($1::text is null or s.state = $1) and ($2::text is null or s.cause = $2) and ($3::text is null or s.area = $3)
       and ($4::text is null or s.unit = $4) and ($5::integer is null or s.level >= $5)
       and ($6::text is null or s.subject_type = $6) and ($7::bigint is null or s.subject_id = $7)
       and ($8::timestamptz is null or (s.opened_at, s.id) < ($8, $9::bigint))
     order by s.opened_at desc, s.id desc limit $10`,
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
      query.limit + 1,
    ],
  );
  const { items, nextCursor } = page(rows, query.limit, (row) => [row.openedAt, row.id]);
  return { items: items.map(viewOf), nextCursor };
}

/** @throws Fault `not_found` */
export async function findOrder(db: Queryable, active: PolicyInForce, id: number, now: number): Promise<Detail> {
  const [row] = await db.query<Row>(`select ${COLUMNS}, s.facts, s.effect from supervision_order s where s.id = $1`, [
    id,
  ]);
  if (row === undefined) throw new Fault('not_found', `There is no supervision order ${id}.`);
  const { facts, effect, ...order } = row;
  const { type, id: subjectId, area } = order.subject;
  const category = typeof facts.category === 'string' ? facts.category : null;
  return {
    ...viewOf(order),
    facts: formatInstants(facts) as Record<string, unknown>,
    effect: effect ?? (await effectOf(db, active, { subjectType: type, subjectId, area, category }, now)),
    deadlines: await db.query<Detail['deadlines'][number]>(
      `select id, stage, due_at as "dueAt", state from deadline
       where kind = 'supervision' and subject_type = 'supervision_order' and subject_id = $1 order by due_at`,
      [id],
    ),
    trail: (await stepsOf(db, [id])).map(({ at, actor, by, action, zh, en }) => ({ at, actor, by, action, zh, en })),
  };
}
