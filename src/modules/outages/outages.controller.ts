import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { Caller, EVERYONE } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { flag, id, idParameter, instantInput, note, pageOf, paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { changeOutage, discardOutage, mergeOutages, splitOutage } from './outage-decisions.js';
import type { Decider, OutageChange } from './outage-decisions.js';
import { findOutageDetail, noteProgress } from './outage-detail.js';
import type { OutageDetailAnswer } from './outage-detail.js';
import { OutageOutlooks } from './outage-outlooks.js';
import { findOutage, listOutages } from './outage-query.js';
import type { OutageAnswer } from './outage-query.js';
import { undoDecision } from './undo-decision.js';
import { NATURES, Outage, OutageDetail, OutageLine, STATE_FILTERS } from './outages.schemas.js';

const params = z.strictObject({ id: idParameter });
const problems = {
  not_found: 'There is no outage with this id.',
  outage_state_not_allowed: 'The outage is discarded, merged, or in a state that this cannot follow.',
};
const READERS = { tag: 'outages', access: EVERYONE } as const;
const DISPATCHER = { tag: 'outages', access: ['dispatcher'], params, response: Outage, problems } as const;

const LIST = endpoint({
  ...READERS,
  method: 'GET',
  path: '/outages',
  summary: 'Outages; from and to select those that lasted into the stretch of time',
  query: z.strictObject({
    state: z
      .enum(STATE_FILTERS)
      .optional()
      .meta({ description: 'open = suspected or confirmed, over = restored or closed' }),
    nature: z.enum(NATURES).optional(),
    area: z.string().optional(),
    from: instantInput.optional(),
    to: instantInput.optional(),
    order: z.enum(['newest', 'oldest']).default('newest').meta({ description: 'by their begin' }),
    brief: flag.meta({ description: 'true = without transformers, complaints, notices and evidence' }),
    ...paging,
  }),
  response: pageOf(OutageLine),
});
const READ = endpoint({
  ...READERS,
  method: 'GET',
  path: '/outages/:id',
  summary: 'One outage with its transformers, parent, children and progress',
  params,
  response: OutageDetail,
  problems: { not_found: problems.not_found },
});
const CHANGE = endpoint({
  ...DISPATCHER,
  method: 'PATCH',
  path: '/outages/:id',
  summary: 'Set nature, cause, expected restoration or state; the rules leave these fields alone from then on',
  body: z
    .strictObject({
      nature: z.enum(NATURES),
      cause: z.string().trim().max(2_000),
      estimatedRestorationAt: instantInput.nullable(),
      state: z.enum(['confirmed', 'restored', 'closed']),
    })
    .partial()
    .refine((body) => Object.keys(body).length > 0, 'give at least one field to change'),
});
const MERGE = endpoint({
  ...DISPATCHER,
  method: 'POST',
  path: '/outages/:id/merge',
  summary: 'Make the outage a part of another; answers the other',
  body: z.strictObject({ intoId: id.positive(), note: note.default('') }),
});
const SPLIT = endpoint({
  ...DISPATCHER,
  method: 'POST',
  path: '/outages/:id/split',
  summary: 'Take transformers out into an outage of their own; answers the new one',
  body: z.strictObject({ transformers: z.array(z.string()).min(1).max(10_000), note: note.default('') }),
});
const DISCARD = endpoint({
  ...DISPATCHER,
  method: 'POST',
  path: '/outages/:id/discard',
  summary: 'Say that this is no outage',
  body: z.strictObject({ note: note.default('') }),
});
const UNDO = endpoint({
  ...DISPATCHER,
  method: 'POST',
  path: '/outages/:id/undo',
  summary: 'Take back a decision that a person made about the outage; GET /outages/{id} lists them',
  body: z.strictObject({ decisionId: id.positive(), note: note.default('') }),
  problems: { ...problems, undo_not_allowed: 'Something that came later stands in the way; the detail names it.' },
});
const PROGRESS = endpoint({
  ...DISPATCHER,
  method: 'POST',
  path: '/outages/:id/progress',
  summary: 'Write down what is being done about it',
  access: ['dispatcher', 'integration'],
  body: z.strictObject({ note: z.string().trim().min(1).max(2_000), by: z.string().trim().min(1).max(200) }),
  response: OutageDetail,
  problems: { not_found: problems.not_found },
});

@Controller()
export class OutagesController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
    private readonly outlooks: OutageOutlooks,
  ) {}

  @Endpoint(LIST)
  async list(@Input() { query }: InputOf<typeof LIST>): Promise<object> {
    const key = decodeCursor(query.cursor, 2);
    const after = key === null ? null : { startedAt: Number(key[0]), id: Number(key[1]) };
    const rows = await this.outlooks.layOn(await listOutages(this.db, query, after, query.limit + 1));
    return page(rows, query.limit, (row) => [row.startedAt, row.id]);
  }

  @Endpoint(READ)
  read(@Input() { params: { id: which } }: InputOf<typeof READ>): Promise<OutageDetailAnswer> {
    return this.detail(which);
  }

  @Endpoint(PROGRESS)
  async progress(
    @Input() { params: { id: which }, body }: InputOf<typeof PROGRESS>,
    @Caller() caller: Principal,
  ): Promise<OutageDetailAnswer> {
    await this.db.inTx((tx) => noteProgress(tx, which, body, caller.name));
    return this.detail(which);
  }

  @Endpoint(CHANGE)
  change(
    @Input() { params: { id: which }, body }: InputOf<typeof CHANGE>,
    @Caller() caller: Principal,
  ): Promise<OutageAnswer> {
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as OutageChange;
    return this.decide(caller, which, (tx, by) => changeOutage(tx, which, given, by));
  }

  @Endpoint(MERGE)
  merge(
    @Input() { params: { id: which }, body }: InputOf<typeof MERGE>,
    @Caller() caller: Principal,
  ): Promise<OutageAnswer> {
    return this.decide(caller, body.intoId, (tx, by) => mergeOutages(tx, which, body.intoId, body.note, by));
  }

  @Endpoint(SPLIT)
  split(
    @Input() { params: { id: which }, body }: InputOf<typeof SPLIT>,
    @Caller() caller: Principal,
  ): Promise<OutageAnswer> {
    return this.decide(caller, which, (tx, by) => splitOutage(tx, which, body.transformers, body.note, by));
  }

  @Endpoint(DISCARD)
  discard(
    @Input() { params: { id: which }, body }: InputOf<typeof DISCARD>,
    @Caller() caller: Principal,
  ): Promise<OutageAnswer> {
    return this.decide(caller, which, (tx, by) => discardOutage(tx, which, body.note, by));
  }

  @Endpoint(UNDO)
  undo(
    @Input() { params: { id: which }, body }: InputOf<typeof UNDO>,
    @Caller() caller: Principal,
  ): Promise<OutageAnswer> {
    return this.decide(caller, which, (tx, by) => undoDecision(tx, which, body.decisionId, body.note, by));
  }

  /** Decides and answers in one transaction; `work` may name another outage to answer with. */
  private async decide(
    caller: Principal,
    which: number,
    work: (tx: Tx, by: Decider) => Promise<number | void>,
  ): Promise<OutageAnswer> {
    const answer = await this.db.inTx(async (tx) => {
      const answerId = await work(tx, { actor: caller.name, active: this.active.at(tx.now) });
      return findOutage(tx, answerId ?? which);
    });
    const [filled] = await this.outlooks.layOn([answer]);
    return filled ?? answer;
  }

  private async detail(which: number): Promise<OutageDetailAnswer> {
    const outage = await findOutageDetail(this.db, which);
    const outlook = (await this.outlooks.of([which])).get(which) ?? null;
    return { ...outage, outlook, probabilityOver8h: outlook?.probability ?? null };
  }
}
