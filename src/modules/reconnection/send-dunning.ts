import { dateOf } from '../../domain/calendar.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { startOfDate } from '../../domain/reconnection/days.js';
import { Fault, refusal } from '../../fault.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { lockAccount, numberTaken } from './account-facts.js';
import { noContact, otherStep, recordSteps, withContacts } from './dunning.js';

export interface DunningOrder {
  accountNo: string;
  externalId: string;
  /** Number of the contact to write to; null = the customer. */
  contact: string | null;
}

/**
 * Takes a step of collection by message: recorded at once as `sending`, and sent by the notices. Asked again under its number it is the
 * same step. Nobody is written to twice a day about one account, unless the first message did not reach them.
 * @returns the number of the step
 * @throws Fault `not_found`, `conflict` (`nothing_owed`, `sent_today`, or the number is that of another step), `invalid_input`
 */
export async function sendDunning(tx: Tx, active: PolicyInForce, order: DunningOrder, actor: string): Promise<number> {
  const { accountNo, externalId, contact } = order;
  const account = await lockAccount(tx, accountNo);
  const report = { externalId, stage: 'remote' as const, at: tx.now, by: actor, result: 'sending' as const };
  const [given] = await withContacts(tx, [
    { account, step: { ...report, note: '', promisedOn: null, contact, phone: null, proof: '' } },
  ]);
  if (given?.step == null) throw new Fault('not_found', noContact(contact), { problem: 'contact_not_found' });
  const { step } = given;
  const [known] = await tx.query<{ id: number; isSame: boolean }>(
    `select id, customer_id = $2 and result = 'sending' and contact_id is not distinct from $3::bigint as "isSame"
     from dunning_step where external_id = $1`,
    [externalId, account.id, step.contactId],
  );
  if (known?.isSame === true) return known.id;
  if (known !== undefined) throw numberTaken('body.externalId', otherStep(externalId));
  const phone = contact === null ? await numberOf(tx, account.id) : step.phone;
  if (contact !== null && phone === null) {
    throw refusal(
      'invalid_input',
      {
        rule: 'contact_without_number',
        path: 'body.contact',
        zh: `联系人 ${contact} 没有号码：请登记号码，或指定其他联系人`,
        en: `body.contact: the contact ${contact} has no number; record one, or name another.`,
        source: 'own: a message needs a number',
      },
      'invalid_input',
    );
  }
  const today = dateOf(tx.now);
  const [stands] = await tx.query<{ isOwed: boolean; isSent: boolean }>(
    `select exists (select from arrears where customer_id = $1 and cleared_at is null and amount > 0 and due_on < $2) as "isOwed",
            exists (select from dunning_fact k join dunning_step s using (id) where k.customer_id = $1 and s.result = 'sending'
                    and k.result <> 'not_reached' and s.at >= $3 and k.phone is not distinct from $4) as "isSent"`,
    [account.id, today, at(startOfDate(today)), phone],
  );
  if (stands?.isOwed !== true) {
    throw refusal('conflict', {
      rule: 'nothing_owed',
      path: 'body.accountNo',
      zh: `${accountNo} 没有逾期未缴的账单，无需催费`,
      en: `No unpaid overdue bill of ${accountNo} is on record; there is nothing to collect.`,
      source: '民法典 art. 654: who is reminded is in arrears (逾期)',
    });
  }
  if (stands.isSent) {
    throw refusal('conflict', {
      rule: 'sent_today',
      path: 'body.accountNo',
      zh: `今天已就 ${accountNo} 向该号码发送催费短信：请明天再发，或改用电话`,
      en: `This number was written to today about ${accountNo}; wait until tomorrow, or phone.`,
      source: 'own: one message a day; more presses and reminds nobody',
    });
  }
  const [id] = await recordSteps(tx, active, [{ account, step: { ...step, phone } }], actor);
  if (id == null) throw new Error('the step was written in this transaction');
  return id;
}

/** Where a message to the customer goes: the mobile, or the number that the call list phones. */
async function numberOf(tx: Tx, customerId: number): Promise<string | null> {
  const [row] = await tx.query<{ phone: string | null }>(
    `select case when sms and mobile <> '' then mobile else coalesce(nullif(landline, ''), nullif(mobile, '')) end as phone
     from customer where id = $1`,
    [customerId],
  );
  return row?.phone ?? null;
}
