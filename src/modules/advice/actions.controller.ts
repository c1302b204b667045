import { Controller } from '@nestjs/common';
import { Fault } from '../../fault.js';
import { Caller } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import { Endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { decodeCursor, page } from '../http/paging.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { findAction, findActions } from './action-queries.js';
import * as schemas from './actions.schemas.js';
import { recordAction } from './record-action.js';
import { withdrawAction } from './withdraw-action.js';

@Controller()
export class ActionsController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(schemas.recordAction)
  record(@Input() { params, body }: InputOf<typeof schemas.recordAction>, @Caller() caller: Principal) {
    return this.db.inTx(async (tx) => {
      const active = this.active.at(tx.now);
      const transformer = await transformerOf(tx, params.code);
      const id = await recordAction(tx, active, transformer, body, caller.name);
      return findAction(tx, id, active.policyFor(transformer.area));
    });
  }

  @Endpoint(schemas.withdrawAction)
  withdraw(@Input() { params, body }: InputOf<typeof schemas.withdrawAction>, @Caller() caller: Principal) {
    return this.db.inTx(async (tx) => {
      const { id, area } = await transformerOf(tx, params.code);
      await withdrawAction(tx, id, params.id, body.reason, caller.name);
      return findAction(tx, params.id, this.active.at(tx.now).policyFor(area));
    });
  }

  @Endpoint(schemas.listActions)
  async list(@Input() { params, query }: InputOf<typeof schemas.listActions>) {
    const cursor = decodeCursor(query.cursor, 2);
    const after = cursor === null ? null : { at: Number(cursor[0]), id: Number(cursor[1]) };
    const { id, area } = await transformerOf(this.db, params.code);
    const rows = await findActions(this.db, id, { after, limit: query.limit + 1 }, this.active.policyFor(area));
    return page(rows, query.limit, (row) => [row.at, row.id]);
  }
}

/** @throws Fault `not_found` */
async function transformerOf(db: Queryable, code: string): Promise<{ id: number; area: string }> {
  const [row] = await db.query<{ id: number; area: string }>(
    `select id, area from asset where code = $1 and kind = 'transformer'`,
    [code],
  );
  if (row === undefined) throw new Fault('not_found', `There is no transformer ${code}.`);
  return row;
}
