import { Controller } from '@nestjs/common';
import type { Role } from '../../domain/escalation.js';
import { formatReceipt } from '../../domain/deadline-receipt.js';
import { explainReceipt } from '../../domain/receipt-words.js';
import { Fault } from '../../fault.js';
import { Caller } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { at, Database } from '../database/database.js';
import { Endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { decodeCursor, page } from '../http/paging.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { getReceipt, listDeadlines, pauseDeadline, resumeDeadline } from './deadlines.schemas.js';
import { pausePromise, resumePromise } from './pauses.js';

interface Row {
  id: number;
  kind: string;
  subjectType: string;
  subjectId: number;
  dueAt: number;
  receipt: Record<string, unknown>;
  escalation: { role: Role; persons: string[] } | null;
}

const COLUMNS = `id, kind, stage, round, subject_type as "subjectType", subject_id as "subjectId", area, due_at as "dueAt", state,
  settled_at as "settledAt", ended_at as "endedAt", policy_version as "policyVersion",
  case when escalated_role is not null
       then jsonb_build_object('role', escalated_role, 'persons', to_jsonb(escalated_to)) end as escalation`;

@Controller()
export class DeadlinesController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(listDeadlines)
  async list(@Input() { query }: InputOf<typeof listDeadlines>): Promise<object> {
    const after = decodeCursor(query.cursor, 2);
    const rows = await this.db.query<Row>(
      `select ${COLUMNS} from deadline
       where ($1::text is null or state = $1) and ($2::text is null or kind = $2)
         and ($3::timestamptz is null or (due_at, id) > ($3, $4::bigint))
         and ($6::text is null or subject_type = $6) and ($7::bigint is null or subject_id = $7)
         and ($8::text is null or escalated_role = $8) and ($9::text is null or area = $9)
       order by due_at, id limit $5`,
      [
        query.state ?? null,
        query.kind ?? null,
        after === null ? null : at(Number(after[0])),
        after === null ? null : Number(after[1]),
        query.limit + 1,
        query.subjectType ?? null,
        query.subjectId ?? null,
        query.role ?? null,
        query.area ?? null,
      ],
    );
    const { items, nextCursor } = page(rows, query.limit, (row) => [row.dueAt, row.id]);
    return { items: items.map((row) => this.withPausable(row)), nextCursor };
  }

  @Endpoint(getReceipt)
  receipt(@Input() { params }: InputOf<typeof getReceipt>): Promise<object> {
    return this.find(params.id);
  }

  @Endpoint(pauseDeadline)
  async pause(@Input() { params, body }: InputOf<typeof pauseDeadline>, @Caller() caller: Principal): Promise<object> {
    const { reason, evidence, pausedAt, resumedAt = null } = body;
    await this.db.inTx((tx) => {
      const pause = { reason, evidence, pausedAt: pausedAt ?? tx.now, resumedAt };
      return pausePromise(tx, this.active.at(tx.now), params.id, pause, caller.name);
    });
    return this.find(params.id);
  }

  @Endpoint(resumeDeadline)
  async resume(
    @Input() { params, body }: InputOf<typeof resumeDeadline>,
    @Caller() caller: Principal,
  ): Promise<object> {
    await this.db.inTx((tx) => resumePromise(tx, params.id, body.resumedAt ?? tx.now, caller.name));
    return this.find(params.id);
  }

  private async find(id: number): Promise<object> {
    const [row] = await this.db.query<Row>(`select ${COLUMNS}, receipt from deadline where id = $1`, [id]);
    if (row === undefined) throw new Fault('not_found', `There is no deadline ${id}.`);
    const pauses = await this.db.query(
      `select paused_at as "pausedAt", resumed_at as "resumedAt", reason, evidence, paused_by as "pausedBy",
              recorded_at as "recordedAt", resumed_by as "resumedBy"
       from deadline_pause where kind = $1 and subject_type = $2 and subject_id = $3 order by paused_at, id`,
      [row.kind, row.subjectType, row.subjectId],
    );
    const receipt = formatReceipt(row.receipt);
    return { ...this.withPausable(row), pauses, steps: explainReceipt(row.receipt, row.dueAt), receipt };
  }

  private withPausable(row: Row): Row & { pausable: boolean } {
    return { ...row, pausable: this.active.policy.promises.pausableKinds.includes(row.kind) };
  }
}
