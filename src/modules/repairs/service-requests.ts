import { receiptOf } from '../../domain/deadline-receipt.js';
import { MINUTE_MS } from '../../domain/instants.js';
import type { NewJournalEntry } from '../../domain/journal-entry.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Business } from '../../domain/repairs/routing.js';
import { Fault, refusal } from '../../fault.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { setDeadlines, settleDeadlines } from '../deadlines/deadlines.js';
import { append } from '../journal/append.js';
import { mustHaveHappened, numberTaken } from '../reconnection/account-facts.js';
import { findCaller } from './caller.js';
import { routeFor } from './routes.js';

/** An opinion, a suggestion or other business, as the customer confirmed it. Instants are epoch milliseconds. */
export interface NewRequest {
  externalId: string;
  business: Business;
  accountNo: string | null;
  area: string | null;
  contact: string | null;
  text: string;
  confirmedAt: number;
}

const KIND = 'service_request';

/**
 * Records a request and passes it on at once to the unit that the routing table names; where it names none the request waits for a person,
 * and the clock runs. The same externalId again is the same request.
 * @returns its id
 * @throws Fault `conflict`, `invalid_input`
 */
export async function recordRequest(tx: Tx, active: PolicyInForce, given: NewRequest, actor: string): Promise<number> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('lamplighter.service_request'), hashtext($1))`, [
    given.externalId,
  ]);
  const [known] = await tx.query<{ id: number; same: boolean }>(
    `select id, business = $2 and text = $3 and confirmed_at = $4 as same from service_request where external_id = $1`,
    [given.externalId, given.business, given.text, at(given.confirmedAt)],
  );
  if (known?.same === true) return known.id;
  if (known !== undefined) {
    throw numberTaken(
      'body.externalId',
      `The externalId ${given.externalId} is known with another business, text or instant; give the new request its own.`,
    );
  }
  mustHaveHappened('confirmedAt', given.confirmedAt, tx.now, active, 'record it once the customer confirmed it');
  const caller = await findCaller(tx, {
    accountNo: given.accountNo,
    callerPhone: null,
    address: null,
    transformerCode: null,
  });
  const area = given.area ?? caller.area;
  const { route, why } = await routeFor(tx, given.business, area);
  const [row] = await tx.query<{ id: number }>(
    `insert into service_request (external_id, business, account_no, customer_id, area, contact, text, confirmed_at, recorded_at,
       recorded_by, unit, person, route_note, policy_version)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning id`,
    [
      given.externalId,
      given.business,
      given.accountNo,
      caller.customerId,
      area,
      given.contact,
      given.text,
      at(given.confirmedAt),
      at(tx.now),
      actor,
      route?.unit ?? null,
      route?.person ?? null,
      route === null ? JSON.stringify(why) : null,
      active.version,
    ],
  );
  const id = row?.id ?? 0;
  await append(tx, [
    {
      type: 'service_request_recorded',
      subjectType: 'service_request',
      subjectId: id,
      happenedAt: given.confirmedAt,
      actor,
      data: {
        business: given.business,
        customerId: caller.customerId,
        confirmedAt: given.confirmedAt,
        unit: route?.unit ?? null,
      },
    },
  ]);
  await setClock(tx, active, id, area, given.confirmedAt);
  if (route !== null) await markPassedOn(tx, active, [{ id, ...route, at: tx.now, by: 'system' }], actor);
  return id;
}

function setClock(tx: Tx, active: PolicyInForce, id: number, area: string, confirmedAt: number): Promise<void> {
  const { repairs, profile } = active.policy;
  const stage = (name: string, share: number) => {
    const receipt = receiptOf({
      startMeaning: 'confirmed with the customer',
      startMeaningZh: '与客户确认',
      start: confirmedAt,
      limitMs: repairs.passOnMinutes * MINUTE_MS,
      share,
      profile,
      source: active.sources['repairs.passOnMinutes'] ?? 'policy',
    });
    return { stage: name, dueAt: receipt.due, receipt };
  };
  return setDeadlines(tx, {
    kind: KIND,
    subjectType: 'service_request',
    subjectId: id,
    policyVersion: active.version,
    area,
    stages: [stage('75%', 0.75), stage('due', 1)],
  });
}

/**
 * A person passes a request on, to the unit named here or the one it has.
 * @throws Fault `not_found`; `conflict` (`passed_on_already`, `unit_missing`); `invalid_input`
 */
export async function passOn(
  tx: Tx,
  active: PolicyInForce,
  id: number,
  given: { at: number; by: string; unit: string | null },
  actor: string,
): Promise<void> {
  const [request] = await tx.query<{ unit: string | null; passedOnAt: number | null; confirmedAt: number }>(
    `select unit, passed_on_at as "passedOnAt", confirmed_at as "confirmedAt" from service_request where id = $1 for update`,
    [id],
  );
  if (request === undefined) throw new Fault('not_found', `There is no service request ${id}.`);
  const unit = given.unit ?? request.unit;
  if (request.passedOnAt !== null) {
    throw refusal('conflict', {
      rule: 'passed_on_already',
      path: 'path.id',
      zh: `服务申请 ${id} 已转派 ${request.unit ?? ''}`,
      en: `Service request ${id} was passed on to ${request.unit ?? ''} already.`,
      source: 'own: the first passing on ends the clock and stays on record',
    });
  }
  if (unit === null) {
    throw refusal('conflict', {
      rule: 'unit_missing',
      path: 'body.unit',
      zh: '路由表没有责任单位：请填写单位',
      en: 'No unit is responsible by the routing table; name one in unit.',
      source: `own: responsibility is data and is not guessed; limit: ${active.sources['repairs.passOnMinutes'] ?? 'policy'}`,
    });
  }
  mustHaveHappened('at', given.at, tx.now, active, 'book it once it is done');
  if (given.at < request.confirmedAt) {
    throw refusal(
      'invalid_input',
      {
        rule: 'after_confirmation',
        path: 'body.at',
        zh: '早于与客户确认的时间',
        en: 'body.at: lies before the customer confirmed the request',
        source: `the clock starts with the confirmation: ${active.sources['repairs.passOnMinutes'] ?? 'policy'}`,
      },
      'invalid_input',
    );
  }
  await markPassedOn(tx, active, [{ id, unit, person: null, at: given.at, by: given.by }], actor);
}

/** Requests went to their units. @param done a `person` of null leaves the one it has */
export async function markPassedOn(
  tx: Tx,
  active: PolicyInForce,
  done: readonly { id: number; unit: string; person: string | null; at: number; by: string }[],
  actor: string,
): Promise<void> {
  const rows = await tx.query<{ id: number; unit: string; passedOnAt: number; confirmedAt: number }>(
    `update service_request s set unit = d.unit, person = coalesce(d.person, s.person), passed_on_at = d.at, passed_on_by = d.by,
       route_note = null
     from unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[], $5::text[]) as d(id, unit, person, at, by)
     where s.id = d.id
     returning s.id, s.unit, s.passed_on_at as "passedOnAt", s.confirmed_at as "confirmedAt"`,
    [
      done.map(({ id }) => id),
      done.map(({ unit }) => unit),
      done.map(({ person }) => person),
      done.map((one) => at(one.at)),
      done.map(({ by }) => by),
    ],
  );
  const ids = rows.map(({ id }) => id);
  await settleDeadlines(
    tx,
    KIND,
    'service_request',
    ids,
    'met',
    rows.map(({ passedOnAt }) => passedOnAt),
  );
  const limitMs = active.policy.repairs.passOnMinutes * MINUTE_MS;
  await append(
    tx,
    rows.map(({ id, unit, passedOnAt, confirmedAt }): NewJournalEntry => ({
      type: 'service_request_passed_on',
      subjectType: 'service_request',
      subjectId: id,
      happenedAt: passedOnAt,
      actor,
      data: { passedOnAt, unit, late: passedOnAt > confirmedAt + limitMs },
    })),
  );
}
