import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { JournalEntry } from '../../domain/journal-entry.js';
import type { Language } from '../../domain/notices/notice-kinds.js';
import { intoDaytime } from '../../domain/notices/planned-instants.js';
import { payByOf } from '../../domain/reconnection/dunning-message.js';
import { daysAfter, startOfDate } from '../../domain/reconnection/days.js';
import { dateOf } from '../../domain/calendar.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { NoticeTexts } from './notice-texts.js';
import { FIRST_PARAMETER, queueNotices } from './queue-notices.js';

interface StepRow {
  id: number;
  customerId: number;
  accountNo: string;
  language: Language;
  area: string;
  /** Of a contact that is written to in place of the customer. */
  phone: string | null;
  amount: number | null;
  dueOn: string | null;
}

/** Writes to who is in arrears, when a step of collection asks for it; not by night, and not any more once nothing is owed. */
@Injectable()
export class DunningNotices implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly texts: NoticeTexts,
    private readonly active: ActivePolicy,
  ) {}

  onModuleInit(): void {
    this.workers.follow({
      name: 'dunning_notices',
      types: ['dunning_recorded', 'payment_received'],
      handle: (tx, entries) => this.handle(tx, entries),
    });
  }

  async handle(tx: Tx, entries: readonly JournalEntry[]): Promise<void> {
    for (const entry of entries) {
      if (entry.type === 'dunning_recorded' && entry.data.result === 'sending')
        await this.tell(tx, entry.data.dunningStepId);
    }
    const payers = entries.flatMap((entry) =>
      entry.type === 'payment_received' && entry.data.settled ? [entry.subjectId] : [],
    );
    await withdraw(tx, payers);
  }

  private async tell(tx: Tx, stepId: number): Promise<void> {
    const [step] = await tx.query<StepRow>(
      `select s.id, s.customer_id as "customerId", c.account_no as "accountNo", c.language, t.area,
              case when s.contact_id is not null then s.phone end as phone, owed.amount, owed.due_on::text as "dueOn"
       from dunning_step s join customer c on c.id = s.customer_id join asset t on t.id = c.transformer_id
       cross join lateral (select sum(b.amount) as amount, min(b.due_on) as due_on from arrears b
                           where b.customer_id = c.id and b.cleared_at is null and b.amount > 0 and b.due_on < $2) owed
       where s.id = $1`,
      [stepId, dateOf(tx.now)],
    );
    if (step === undefined || step.dueOn === null) return; // paid before this was read
    const { disconnection, notices } = this.active.at(tx.now).policyFor(step.area);
    const daytime = { fromHour: notices.dayFromHour, toHour: notices.dayToHour };
    const payByOn = payByOf(step.dueOn, disconnection, tx.now);
    const facts = {
      accountNo: step.accountNo,
      amount: (step.amount ?? 0).toFixed(2),
      dueOn: step.dueOn,
      payByOn,
      howToPay: step.language === 'en' ? disconnection.howToPayEn : disconnection.howToPayZh,
    };
    await queueNotices(tx, {
      kind: 'dunning',
      eventType: 'dunning_step',
      texts: [{ ...this.texts.render('dunning', facts, step.language), variant: 0 }],
      sendAt: intoDaytime(tx.now, daytime, 'forward'),
      expiresAt: startOfDate(daysAfter(payByOn, 1)),
      phone: step.phone,
      recipients: {
        sql: `select $${FIRST_PARAMETER}::bigint as event_id, $${FIRST_PARAMETER + 1}::int as customer_id, null::int as transformer_id,
                'dunning:dunning_step:' || $${FIRST_PARAMETER}::bigint as once_key, 0 as variant`,
        values: [step.id, step.customerId],
      },
    });
  }
}

/** Whoever has paid is not reminded, neither by message nor by telephone. */
async function withdraw(tx: Tx, customerIds: readonly number[]): Promise<void> {
  if (customerIds.length === 0) return;
  await tx.query(
    `update notice n set state = 'cancelled', settled_at = $2, last_error = 'it was paid before this was sent'
     where n.kind = 'dunning' and n.state = 'queued' and n.customer_id = any($1::integer[])
       and not exists (select from arrears a where a.customer_id = n.customer_id and a.cleared_at is null and a.amount > 0 and a.due_on < $3)`,
    [customerIds, at(tx.now), dateOf(tx.now)],
  );
}
