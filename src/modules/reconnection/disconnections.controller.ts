import { Controller, Headers } from '@nestjs/common';
import { z } from 'zod';
import { DISCONNECTION_COLUMNS } from '../../domain/reconnection/fact-rows.js';
import { Fault } from '../../fault.js';
import { Caller, EVERYONE } from '../auth/principal.js';
import type { AccessRole, Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { idParameter, instantInput, note, pageOf, paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';
import { importEndpoint, readImport } from '../network/import-endpoint.js';
import type { ImportResult } from '../network/read-rows.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { CUT_STATES, findDisconnection, listDisconnections } from './disconnection-queries.js';
import type { Disconnection } from './disconnection-queries.js';
import { checkDisconnection, recordDisconnection } from './disconnections.js';
import * as schemas from './disconnections.schemas.js';
import { withForecast } from './forecasts.js';
import { importDisconnections } from './import-disconnections.js';
import { orderOfDisconnection } from './order-queries.js';
import { cancelPlan } from './recheck-cuts.js';

const tag = 'disconnections';
const FACTS: readonly AccessRole[] = ['integration', 'dispatcher'];
const NOT_ALLOWED = {
  account_not_found: 'the register has no such account',
  disconnection_not_allowed:
    'something stands against the planned cut; `errors` has every finding at once, with `step`, `kind` (missing or blocking), `zh`, ' +
    '`en`, `remedy` and `source` beside path and message',
};

const postDisconnection = endpoint({
  method: 'POST',
  path: '/disconnections',
  tag,
  summary:
    'Record a planned cut (refused when the rules forbid it) or, with disconnectedAt, one that was done. Idempotent by externalId; ' +
    'fields that were left open may be completed by sending it again. A plan is judged again with the final notice, at its instant, ' +
    'and when the customer pays; what stands against it then calls it off.',
  access: FACTS,
  body: schemas.disconnectionBody,
  response: schemas.disconnection,
  problems: {
    ...NOT_ALLOWED,
    conflict: 'it is on record with other content',
    disconnection_cancelled: 'the plan was called off; plan the cut anew under a number of its own',
  },
});

const postCheck = endpoint({
  method: 'POST',
  path: '/disconnections/check',
  tag,
  summary:
    'Ask whether a supply may be cut as planned: the same answer as POST /disconnections, and nothing is stored.',
  access: EVERYONE,
  body: schemas.checkBody,
  response: schemas.checked,
  problems: NOT_ALLOWED,
});

const postCancel = endpoint({
  method: 'POST',
  path: '/disconnections/:id/cancel',
  tag,
  summary: 'Call a planned cut off, with the reason. One that was called off already stays as it is.',
  access: FACTS,
  params: z.strictObject({ id: idParameter }),
  body: z.strictObject({ note: note.min(1, 'say why it is called off') }),
  response: schemas.disconnection,
  problems: { not_found: 'there is no such disconnection', already_cut: 'it was done' },
});

const getDisconnections = endpoint({
  method: 'GET',
  path: '/disconnections',
  tag,
  summary: 'Cuts, planned, called off, done and restored, by their planned instant, the newest first.',
  access: EVERYONE,
  query: z.strictObject({
    state: z.enum(CUT_STATES).optional(),
    accountNo: z.string().optional(),
    area: z.string().optional(),
    broken: z.stringbool().default(false).meta({ description: 'only cuts that broke a rule' }),
    from: instantInput.optional(),
    to: instantInput.optional(),
    ...paging,
  }),
  response: pageOf(schemas.disconnectionRow),
});

const postImport = importEndpoint({
  path: '/disconnections/import',
  tag,
  columns: DISCONNECTION_COLUMNS,
  summary:
    'Import planned and done cuts; idempotent by external_id. A plan that the rules forbid is answered by its line with every finding.',
});

@Controller()
export class DisconnectionsController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(postDisconnection)
  record(@Input() { body }: InputOf<typeof postDisconnection>, @Caller() caller: Principal): Promise<object> {
    return this.db.inTx(async (tx) =>
      this.answer(tx, await recordDisconnection(tx, this.active.at(tx.now), body, caller.name)),
    );
  }

  @Endpoint(postCheck)
  check(@Input() { body }: InputOf<typeof postCheck>): Promise<object> {
    const now = this.db.clock.now();
    return checkDisconnection(this.db, this.active.at(now), body, now);
  }

  @Endpoint(postCancel)
  cancel(@Input() { params, body }: InputOf<typeof postCancel>, @Caller() caller: Principal): Promise<object> {
    return this.db.inTx(async (tx) => {
      await cancelPlan(tx, params.id, body.note, caller.name);
      const found = await findDisconnection(tx, { id: params.id });
      if (found === null) throw new Fault('not_found', `There is no disconnection ${params.id}.`);
      return this.answer(tx, found);
    });
  }

  @Endpoint(getDisconnections)
  async list(@Input() { query }: InputOf<typeof getDisconnections>): Promise<object> {
    const { limit, cursor, state, accountNo, area, from, to, broken } = query;
    const after = decodeCursor(cursor, 2);
    const rows = await listDisconnections(
      this.db,
      {
        state: state ?? null,
        accountNo: accountNo ?? null,
        area: area ?? null,
        from: from ?? null,
        to: to ?? null,
        broken,
      },
      after === null ? null : { plannedAt: Number(after[0]), id: Number(after[1]) },
      limit + 1,
    );
    return page(rows, limit, (row) => [row.plannedAt, row.id]);
  }

  @Endpoint(postImport)
  import(
    @Input() { body }: InputOf<typeof postImport>,
    @Headers('content-type') contentType: string | undefined,
    @Caller() caller: Principal,
  ): Promise<ImportResult> {
    const rows = readImport(body, contentType, DISCONNECTION_COLUMNS);
    return importDisconnections(this.db, this.active, rows, caller.name);
  }

  private async answer(tx: Tx, row: Disconnection): Promise<object> {
    const order = row.disconnectedAt === null ? null : await orderOfDisconnection(tx, row.id);
    const active = this.active.at(tx.now);
    return { ...row, reconnectionOrder: order === null ? null : await withForecast(tx, order, active, tx.now) };
  }
}
