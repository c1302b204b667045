import { Injectable } from '@nestjs/common';
import type { Language, NoticeFacts } from '../../domain/notices/notice-kinds.js';
import type { Tx } from '../database/database.js';
import { NoticeTexts } from './notice-texts.js';
import { FIRST_PARAMETER, queueNotices } from './queue-notices.js';

interface OrderRow {
  id: number;
  customerId: number;
  accountNo: string;
  language: Language;
  paidAt: number;
  dueAt: number;
  restoredAt: number | null;
}

/** What a customer who was cut is told: payment arrived and until when supply returns; supply has returned. */
@Injectable()
export class ReconnectionNotices {
  constructor(private readonly texts: NoticeTexts) {}

  /** Compares the order with what was told; "paid" is late news once supply has returned. */
  async tell(tx: Tx, orderId: number): Promise<void> {
    const [order] = await tx.query<OrderRow>(
      `select o.id, o.customer_id as "customerId", customer.account_no as "accountNo", customer.language,
              o.paid_at as "paidAt", o.due_at as "dueAt", o.restored_at as "restoredAt"
       from reconnection_order o join customer on customer.id = o.customer_id where o.id = $1 and o.state <> 'cancelled'`,
      [orderId],
    );
    if (order === undefined) return;
    if (order.restoredAt === null) await this.queue(tx, order, 'paid', order);
    else await this.queue(tx, order, 'reconnected', { accountNo: order.accountNo, restoredAt: order.restoredAt });
  }

  private async queue<Kind extends 'paid' | 'reconnected'>(
    tx: Tx,
    order: OrderRow,
    kind: Kind,
    facts: NoticeFacts[Kind],
  ): Promise<void> {
    await queueNotices(tx, {
      kind,
      eventType: 'reconnection_order',
      texts: [{ ...this.texts.render(kind, facts, order.language), variant: 0 }],
      sendAt: tx.now,
      expiresAt: null,
      recipients: {
        sql: `select $${FIRST_PARAMETER}::bigint as event_id, $${FIRST_PARAMETER + 1}::int as customer_id, null::int as transformer_id,
                $1::text || ':reconnection_order:' || $${FIRST_PARAMETER}::bigint as once_key, 0 as variant`,
        values: [order.id, order.customerId],
      },
    });
  }
}
