import { beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import type { NewJournalEntry } from '../../src/domain/journal-entry.js';
import { append } from '../../src/modules/journal/append.js';
import { TestClock } from '../support/database.js';
import { eventually, useService } from '../support/service.js';
import type { Answer } from '../support/service.js';

const START = Date.parse('2026-07-15T00:00:00+08:00');

interface Order {
  id: number;
  number: string;
  cause: string;
  kind: string;
  state: string;
  unit: string | null;
  person: string | null;
  routeNote: { zh: string; en: string } | null;
  level: number;
  subject: { type: string; id: number };
  title: string;
  replyDueAt: string | null;
  closedOn: string | null;
  effect: { measured: boolean; zh: string; en: string };
  trail: { action: string; zh: string; en: string }[];
  deadlines: { stage: string; state: string }[];
  code: string;
  detail: string;
}

describe('supervision orders', () => {
  const clock = new TestClock(START);
  const held = useService({ clock });
  const list = async (query = ''): Promise<Order[]> =>
    (await held.service.call<{ items: Order[] }>('GET', `/supervision-orders?limit=500${query}`)).body.items;
  const get = async (id: number): Promise<Order> =>
    (await held.service.call<Order>('GET', `/supervision-orders/${id}`)).body;
  const post = (id: number, action: string, body: object): Promise<Answer<Order>> =>
    held.service.call<Order>('POST', `/supervision-orders/${id}/${action}`, body);
  const orderOf = (subjectType: string, subjectId: number): Promise<Order> =>
    eventually(async () => {
      const [order] = await list(`&subjectType=${subjectType}&subjectId=${subjectId}`);
      return order === undefined ? null : get(order.id);
    });
  const tell = (...entries: NewJournalEntry[]): Promise<void> => held.service.db.inTx((tx) => append(tx, entries));

  /** A fault outage of one transformer since START, as the outages module writes it. */
  const outage = async (code: string): Promise<{ id: number; rootAssetId: number }> => {
    const [row] = await held.service.db.query<{ id: number; rootAssetId: number }>(
      `with o as (
         insert into outage (state, nature, cause, root_asset_id, area, started_at, customers_affected, known_at, policy_version)
         select 'confirmed', 'fault', '', id, area, $2, 40, $2, 1 from asset where code = $1 returning id, root_asset_id)
       insert into outage_transformer (outage_id, transformer_id, started_at, source, customers)
       select id, root_asset_id, $2, 'measured', 40 from o
       returning outage_id as id, transformer_id as "rootAssetId"`,
      [code, new Date(START)],
    );
    if (row === undefined) throw new Error(`no asset ${code}`);
    return row;
  };
  const ladder = ({ id }: { id: number }, stage: string): NewJournalEntry => ({
    type: 'deadline_fired',
    subjectType: 'outage',
    subjectId: id,
    happenedAt: START + Number.parseInt(stage, 10) * HOUR_MS,
    data: {
      deadlineId: 0,
      kind: 'outage_ladder',
      stage,
      subjectType: 'outage',
      subjectId: id,
      dueAt: START + Number.parseInt(stage, 10) * HOUR_MS,
    },
  });

  beforeAll(async () => {
    const { service } = held;
    const names = Array.from({ length: 9 }, (_, index) => `T${index + 1}`);
    await service.call(
      'POST',
      '/network/assets',
      `code,kind,parent_code,name,area,owner,manager\nS,substation,,,城东,,\nF,feeder,S,城东线,城东,城东供电所 赵工,客户经理孙七\n${names
        .map((name) => `${name},transformer,F,${name}台区,城东,,`)
        .join('\n')}\nX,transformer,,无主台区,城西,,`,
    );
    await service.call(
      'POST',
      '/network/customers',
      `account_no,transformer_code\n${names.map((name, index) => `A${index + 1},${name}`).join('\n')}\nAX,X`,
    );
    await service.call(
      'POST',
      '/responsibility-routes',
      'business,area,unit,person\noutage,城东,城东供电分局,钱主任\nreconnection,城东,城东营业厅,',
    );
  });

  it('opens one numbered order when an outage passes 8 h, whatever the ladder says after that', async () => {
    const lost = await outage('T1');
    clock.set(START + 8 * HOUR_MS);
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
    clock.set(START + 12 * HOUR_MS);
    await tell(ladder(lost, '12h'));
    const later = await eventually(async () => {
      const found = await get(order.id);
      return found.title.includes('12 小时') ? found : null;
    });
    expect(later.number).toBe(order.number);
    expect(await list('&cause=long_outage')).toHaveLength(1);
    clock.set(START + 8 * HOUR_MS);
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
    clock.set(START + 4 * HOUR_MS);
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
    clock.set(START + 8 * HOUR_MS);
    await tell(ladder(lost, '8h'));
    await eventually(async () => (await get(order.id)).kind === 'outage_over_8h');
    expect((await list('&cause=long_outage')).length).toBe(2);
  });

  it('reminds, goes up the escalation to people by name while nobody replies, and waits again after a reply', async () => {
    await held.service.call('POST', '/duty-persons', 'role,area,name\nunit_manager,城东,钱主任\ndirector,,周局长');
    const lost = await outage('T3');
    clock.set(START + 8 * HOUR_MS);
    await tell(ladder(lost, '8h'));
    const order = await orderOf('outage', lost.id);
    clock.set(START + 9.5 * HOUR_MS);
    await eventually(async () => (await get(order.id)).trail.some(({ action }) => action === 'reminded'));
    clock.set(START + 10 * HOUR_MS);
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
    clock.set(START + 18 * HOUR_MS);
    await eventually(async () => (await get(order.id)).level === 2);
    expect((await get(order.id)).trail.at(-1)?.zh).toContain('分管领导（周局长）');
  });

  it('is closed on measured power, not on a word; without measurement only with a reason, and marked so', async () => {
    const lost = await outage('T4');
    clock.set(START + 8 * HOUR_MS);
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
    const closed = await post(second.id, 'close', { note: '' });
    expect(closed.body).toMatchObject({
      closedOn: 'measured',
      effect: { measured: true, zh: '2026-07-15 09:00 全部台区实测恢复供电' },
    });
    expect(closed.body.deadlines.every(({ state }) => state !== 'pending')).toBe(true);
  });

  it('calls nobody when the effect was measured before the stage came', async () => {
    const lost = await outage('T6');
    clock.set(START + 8 * HOUR_MS);
    await tell(ladder(lost, '8h'));
    const order = await orderOf('outage', lost.id);
    await held.service.db.query(`update outage set state = 'closed', ended_at = $2 where id = $1`, [
      lost.id,
      new Date(START + 9 * HOUR_MS),
    ]);
    clock.set(START + 9.5 * HOUR_MS);
    const done = await eventually(async () => {
      const found = await get(order.id);
      return found.replyDueAt === null ? found : null;
    });
    expect(done.level).toBe(0);
    await eventually(async () => (await get(order.id)).trail.at(-1)?.action === 'effect');
    expect(done.deadlines.filter(({ state }) => state === 'pending')).toEqual([]);
  });

  it('follows a broken promise to restore after payment, to the unit of the routing table and the customer manager', async () => {
    clock.set(START);
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
    clock.set(START + 12 * HOUR_MS + MINUTE_MS);
    const order = await eventually(async () => (await list('&cause=breached_promise'))[0]);
    expect(order).toMatchObject({ kind: 'reconnection_overdue', unit: '城东营业厅', person: '客户经理孙七' });
    await held.service.call('POST', '/reconnections', { accountNo: 'A7', reconnectedAt: clock.now(), by: '一班' });
    expect((await get(order.id)).effect).toMatchObject({ measured: false, zh: '现场报告已复电，尚无实测' });
  });

  it('says that no unit is responsible where the data name none, until somebody names one', async () => {
    const lost = await outage('X');
    clock.set(START + 8 * HOUR_MS);
    await tell(ladder(lost, '8h'));
    const order = await orderOf('outage', lost.id);
    expect(order).toMatchObject({ unit: null, person: null });
    expect(order.routeNote?.zh).toContain('没有责任单位');
    const assigned = await post(order.id, 'assign', { unit: '城西供电所', person: '吴九' });
    expect(assigned.body).toMatchObject({ unit: '城西供电所', person: '吴九', routeNote: null });
  });

  it('opens one order for a planned work that is too long, which its outage takes over, and measures it by that', async () => {
    clock.set(START);
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
    clock.set(START);
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
    clock.set(START + 31 * 24 * HOUR_MS);
    expect((await get(order.id)).effect.measured).toBe(true);
    await complain('K4');
    expect((await get(order.id)).effect.measured).toBe(false);
    clock.set(START);
  });

  it('follows a complaint whose customer nobody contacted in time', async () => {
    clock.set(START);
    const complaint = await held.service.call<{ id: number }>('POST', '/complaints', {
      externalId: 'K-late',
      channel: 'hotline',
      category: 'service_conduct',
      accountNo: 'A2',
      text: '营业员态度差',
      receivedAt: START,
    });
    clock.set(START + 24 * HOUR_MS + MINUTE_MS);
    const order = await orderOf('complaint', complaint.body.id);
    expect(order).toMatchObject({
      kind: 'complaint_contact_overdue',
      cause: 'breached_promise',
      effect: { measured: false, en: 'the complaint is not answered' },
    });
    clock.set(START);
  });

  it('keeps one order when the outage is merged into another', async () => {
    const [small, large] = [await outage('T9'), await outage('F')];
    clock.set(START + 8 * HOUR_MS);
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
    expect(numbers.length).toBeGreaterThanOrEqual(8);
  });
});
