import { maskNumber } from '../../domain/masking.js';
import { maskName } from '../../domain/mask-name.js';
import type { DunningResult, DunningStage } from '../../domain/reconnection/dunning.js';
import type { Queryable } from '../database/database.js';
import type { CONTACT_ROLES } from './contacts.js';

export interface DunningStep {
  id: number;
  externalId: string | null;
  accountNo: string;
  stage: DunningStage;
  at: number;
  by: string;
  /** Of a step that the service sends: what became of its message. */
  result: DunningResult;
  note: string;
  promisedOn: string | null;
  /** Who was called or written to; null = the customer, or not said. */
  contact: { externalId: string; role: (typeof CONTACT_ROLES)[number]; name: string } | null;
  phone: string | null;
  proof: string;
  /** The message that the service sent; `reference` is the provider's number of it. */
  message: { noticeId: number; state: string; provider: string | null; reference: string | null } | null;
}

/** Steps of a customer, the newest first, below `beforeId`; or one step. */
export const findSteps = (
  db: Queryable,
  which: { id: number } | { customerId: number; beforeId: number | null; limit: number },
): Promise<DunningStep[]> =>
  db.query<DunningStep>(
    `select k.id, k.external_id as "externalId", c.account_no as "accountNo", k.stage, k.at, k.by, k.result, k.note,
            k.promised_on::text as "promisedOn",
            case when p.id is not null then jsonb_build_object('externalId', p.external_id, 'role', p.role, 'name', p.name) end as contact,
            k.phone, k.proof,
            case when n.id is not null then jsonb_build_object('noticeId', n.id, 'state', n.state, 'provider', n.provider,
              'reference', n.provider_ref) end as message
     from dunning_fact k join customer c on c.id = k.customer_id
     left join customer_contact p on p.id = k.contact_id left join notice n on n.id = k.notice_id
     where ${'id' in which ? 'k.id = $1' : 'k.customer_id = $1 and ($2::bigint is null or k.id < $2)'}
     order by k.id desc limit ${'id' in which ? 1 : '$3'}`,
    Object.values(which),
  );

/** For people who may not see names and numbers in clear. */
export const maskedStep = (step: DunningStep): DunningStep => ({
  ...step,
  phone: maskNumber(step.phone),
  contact: step.contact === null ? null : { ...step.contact, name: maskName(step.contact.name) },
});
