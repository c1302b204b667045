import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { explainReceipt } from '../../domain/receipt-words.js';
import { Fault } from '../../fault.js';
import { EVERYONE } from '../auth/principal.js';
import { at, Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { id, idParameter, instant, pageOf, paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';

const STATES = ['pending', 'fired', 'met', 'cancelled'] as const;

const deadlineFields = {
  id,
  kind: z.string(),
  stage: z.string(),
  subjectType: z.string(),
  subjectId: id,
  dueAt: instant,
  state: z.enum(STATES),
  settledAt: instant.nullable(),
  policyVersion: id,
};
const Deadline = z.strictObject(deadlineFields).meta({ id: 'Deadline' });
const DeadlineReceipt = z
  .strictObject({
    ...deadlineFields,
    steps: z.array(z.strictObject({ zh: z.string(), en: z.string() })),
    receipt: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'DeadlineReceipt' });

const LIST = endpoint({
  method: 'GET',
  path: '/deadlines',
  summary: 'Promises with an instant, the earliest first',
  tag: 'deadlines',
  access: EVERYONE,
  query: z.strictObject({ state: z.enum(STATES).optional(), kind: z.string().optional(), ...paging }),
  response: pageOf(Deadline),
});

const RECEIPT = endpoint({
  method: 'GET',
  path: '/deadlines/:id/receipt',
  summary: 'The arithmetic of one deadline, step by step',
  tag: 'deadlines',
  access: EVERYONE,
  params: z.strictObject({ id: idParameter }),
  response: DeadlineReceipt,
  problems: { not_found: 'There is no deadline with this id.' },
});

interface Row {
  id: number;
  dueAt: number;
  receipt: Record<string, unknown>;
}

const COLUMNS = `id, kind, stage, subject_type as "subjectType", subject_id as "subjectId", due_at as "dueAt", state,
  settled_at as "settledAt", policy_version as "policyVersion"`;

@Controller()
export class DeadlinesController {
  constructor(private readonly db: Database) {}

  @Endpoint(LIST)
  async list(@Input() { query }: InputOf<typeof LIST>): Promise<object> {
    const after = decodeCursor(query.cursor, 2);
    const rows = await this.db.query<Row>(
      `select ${COLUMNS} from deadline
       where ($1::text is null or state = $1) and ($2::text is null or kind = $2)
         and ($3::timestamptz is null or (due_at, id) > ($3, $4::bigint))
       order by due_at, id limit $5`,
      [
        query.state ?? null,
        query.kind ?? null,
        after === null ? null : at(Number(after[0])),
        after === null ? null : Number(after[1]),
        query.limit + 1,
      ],
    );
    return page(rows, query.limit, (row) => [row.dueAt, row.id]);
  }

  @Endpoint(RECEIPT)
  async receipt(@Input() { params }: InputOf<typeof RECEIPT>): Promise<object> {
    const [row] = await this.db.query<Row>(`select ${COLUMNS}, receipt from deadline where id = $1`, [params.id]);
    if (row === undefined) throw new Fault('not_found', `There is no deadline ${params.id}.`);
    return { ...row, steps: explainReceipt(row.receipt, row.dueAt) };
  }
}
