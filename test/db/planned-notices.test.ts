import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { at } from '../../src/modules/database/database.js';
import { Gateway, useNotices } from '../support/notices.js';

describe('notices of planned work', () => {
  const held = useNotices();
  const { clock, start, tell, entry, sender, rows } = held;

  const window = [start + 10 * DAY_MS, start + 10 * DAY_MS + 9 * HOUR_MS] as const;
  const register = async (assetId: number, [starts, ends]: readonly [number, number] = window): Promise<number> => {
    const [row] = await held.db.query<{ id: number }>(
      `insert into planned_outage (external_id, nature, starts_at, ends_at, reason, registered_at, changed_at)
         values ('P', 'planned', $1, $2, '更换变压器', $3, $3) returning id`,
      [at(starts), at(ends), at(clock.now())],
    );
    await held.db.query('insert into planned_outage_asset values ($1, $2)', [row?.id, assetId]);
    return row?.id ?? 0;
  };
  const due = async (): Promise<object[]> =>
    held.db.query(
      `select kind, account_no as account, state, next_attempt_at as "sendAt" from notice join customer on customer.id = customer_id
         where account_no = 'A1' order by notice.id`,
    );

  it('tells 7 days before and the day before', async () => {
    const id = await register(1);
    await tell(entry('planned_outage_registered', id));
    await tell(entry('planned_outage_registered', id));
    expect(await rows()).toHaveLength(8);
    expect(await due()).toEqual([
      { kind: 'planned', account: 'A1', state: 'queued', sendAt: start + 3 * DAY_MS },
      { kind: 'planned', account: 'A1', state: 'queued', sendAt: start + 9 * DAY_MS },
    ]);
    const gateway = new Gateway('a');
    await sender(gateway).step();
    expect(gateway.sent).toEqual([]);
    clock.set(start + 3 * DAY_MS);
    await sender(gateway).step();
    expect(gateway.sent.map(({ to }) => to)).toEqual(['13800000001', '13800000003']);
    expect(gateway.sent[0]?.text).toContain('计划于7月25日10:00至19:00停电');
  });

  it('moves what was not sent, and tells the change to whoever was told the old window', async () => {
    const id = await register(2);
    await tell(entry('planned_outage_registered', id));
    await held.db.query('update planned_outage set starts_at = $1', [at(window[0] + HOUR_MS)]);
    await tell(entry('planned_outage_changed', id));
    expect((await due()).map((row) => Object.values(row).slice(2))).toEqual([
      ['cancelled', start + 3 * DAY_MS],
      ['cancelled', start + 9 * DAY_MS],
      ['queued', start + 3 * DAY_MS + HOUR_MS],
      ['queued', start + 9 * DAY_MS + HOUR_MS],
    ]);
    clock.set(start + 4 * DAY_MS);
    await sender(new Gateway('a')).step();
    await held.db.query('update planned_outage set starts_at = $1', [at(window[0] + 2 * HOUR_MS)]);
    await tell(entry('planned_outage_changed', id));
    await tell(entry('planned_outage_changed', id));
    expect((await due()).slice(4)).toEqual([
      { kind: 'planned', account: 'A1', state: 'queued', sendAt: start + 9 * DAY_MS + 2 * HOUR_MS },
      { kind: 'planned_changed', account: 'A1', state: 'queued', sendAt: start + 4 * DAY_MS },
    ]);
  });

  it('tells the cancellation to whoever was told of the work, and to nobody else', async () => {
    const id = await register(2);
    await tell(entry('planned_outage_registered', id));
    clock.set(start + 4 * DAY_MS);
    await sender(new Gateway('a')).step();
    await held.db.query(`update planned_outage set state = 'cancelled'`);
    await tell(entry('planned_outage_cancelled', id));
    await tell(entry('planned_outage_cancelled', id));
    expect(await rows()).toEqual([
      'planned A1 sms accepted',
      'planned A2 call_list cancelled',
      'planned A1 sms cancelled',
      'planned A2 call_list cancelled',
      'planned_cancelled A1 sms queued',
    ]);
  });

  it('tells nothing once the work has begun, also when a message lay in the queue until then', async () => {
    const late = await register(2, [start - HOUR_MS, start + HOUR_MS]);
    await tell(entry('planned_outage_registered', late));
    expect(await rows()).toEqual([]);
    await held.db.query('delete from planned_outage');
    const id = await register(2);
    await tell(entry('planned_outage_registered', id));
    clock.set(window[0] + MINUTE_MS);
    const gateway = new Gateway('a');
    await sender(gateway).step();
    expect(gateway.sent).toEqual([]);
    expect((await rows())[0]).toBe('planned A1 sms cancelled');
  });
});
