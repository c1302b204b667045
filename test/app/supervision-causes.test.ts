import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { eventually } from '../support/service.js';
import type { Answer } from '../support/service.js';
import { START, useSupervision } from '../support/supervision.js';

describe('causes of supervision orders', () => {
  const { clock, held, list, get, orderOf, tell, outage, ladder } = useSupervision();

  it('follows a broken promise to restore after payment, to the unit of the routing table and the customer manager', async () => {
    await held.service.goTo(START);
    await held.service.call('POST', '/disconnections', {
      externalId: 'D1',
      accountNo: 'A7',
      reason: 'arrears',
      plannedAt: START - 24 * HOUR_MS,
      disconnectedAt: START - 24 * HOUR_MS,
    });
    await held.service.call('POST', '/payments', {
      externalId: 'P1',
      accountNo: 'A7',
      paidAt: START,
      amount: 80,
      settled: true,
    });
    await held.service.goTo(START + 12 * HOUR_MS + MINUTE_MS);
    const order = await eventually(async () => (await list('&cause=breached_promise'))[0]);
    expect(order).toMatchObject({ kind: 'reconnection_overdue', unit: '城东营业厅', person: '客户经理孙七' });
    await held.service.call('POST', '/reconnections', { accountNo: 'A7', reconnectedAt: clock.now(), by: '一班' });
    expect((await get(order.id)).effect).toMatchObject({ measured: false, zh: '现场报告已复电，尚无实测' });
  });

  it('opens one order for a planned work that is too long, which its outage takes over, and measures it by that', async () => {
    await held.service.goTo(START);
    const planned = await held.service.call<{ id: number }>('POST', '/planned-outages', {
      externalId: 'W1',
      assets: ['T8'],
      startsAt: START + 24 * HOUR_MS,
      endsAt: START + 34 * HOUR_MS,
      nature: 'planned',
      reason: '更换电缆',
    });
    const order = await orderOf('planned_outage', planned.body.id);
    expect(order).toMatchObject({ kind: 'outage_over_8h_expected', effect: { measured: false } });
    // The work began and has lasted 8 h.
    const lost = await outage('T8');
    await held.service.db.query('update outage set planned_outage_id = $2 where id = $1', [lost.id, planned.body.id]);
    await tell(ladder(lost, '8h'));
    const taken = await eventually(async () => {
      const found = await get(order.id);
      return found.subject.type === 'outage' ? found : null;
    });
    expect(taken).toMatchObject({ number: order.number, kind: 'outage_over_8h', subject: { id: lost.id } });
  });

  it('supervises a customer who complains for the third time, until no complaint has followed the answer for 30 days', async () => {
    await held.service.goTo(START);
    const complain = (externalId: string): Promise<Answer<{ id: number }>> =>
      held.service.call<{ id: number }>('POST', '/complaints', {
        externalId,
        channel: 'hotline',
        category: 'metering',
        accountNo: 'A9',
        text: '电表走得太快',
        receivedAt: clock.now(),
      });
    const ids = [(await complain('K1')).body.id, (await complain('K2')).body.id, (await complain('K3')).body.id];
    const order = await eventually(async () => (await list('&cause=repeat_complaint'))[0]);
    expect((await get(order.id)).effect).toMatchObject({ measured: false, en: '3 complaints are not answered' });
    await held.service.db.query(
      `insert into complaint_step (complaint_id, step, at, by, note, recorded_at)
       select id, 'answered', $2, 'test', '', $2 from unnest($1::bigint[]) id`,
      [ids, new Date(START + HOUR_MS)],
    );
    expect((await get(order.id)).effect.en).toBe('answered; without a repeat it counts from 2026-08-14 01:00 on');
    await held.service.goTo(START + 31 * 24 * HOUR_MS);
    expect((await get(order.id)).effect.measured).toBe(true);
    await complain('K4');
    expect((await get(order.id)).effect.measured).toBe(false);
    await held.service.goTo(START);
  });

  it('follows a complaint whose customer nobody contacted in time', async () => {
    await held.service.goTo(START);
    const complaint = await held.service.call<{ id: number }>('POST', '/complaints', {
      externalId: 'K-late',
      channel: 'hotline',
      category: 'service_conduct',
      accountNo: 'A2',
      text: '营业员态度差',
      receivedAt: START,
    });
    await held.service.goTo(START + 24 * HOUR_MS + MINUTE_MS);
    const order = await orderOf('complaint', complaint.body.id);
    expect(order).toMatchObject({
      kind: 'complaint_contact_overdue',
      cause: 'breached_promise',
      effect: { measured: false, en: 'the complaint is not answered' },
    });
    await held.service.goTo(START);
  });

  it('keeps one order when the outage is merged into another', async () => {
    const [small, large] = [await outage('T9'), await outage('F')];
    await held.service.goTo(START + 8 * HOUR_MS);
    await tell(ladder(small, '8h'));
    const order = await orderOf('outage', small.id);
    await held.service.db.query(`update outage set state = 'discarded', merged_into_id = $2 where id = $1`, [
      small.id,
      large.id,
    ]);
    await tell(ladder(large, '8h'));
    await eventually(async () => (await get(order.id)).subject.id === large.id);
    expect(await list(`&subjectType=outage&subjectId=${large.id}`)).toHaveLength(1);
  });
});
