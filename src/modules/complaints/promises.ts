import { complaintStages, COMPLAINT_PROMISES } from '../../domain/complaints/promises.js';
import type { ComplaintPromise, ComplaintStep } from '../../domain/complaints/promises.js';
import type { Channel } from '../../domain/complaints/complaint.js';
import { DAY_MS, MINUTE_MS, formatInstant } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { Fault, refusal } from '../../fault.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { loadCalendar } from '../deadlines/calendars.js';
import { setDeadlinesOf, settleDeadlines } from '../deadlines/deadlines.js';
import { append } from '../journal/append.js';

const KINDS = Object.keys(COMPLAINT_PROMISES) as ComplaintPromise[];

/** Sets the clocks of complaints that came in. Nothing is promised any more to those of a file of the past. */
export async function setComplaintPromises(tx: Tx, ids: readonly number[], active: PolicyInForce): Promise<void> {
  const { policy, sources, version } = active;
  const complaints = await tx.query<{ id: number; channel: Channel; receivedAt: number; area: string }>(
    `select c.id, c.channel, c.received_at as "receivedAt", coalesce(a.area, '') as area
     from complaint c left join customer k on k.id = c.customer_id left join asset a on a.id = k.transformer_id
     where c.id = any($1) and c.received_at > $2 order by c.id`,
    [ids, at(tx.now - policy.complaintPromises.historyDays * DAY_MS)],
  );
  if (complaints.length === 0) return;
  const calendar = await loadCalendar(tx, policy);
  await setDeadlinesOf(
    tx,
    complaints.flatMap((complaint) => {
      const stages = complaintStages(complaint, calendar, policy, sources);
      return KINDS.map((kind) => ({
        kind,
        subjectType: 'complaint',
        subjectId: complaint.id,
        area: complaint.area,
        policyVersion: version,
        stages: stages[kind],
      }));
    }),
  );
}

export interface NewStep {
  step: ComplaintStep;
  at: number;
  by: string;
  note: string;
}

/**
 * Records that the customer was contacted, or answered, which ends the promise at that instant, also when it is recorded late. Who was
 * answered was contacted by then. The same step again changes nothing.
 * @throws Fault `not_found`, `conflict` (the step is on record otherwise), `invalid_input`
 */
export async function recordComplaintStep(
  tx: Tx,
  active: PolicyInForce,
  complaintId: number,
  given: NewStep,
  actor: string,
): Promise<void> {
  const [complaint] = await tx.query<{ receivedAt: number }>(
    'select received_at as "receivedAt" from complaint where id = $1 for update',
    [complaintId],
  );
  if (complaint === undefined) throw new Fault('not_found', `There is no complaint ${complaintId}.`);
  mustLieWithin(given.at, complaint.receivedAt, tx.now + active.policy.telemetry.futureToleranceMinutes * MINUTE_MS);
  const known = await tx.query<NewStep>('select step, at, by, note from complaint_step where complaint_id = $1', [
    complaintId,
  ]);
  const same = known.find(({ step }) => step === given.step);
  if (same !== undefined) {
    if (same.at === given.at && same.by === given.by) return;
    const when = formatInstant(same.at);
    throw refusal('conflict', {
      rule: 'step_on_record',
      path: 'body.at',
      zh: `投诉 ${complaintId} 已登记：${when}（${same.by}），登记的内容不再更改`,
      en: `Complaint ${complaintId} is on record as ${given.step} at ${when} by ${same.by}; what is on record stays.`,
      source: 'own: the first word and the answer end a promise and prove it',
    });
  }
  await tx.query(
    'insert into complaint_step (complaint_id, step, at, by, note, recorded_at) values ($1, $2, $3, $4, $5, $6)',
    [complaintId, given.step, at(given.at), given.by, given.note, at(tx.now)],
  );
  if (given.step === 'answered')
    await tx.query(`update complaint set state = 'answered' where id = $1 and state = 'open'`, [complaintId]);
  await settlePromises(tx, complaintId, [...known, given]);
  await append(tx, [
    {
      type: given.step === 'answered' ? 'complaint_answered' : 'complaint_contacted',
      subjectType: 'complaint',
      subjectId: complaintId,
      happenedAt: given.at,
      actor,
      data: { at: given.at, by: given.by, note: given.note },
    },
  ]);
}

async function settlePromises(tx: Tx, complaintId: number, steps: readonly NewStep[]): Promise<void> {
  const settle = async (kind: ComplaintPromise, ends: readonly NewStep[]): Promise<void> => {
    if (ends.length === 0) return;
    await settleDeadlines(tx, kind, 'complaint', [complaintId], 'met', [Math.min(...ends.map((one) => one.at))]);
  };
  await settle('complaint_contact', steps);
  await settle(
    'complaint_answer',
    steps.filter(({ step }) => step === 'answered'),
  );
}

function mustLieWithin(moment: number, from: number, to: number): void {
  if (from <= moment && moment <= to) return;
  const { zh, en } =
    moment < from
      ? {
          zh: `早于受理投诉 ${formatInstant(from)}`,
          en: `lies before the complaint was received, ${formatInstant(from)}`,
        }
      : { zh: '时间在将来：完成后再登记', en: 'lies in the future; send it once it is done' };
  const source = 'own: a step is taken after the complaint came, and has happened';
  throw refusal(
    'invalid_input',
    { rule: 'within_the_complaint', path: 'body.at', zh, en: `body.at: ${en}`, source },
    'invalid_input',
  );
}
