import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../src/domain/instants.js';
import { eventually } from '../support/service.js';
import { START, useSupervision } from '../support/supervision.js';

describe('supervision orders', () => {
  const { clock, held, list, get, post, orderOf, tell, outage, ladder } = useSupervision();

  it('opens one numbered order when an outage passes 8 h, whatever the ladder says after that', async () => {
    const lost = await outage('T1');
    await held.service.goTo(START + 8 * HOUR_MS);
    await tell(ladder(lost, '8h'));
    const order = await orderOf('outage', lost.id);
    expect(order).toMatchObject({
      number: '2026-000001',
      cause: 'long_outage',
      kind: 'outage_over_8h',
      state: 'open',
      unit: '城东供电分局',
      person: '赵工',
      routeNote: null,
      replyDueAt: '2026-07-15T10:00:00+08:00',
      facts: { startedAt: '2026-07-15T00:00:00+08:00' },
      effect: { measured: false, en: 'supply is not back' },
    });
    await held.service.goTo(START + 12 * HOUR_MS);
    await tell(ladder(lost, '12h'));
    const later = await eventually(async () => {
      const found = await get(order.id);
      return found.title.includes('12 小时') ? found : null;
    });
    expect(later.number).toBe(order.number);
    expect(await list('&cause=long_outage')).toHaveLength(1);
    await held.service.goTo(START + 8 * HOUR_MS);
  });

  it('opens no second order when the journal is read again from its beginning', async () => {
    const before = await list();
    await held.service.db.query(`update follower_cursor set xid = '0', id = 0 where follower = 'supervision'`);
    await tell({
      type: 'outage_progress',
      subjectType: 'outage',
      subjectId: 1,
      happenedAt: START,
      data: { note: 'later', by: 'test' },
    });
    await eventually(async () => {
      const [row] = await held.service.db.query<{ behind: boolean }>(
        `select exists (select from journal j where (j.xid, j.id) > (c.xid, c.id)) as behind from follower_cursor c where follower = 'supervision'`,
      );
      return row?.behind === false;
    });
    expect((await list()).map(({ number }) => number)).toEqual(before.map(({ number }) => number));
  });

  it('is not opened by the first stage of the ladder, but at once by an expected restoration beyond the limit', async () => {
    const lost = await outage('T2');
    await held.service.goTo(START + 4 * HOUR_MS);
    await tell(ladder(lost, '4h'));
    await eventually(async () => {
      const warnings = await held.service.call<{ items: object[] }>(
        'GET',
        '/warnings?kind=outage_over_8h_expected&asset=T2',
      );
      return warnings.body.items.length > 0;
    });
    expect(await list(`&subjectType=outage&subjectId=${lost.id}`)).toEqual([]);
    const estimatedRestorationAt = START + 10 * HOUR_MS;
    await held.service.db.query('update outage set estimated_restoration_at = $2 where id = $1', [
      lost.id,
      new Date(estimatedRestorationAt),
    ]);
    await tell({
      type: 'outage_changed',
      subjectType: 'outage',
      subjectId: lost.id,
      happenedAt: clock.now(),
      data: {
        state: 'confirmed',
        nature: 'fault',
        rootAssetId: lost.rootAssetId,
        startedAt: START,
        endedAt: null,
        estimatedRestorationAt,
        plannedOutageId: null,
        parentId: null,
        momentary: false,
        customersAffected: 40,
        customersRestored: 0,
        changed: ['estimatedRestorationAt'],
        why: 'decided by test',
      },
    });
    const order = await orderOf('outage', lost.id);
    expect(order).toMatchObject({ kind: 'outage_over_8h_expected', number: '2026-000002' });
    // Later it is over the limit: the same order speaks of that.
    await held.service.goTo(START + 8 * HOUR_MS);
    await tell(ladder(lost, '8h'));
    await eventually(async () => (await get(order.id)).kind === 'outage_over_8h');
    expect((await list('&cause=long_outage')).length).toBe(2);
  });

  it('reminds, goes up the escalation to people by name while nobody replies, and waits again after a reply', async () => {
    await held.service.call('POST', '/duty-persons', 'role,area,name\nunit_manager,城东,钱主任\ndirector,,周局长');
    const lost = await outage('T3');
    await held.service.goTo(START + 8 * HOUR_MS);
    await tell(ladder(lost, '8h'));
    const order = await orderOf('outage', lost.id);
    await held.service.goTo(START + 9.5 * HOUR_MS);
    await eventually(async () => (await get(order.id)).trail.some(({ action }) => action === 'reminded'));
    await held.service.goTo(START + 10 * HOUR_MS);
    const first = await eventually(async () => {
      const found = await get(order.id);
      return found.level === 1 ? found : null;
    });
    expect(first.trail.at(-1)).toMatchObject({
      action: 'escalated',
      zh: '逾期未回复，升级第 1 级：单位负责人（钱主任）',
    });

    const replied = await post(order.id, 'reply', {
      note: '电缆故障，正在更换中间头',
      by: '城东供电分局 赵工',
      expectedAt: START + 13 * HOUR_MS,
    });
    expect(replied.body).toMatchObject({ state: 'replied', replyDueAt: '2026-07-15T14:00:00+08:00', level: 1 });
    expect(replied.body.trail.at(-1)?.zh).toBe('电缆故障，正在更换中间头（预计 2026-07-15 13:00 完成）');
    // The old second step at 14:00 of the first clock is gone: the progress reply is due then, the step comes four hours later.
    await held.service.goTo(START + 18 * HOUR_MS);
    await eventually(async () => (await get(order.id)).level === 2);
    expect((await get(order.id)).trail.at(-1)?.zh).toContain('分管领导（周局长）');
  });

  it('is closed on measured power, not on a word; without measurement only with a reason, and marked so', async () => {
    const lost = await outage('T4');
    await held.service.goTo(START + 8 * HOUR_MS);
    await tell(ladder(lost, '8h'));
    const order = await orderOf('outage', lost.id);
    const refused = await post(order.id, 'close', { note: '已送电' });
    expect([refused.status, refused.body.code]).toEqual([409, 'effect_not_measured']);
    // A dispatcher says restored: still a word.
    await held.service.db.query(`update outage set state = 'restored', ended_at = $2 where id = $1`, [
      lost.id,
      new Date(START + 9 * HOUR_MS),
    ]);
    expect((await get(order.id)).effect).toMatchObject({
      measured: false,
      en: 'restored by word; not every transformer is measured live',
    });
    const onWord = await post(order.id, 'close', { note: '', withoutMeasurement: '终端损坏，现场照片为证' });
    expect(onWord.body).toMatchObject({ state: 'closed', closedOn: 'word', replyDueAt: null });
    expect((await post(order.id, 'reply', { note: 'x', by: 'y' })).body.code).toBe('order_closed');

    const measured = await outage('T5');
    await tell(ladder(measured, '8h'));
    const second = await orderOf('outage', measured.id);
    await held.service.db.query(`update outage set state = 'closed', ended_at = $2 where id = $1`, [
      measured.id,
      new Date(START + 9 * HOUR_MS),
    ]);
    // The list tells it without being asked for each order.
    expect(await list('&effectMeasured=true')).toMatchObject([
      { id: second.id, state: 'open', effect: { measured: true } },
    ]);
    expect(await list('&effectMeasured=true&state=replied')).toEqual([]);
    expect((await list('&state=open')).map(({ id, effect }) => [id, effect.measured])).toContainEqual([
      second.id,
      true,
    ]);
    const closed = await post(second.id, 'close', { note: '' });
    expect(await list('&effectMeasured=true')).toEqual([]);
    expect(closed.body).toMatchObject({
      closedOn: 'measured',
      effect: { measured: true, zh: '2026-07-15 09:00 全部台区实测恢复供电' },
    });
    expect(closed.body.deadlines.every(({ state }) => state !== 'pending')).toBe(true);
  });

  it('calls nobody when the effect was measured before the stage came', async () => {
    const lost = await outage('T6');
    await held.service.goTo(START + 8 * HOUR_MS);
    await tell(ladder(lost, '8h'));
    const order = await orderOf('outage', lost.id);
    await held.service.db.query(`update outage set state = 'closed', ended_at = $2 where id = $1`, [
      lost.id,
      new Date(START + 9 * HOUR_MS),
    ]);
    await held.service.goTo(START + 9.5 * HOUR_MS);
    const done = await eventually(async () => {
      const found = await get(order.id);
      return found.replyDueAt === null ? found : null;
    });
    expect(done.level).toBe(0);
    await eventually(async () => (await get(order.id)).trail.at(-1)?.action === 'effect');
    expect(done.deadlines.filter(({ state }) => state === 'pending')).toEqual([]);
  });

  it('says that no unit is responsible where the data name none, until somebody names one', async () => {
    const lost = await outage('X');
    await held.service.goTo(START + 8 * HOUR_MS);
    await tell(ladder(lost, '8h'));
    const order = await orderOf('outage', lost.id);
    expect(order).toMatchObject({ unit: null, person: null });
    expect(order.routeNote?.zh).toContain('没有责任单位');
    const assigned = await post(order.id, 'assign', { unit: '城西供电所', person: '吴九' });
    expect(assigned.body).toMatchObject({ unit: '城西供电所', person: '吴九', routeNote: null });
  });

  it('prints its sheet for a browser, to readers of any role, and to nobody without a key', async () => {
    const [order] = await list();
    const path = `/supervision-orders/${order?.id}/notice-sheet`;
    const sheet = await held.service.call<string>('GET', path);
    expect(sheet.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(sheet.headers.get('content-security-policy')).toContain(`default-src 'none'`);
    expect(sheet.body).toContain(order?.number);
    expect((await held.service.call<string>('GET', `${path}?language=en`)).body).toContain('Warning note');
    expect((await held.service.call('GET', path, undefined, 'no-such-key')).status).toBe(401);
    expect((await held.service.call('GET', '/supervision-orders/999/notice-sheet')).status).toBe(404);
  });

  it('numbers the orders of a year without gaps', async () => {
    const numbers = (await list()).map(({ number }) => number).toSorted();
    expect(numbers).toEqual(numbers.map((_, index) => `2026-${String(index + 1).padStart(6, '0')}`));
    expect(numbers.length).toBeGreaterThanOrEqual(5);
  });
});
