import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { ROLES } from '../../domain/escalation.js';
import type { JournalEntry, JournalType } from '../../domain/journal-entry.js';
import type { NoticeFacts } from '../../domain/notices/notice-kinds.js';
import { intoDaytime } from '../../domain/notices/planned-instants.js';
import { numberText } from '../../domain/supervision/causes.js';
import type { Cause } from '../../domain/supervision/causes.js';
import { CAUSE_TEXTS } from '../../domain/supervision/sheet-texts.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { NoticeTexts } from './notice-texts.js';
import { queueStaffNotice } from './staff-notices.js';
import type { Staff } from './staff-notices.js';

const TYPES = [
  'supervision_opened',
  'supervision_assigned',
  'supervision_revised',
  'supervision_escalated',
  'supervision_closed',
] as const satisfies readonly JournalType[];

interface OrderRow {
  id: number;
  year: number;
  number: number;
  cause: Cause;
  place: string;
  area: string;
  unit: string | null;
  person: string | null;
  replyDueAt: number | null;
}

/** The language of the utility's own people. */
const LANGUAGE = 'zh-CN';

/** Tells the responsible unit and person of a supervision order, and those whom it is taken to when nobody replies. */
@Injectable()
export class SupervisionNotices implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly texts: NoticeTexts,
    private readonly active: ActivePolicy,
  ) {}

  onModuleInit(): void {
    this.workers.follow({
      name: 'supervision_notices',
      types: TYPES,
      handle: (tx, entries) => this.handle(tx, entries),
    });
  }

  private async handle(tx: Tx, entries: readonly JournalEntry[]): Promise<void> {
    for (const entry of entries) {
      if (entry.type === 'supervision_closed') await withdraw(tx, entry.subjectId);
      else await this.tell(tx, entry);
    }
  }

  private async tell(tx: Tx, entry: JournalEntry): Promise<void> {
    const [order] = await tx.query<OrderRow>(
      `select id, year, number, cause, trim(subject_name || ' ' || subject_code) as place, area, unit, person,
              reply_due_at as "replyDueAt"
       from supervision_order where id = $1 and state <> 'closed'`,
      [entry.subjectId],
    );
    if (order === undefined) return;
    const about = {
      number: numberText(order.year, order.number),
      cause: CAUSE_TEXTS[order.cause][LANGUAGE],
      place: order.place,
      unit: order.unit ?? '',
    };
    if (entry.type === 'supervision_escalated') {
      const { level, to } = entry.data;
      const facts = { ...about, level };
      await this.queue(
        tx,
        order,
        'supervision_escalated',
        facts,
        `${level}:${entry.happenedAt}`,
        await dutyOf(tx, to, order.area),
      );
    } else if (entry.type !== 'supervision_revised' || entry.data.why === 'happened_again') {
      const facts = { ...about, replyDueAt: order.replyDueAt };
      await this.queue(
        tx,
        order,
        'supervision_opened',
        facts,
        String(order.replyDueAt ?? ''),
        await responsibleOf(tx, order),
      );
    }
  }

  private async queue<Kind extends 'supervision_opened' | 'supervision_escalated'>(
    tx: Tx,
    order: OrderRow,
    kind: Kind,
    facts: NoticeFacts[Kind],
    once: string,
    staff: readonly Staff[],
  ): Promise<void> {
    const { notices } = this.active.at(tx.now).policyFor(order.area);
    const daytime = { fromHour: notices.dayFromHour, toHour: notices.dayToHour };
    const notice = {
      kind,
      eventType: 'supervision_order' as const,
      eventId: order.id,
      once,
      text: this.texts.render(kind, facts, LANGUAGE),
      sendAt: notices.staffByNight ? tx.now : intoDaytime(tx.now, daytime, 'forward'),
    };
    await queueStaffNotice(tx, notice, staff);
  }
}

/**
 * The responsible person by the number that the routing table or the duty roster has, else the unit by its number; without any number
 * they are to be phoned by whoever knows one. Nobody where nobody is named.
 */
async function responsibleOf(tx: Tx, { unit, person, area }: OrderRow): Promise<Staff[]> {
  if (unit === null && person === null) return [];
  const [contact] = await tx.query<{ person: string | null; phone: string }>(
    `select c.person, c.phone
     from (select person, phone, case when person = $2 then 0 else 2 end as rank, area from responsibility_route where unit = $1
           union all select name, phone, 1, area from duty_person where name = $2) c
     where c.phone is not null order by c.rank, (c.area = $3) desc, c.area limit 1`,
    [unit, person, area],
  );
  const name = [unit, contact?.person ?? person].filter((part) => part !== null).join(' ');
  return [{ name, phone: contact?.phone ?? null }];
}

/** Who has the role in the area, or, where it has nobody of its own, in the whole utility. */
async function dutyOf(tx: Tx, role: string, area: string): Promise<Staff[]> {
  if (!ROLES.some((one) => one === role)) return [];
  return tx.query<Staff>(
    `select p.name, p.phone from duty_person p
     where p.role = $1 and p.area = case when exists (select from duty_person o where o.role = $1 and o.area = $2) then $2 else '' end
     order by p.name`,
    [role, area],
  );
}

/** What was not sent yet is old news. */
const withdraw = (tx: Tx, orderId: number): Promise<unknown> =>
  tx.query(
    `update notice set state = 'cancelled', settled_at = $2, last_error = 'the order was closed before this was sent'
     where event_type = 'supervision_order' and event_id = $1 and state = 'queued'`,
    [orderId, at(tx.now)],
  );
