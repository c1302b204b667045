import { Controller } from '@nestjs/common';
import { explainNotices } from '../../domain/notices/explain.js';
import { maskNumber } from '../../domain/masking.js';
import { Fault, refusal } from '../../fault.js';
import { recordPersonalDataAccess } from '../auth/personal-data.js';
import { Caller, maySeePersonalData } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { at, Database } from '../database/database.js';
import { Endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { decodeCursor, page } from '../http/paging.js';
import { readCustomer, readFacts, readNotice, readNotices } from './notices.queries.js';
import type { NoticeRow } from './notices.queries.js';
import { explainNotice, listNotices, noticeCalled } from './notices.schemas.js';

@Controller()
export class NoticesController {
  constructor(private readonly db: Database) {}

  @Endpoint(listNotices)
  async list(@Input() { query }: InputOf<typeof listNotices>, @Caller() caller: Principal) {
    const cursor = decodeCursor(query.cursor, 1);
    const rows = await readNotices(this.db, query, cursor === null ? null : Number(cursor[0]), query.limit + 1);
    const { items, nextCursor } = page(rows, query.limit, (row) => [row.id]);
    return { items: await this.present(items, caller, 'GET /notices'), nextCursor };
  }

  @Endpoint(explainNotice)
  async explain(@Input() { query }: InputOf<typeof explainNotice>, @Caller() caller: Principal) {
    const customer = await readCustomer(this.db, query.accountNo);
    if (customer === null)
      throw new Fault('not_found', `There is no account ${query.accountNo}. Check the number, or import the customer.`);
    const { facts, notices } = await readFacts(this.db, customer, query.eventType, query.eventId);
    return {
      ...query,
      reasons: explainNotices(facts),
      notices: await this.present(notices, caller, 'GET /notices/explain'),
    };
  }

  @Endpoint(noticeCalled)
  async called(@Input() { params, body }: InputOf<typeof noticeCalled>, @Caller() caller: Principal) {
    await this.db.inTx(async (tx) => {
      const [row] = await tx.query(
        `update notice set state = 'delivered', sent_at = $2, settled_at = $2, provider = $3, last_error = nullif($4, '')
         where id = $1 and state = 'queued' and channel = 'call_list' returning id`,
        [params.id, at(tx.now), `phone: ${caller.name}`, body.note],
      );
      if (row !== undefined) return;
      if ((await readNotice(tx, params.id)) === null) throw new Fault('not_found', `There is no notice ${params.id}.`);
      throw refusal('conflict', {
        rule: 'not_on_call_list',
        path: 'path.id',
        zh: `通知 ${params.id} 不在电话清单上，或已电话通知`,
        en: `Notice ${params.id} is not on the call list, or was phoned already.`,
        source: 'own: the same news is told once',
      });
    });
    const notice = await readNotice(this.db, params.id);
    return (await this.present(notice === null ? [] : [notice], caller, 'POST /notices/{id}/called'))[0];
  }

  /** Numbers in clear for those who may see them, which is written down; masked for others. */
  private async present(rows: readonly NoticeRow[], caller: Principal, route: string) {
    const inClear = maySeePersonalData(caller);
    if (inClear) {
      const customerIds = [...new Set(rows.flatMap((row) => row.customerId ?? []))];
      await recordPersonalDataAccess(this.db, { at: this.db.clock.now(), actor: caller.name, route, customerIds });
    }
    return rows.map((row) => ({
      ...row,
      recipient: inClear ? row.recipient : maskNumber(row.recipient),
    }));
  }
}
