import { describe, expect, it } from '@jest/globals';
import type { JournalEntry } from '../../src/domain/journal-entry.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { at } from '../../src/modules/database/database.js';
import { Gateway, useNotices } from '../support/notices.js';

describe('notices of outages and reconnections', () => {
  const held = useNotices();
  const { clock, start, tell, entry, over8h, outage, join, restore, sender, rows, journal } = held;

  it('tells everybody on the transformers of a confirmed outage once: by SMS, or on the call list', async () => {
    const id = await outage([2]);
    await tell(entry('outage_confirmed', id));
    await tell(entry('outage_confirmed', id), entry('outage_changed', id));
    expect(await rows()).toEqual(['fault A1 sms queued', 'fault A2 call_list queued']);
    expect(await journal()).toEqual([
      {
        type: 'notice_queued',
        kind: 'fault',
        customerId: null,
        eventType: 'outage',
        eventId: id,
        count: 2,
        callList: 1,
      },
    ]);
    const [first] = await held.db.query<{ text: string; segments: number }>(
      'select text, segments from notice order by id',
    );
    expect(first?.text).toBe(
      '【供电服务】城东线于7月15日10:00因故障停电，正在组织抢修，恢复时间正在核实。不便之处敬请谅解，咨询请拨95598。',
    );
    expect(await held.db.query('select recipient from notice order by id')).toEqual([
      { recipient: '13800000001' },
      { recipient: '8520002' },
    ]);
  });

  it('tells new customers when the outage grows, in their own language', async () => {
    const id = await outage([2]);
    await tell(entry('outage_confirmed', id));
    await join(id, [3]);
    await tell(entry('outage_changed', id));
    expect((await rows()).slice(2)).toEqual(['fault B1 sms queued', 'fault B2 call_list queued']);
    const texts = await held.db.query<{ text: string }>(`select text from notice where language = 'en'`);
    expect(texts).toEqual([{ text: expect.stringContaining('Power is out at 城东线 since 15 Jul 10:00') as unknown }]);
  });

  it('tells those who hung on the transformer when it went dark, not those of today', async () => {
    const id = await outage([2]);
    await held.db.query(`update customer_transformer set valid_to = $1 where customer_id = 1`, [at(start + MINUTE_MS)]);
    await held.db.query(
      `insert into customer_transformer (customer_id, transformer_id, valid_from) values (1, 3, $1)`,
      [at(start + MINUTE_MS)],
    );
    clock.advance(5 * MINUTE_MS);
    await tell(entry('outage_confirmed', id));
    expect(await rows()).toContain('fault A1 sms queued');
  });

  it.each([
    ['suspected', { state: 'suspected' }],
    ['momentary', { momentary: true }],
    ['discarded', { state: 'discarded' }],
    ['planned work', { nature: 'planned' }],
    ['restored before it was known', { state: 'restored' }],
  ])('tells nobody of an outage that is %s', async (_, extra) => {
    const id = await outage([2, 3], extra);
    await tell(entry('outage_confirmed', id));
    expect(await rows()).toEqual([]);
    expect(await journal()).toEqual([]);
  });

  it('does not tell those who are cut off, for they have no supply to lose', async () => {
    await held.db.query(
      `insert into disconnection (external_id, customer_id, reason, planned_at, disconnected_at, recorded_at) values ('D', 1, 'arrears', $1, $1, $1)`,
      [at(start - DAY_MS)],
    );
    await tell(entry('outage_confirmed', await outage([2])));
    expect(await rows()).toEqual(['fault A2 call_list queued']);
  });

  it('does not tell those whose supply is back already when the news arrives', async () => {
    const id = await outage([2, 3]);
    await restore(id, [2]);
    await tell(entry('outage_confirmed', id));
    expect(await rows()).toEqual(['fault B1 sms queued', 'fault B2 call_list queued']);
  });

  it('tells "restored" once to whoever was told "out", step by step, and to nobody else', async () => {
    const id = await outage([2, 3]);
    const gateway = new Gateway('a');
    await tell(entry('outage_confirmed', id));
    await sender(gateway).step();
    clock.advance(HOUR_MS);
    await restore(id, [2]);
    await tell(entry('outage_changed', id));
    await tell(entry('outage_changed', id));
    // A2 was on the call list and nobody phoned: that call is taken off, and A2 has nothing to be told.
    expect(await rows()).toEqual([
      'fault A1 sms accepted',
      'fault A2 call_list cancelled',
      'fault B1 sms accepted',
      'fault B2 call_list queued',
      'restored A1 sms queued',
    ]);
    clock.advance(HOUR_MS);
    await restore(id, [3], 'restored');
    await tell(entry('outage_restored', id));
    await tell(entry('outage_closed', id));
    expect((await rows()).slice(3)).toEqual([
      'fault B2 call_list cancelled',
      'restored A1 sms queued',
      'restored B1 sms queued',
    ]);
    const texts = await held.db.query<{ text: string }>(`select text from notice where kind = 'restored' order by id`);
    expect(texts[0]?.text).toContain('城东线已于7月15日11:00恢复供电');
    expect(texts[1]?.text).toContain('since 15 Jul 12:00');
  });

  it('sends neither "out" nor "restored" when supply returns before the first message went out', async () => {
    const id = await outage([2]);
    await tell(entry('outage_confirmed', id));
    await restore(id, [2], 'restored');
    await tell(entry('outage_restored', id));
    expect(await rows()).toEqual(['fault A1 sms cancelled', 'fault A2 call_list cancelled']);
    const gateway = new Gateway('a');
    await sender(gateway).step();
    expect(gateway.sent).toEqual([]);
  });

  it('takes "restored" back when supply fails again before it was sent, and then does not repeat "out"', async () => {
    const id = await outage([2]);
    await tell(entry('outage_confirmed', id));
    await sender(new Gateway('a')).step();
    clock.advance(MINUTE_MS);
    await restore(id, [2], 'closed');
    await tell(entry('outage_restored', id));
    const again = await outage([2]);
    await tell(entry('outage_confirmed', again));
    expect((await rows()).filter((row) => row.includes('A1'))).toEqual([
      'fault A1 sms accepted',
      'restored A1 sms cancelled',
    ]);
    clock.advance(MINUTE_MS);
    await restore(again, [2], 'closed');
    await tell(entry('outage_restored', again));
    expect((await rows()).filter((row) => row.includes('A1'))).toEqual([
      'fault A1 sms accepted',
      'restored A1 sms queued',
    ]);
  });

  it('queues the news anew when supply fails again before anybody was told', async () => {
    const id = await outage([2]);
    await tell(entry('outage_confirmed', id));
    await restore(id, [2]);
    await tell(entry('outage_changed', id));
    clock.advance(MINUTE_MS);
    await join(id, [2]);
    await tell(entry('outage_changed', id));
    expect(await rows()).toEqual(['fault A1 sms queued', 'fault A2 call_list queued']);
  });

  it('tells nobody twice when outages merge, and restores once under the outage that is left', async () => {
    const small = await outage([2]);
    await tell(entry('outage_confirmed', small));
    await sender(new Gateway('a')).step();
    const large = await outage([3]);
    await tell(entry('outage_confirmed', large));
    await held.db.query('update outage_transformer set outage_id = $2, started_at = $3 where outage_id = $1', [
      small,
      large,
      at(clock.now() + MINUTE_MS), // a merge that writes new starts: the lineage alone must protect the customer
    ]);
    await held.db.query(`update outage set merged_into_id = $2, state = 'closed' where id = $1`, [small, large]);
    clock.advance(2 * MINUTE_MS);
    await tell(entry('outage_merged', small, { intoId: large }), entry('outage_changed', large));
    expect((await rows()).filter((row) => row.startsWith('fault'))).toHaveLength(4);
    clock.advance(HOUR_MS);
    await restore(large, [2, 3], 'restored');
    await tell(entry('outage_restored', large));
    await tell(entry('outage_closed', large));
    expect((await rows()).filter((row) => row.startsWith('restored'))).toEqual(['restored A1 sms queued']);
  });

  it('tells nobody twice when an outage is split, and restores the part that was split off', async () => {
    const whole = await outage([2, 3]);
    await tell(entry('outage_confirmed', whole));
    await sender(new Gateway('a')).step();
    clock.advance(HOUR_MS);
    const part = await outage([], { parent_id: whole }, start);
    await held.db.query('update outage_transformer set outage_id = $2 where outage_id = $1 and transformer_id = 3', [
      whole,
      part,
    ]);
    await tell(entry('outage_confirmed', part), entry('outage_changed', whole));
    expect(await rows()).toHaveLength(4);
    await restore(part, [3], 'restored');
    await tell(entry('outage_restored', part));
    expect((await rows()).slice(4)).toEqual(['restored B1 sms queued']);
  });

  it('tells nobody twice when the rules group a loss anew, and restores it under its new outage', async () => {
    const first = await outage([2, 3]);
    await tell(entry('outage_confirmed', first));
    await sender(new Gateway('a')).step();
    clock.advance(MINUTE_MS);
    const second = await outage([], {}, start);
    await held.db.query('update outage_transformer set outage_id = $2 where outage_id = $1 and transformer_id = 3', [
      first,
      second,
    ]);
    await tell(entry('outage_confirmed', second), entry('outage_changed', first));
    expect(await rows()).toHaveLength(4);
    clock.advance(HOUR_MS);
    await restore(second, [3], 'closed');
    await tell(entry('outage_restored', second));
    expect((await rows()).slice(4)).toEqual(['restored B1 sms queued']);
    await sender(new Gateway('a')).step();
    // The next loss is another trouble.
    clock.advance(HOUR_MS);
    await tell(entry('outage_confirmed', await outage([3])));
    expect((await rows()).slice(5)).toEqual(['fault B1 sms queued', 'fault B2 call_list queued']);
  });

  it('keeps a nested outage dark while its parent is restored', async () => {
    const parent = await outage([2, 3]);
    await tell(entry('outage_confirmed', parent));
    await sender(new Gateway('a')).step();
    clock.advance(HOUR_MS);
    await restore(parent, [2, 3], 'restored');
    const nested = await outage([3], { parent_id: parent }, start);
    await tell(entry('outage_restored', parent), entry('outage_confirmed', nested));
    expect((await rows()).slice(4)).toEqual(['restored A1 sms queued']);
    clock.advance(HOUR_MS);
    await restore(nested, [3], 'restored');
    await tell(entry('outage_restored', nested));
    expect((await rows()).slice(4)).toEqual(['restored A1 sms queued', 'restored B1 sms queued']);
  });

  it('tells those who are out for over 8 h, planned or not, and later joiners at a later stage', async () => {
    const id = await outage([2], { nature: 'planned' });
    clock.advance(6 * HOUR_MS);
    await join(id, [3]);
    clock.advance(2 * HOUR_MS);
    await tell(over8h(id, '6h'));
    expect(await rows()).toEqual([]);
    await tell(over8h(id));
    expect(await rows()).toEqual(['over_8h A1 sms queued', 'over_8h A2 call_list queued']);
    clock.advance(6 * HOUR_MS);
    await tell(over8h(id, '12h'));
    expect((await rows()).slice(2)).toEqual(['over_8h B1 sms queued', 'over_8h B2 call_list queued']);
    await sender(new Gateway('a')).step();
    await restore(id, [2, 3], 'restored');
    await tell(entry('outage_restored', id));
    expect((await rows()).slice(4)).toEqual(['restored A1 sms queued', 'restored B1 sms queued']);
  });

  it('tells "restored" to whoever was told of a loss that late data took out of the record', async () => {
    const id = await outage([2, 3]);
    await tell(entry('outage_confirmed', id));
    await sender(new Gateway('a')).step();
    clock.advance(MINUTE_MS);
    await held.db.query('delete from outage_transformer where transformer_id = 2');
    await tell(entry('outage_changed', id));
    expect((await rows()).slice(4)).toEqual(['restored A1 sms queued']);
    // A false alarm: the dispatcher discards it, and its intervals go.
    await held.db.query('delete from outage_transformer');
    await held.db.query(`update outage set state = 'discarded'`);
    await tell(entry('outage_discarded', id));
    expect((await rows()).slice(4)).toEqual(['restored A1 sms queued', 'restored B1 sms queued']);
  });

  it('reads old news about an outage that was merged since as news about the outage it became part of', async () => {
    const small = await outage([2]);
    await tell(entry('outage_confirmed', small));
    const large = await outage([3]);
    await held.db.query('update outage_transformer set outage_id = $2 where outage_id = $1', [small, large]);
    await held.db.query(`update outage set merged_into_id = $2, state = 'discarded' where id = $1`, [small, large]);
    await tell(entry('outage_changed', small));
    expect(await rows()).toEqual([
      'fault A1 sms queued',
      'fault A2 call_list queued',
      'fault B1 sms queued',
      'fault B2 call_list queued',
    ]);
  });

  it('takes what was not sent yet back when the outage is discarded', async () => {
    const id = await outage([2]);
    await tell(entry('outage_confirmed', id));
    await held.db.query(`update outage set state = 'discarded'`);
    await tell(entry('outage_discarded', id));
    expect(await rows()).toEqual(['fault A1 sms cancelled', 'fault A2 call_list cancelled']);
  });

  it('tells who paid until when supply returns, and then that it has', async () => {
    await held.db.query(
      `insert into disconnection (external_id, customer_id, reason, planned_at, recorded_at) values ('D', 1, 'arrears', $1, $1)`,
      [at(start - DAY_MS)],
    );
    await held.db.query(
      `insert into payment (external_id, customer_id, paid_at, received_at, amount, settled) values ('Z', 1, $1, $1, 1, true)`,
      [at(start)],
    );
    await held.db.query(
      `insert into reconnection_order (disconnection_id, customer_id, payment_id, paid_at, due_at, policy_version, receipt) values (1, 1, 1, $1, $2, 1, '{}')`,
      [at(start), at(start + 12 * HOUR_MS)],
    );
    await tell(entry('reconnection_ordered', 1));
    await tell(entry('reconnection_ordered', 1));
    await held.db.query(`update reconnection_order set state = 'met', restored_at = $1`, [at(start + HOUR_MS)]);
    await tell(entry('reconnection_met', 1), entry('reconnection_ordered', 1));
    expect(await rows()).toEqual(['paid A1 sms queued', 'reconnected A1 sms queued']);
    expect(await journal()).toEqual([
      expect.objectContaining({ kind: 'paid', customerId: 1, eventType: 'reconnection_order', count: 1, callList: 0 }),
      expect.objectContaining({ kind: 'reconnected' }),
    ]);
    const texts = await held.db.query<{ text: string }>('select text from notice order by id');
    expect(texts[0]?.text).toContain('已于7月15日10:00缴清电费，我们将在7月15日22:00前恢复供电');
    expect(texts[1]?.text).toContain('已于7月15日11:00恢复供电');
  });

  it('queues for 20,000 customers in a few statements', async () => {
    await held.db.query(
      `insert into customer (account_no, transformer_id, mobile) select 'L' || n, 3, '137' || n from generate_series(1, 20000) n`,
    );
    await held.db.query(
      `insert into customer_transformer (customer_id, transformer_id, valid_from) select id, 3, '-infinity' from customer where account_no like 'L%'`,
    );
    const id = await outage([3]);
    let statements = 0;
    await held.db.inTx(async (tx) => {
      const counted = {
        ...tx,
        query: (text: string, values: readonly unknown[] = []) => ((statements += 1), tx.query(text, values)),
      };
      await held.follower.handle(counted as typeof tx, [entry('outage_confirmed', id)] as JournalEntry[]);
    });
    expect(statements).toBeLessThan(12);
    expect(await held.db.query('select count(*) as count from notice')).toEqual([{ count: 20_002 }]);
  });
});
