import { beforeAll, describe, expect, it } from '@jest/globals';
import { TestClock } from '../support/database.js';
import { buildGrid, tellSupply } from '../support/grid.js';
import type { Grid } from '../support/grid.js';
import { eventually, useService } from '../support/service.js';

const HOUR = 3_600_000;
const START = Date.parse('2026-07-15T10:00:00+08:00');

interface OutageBody {
  id: number;
  state: string;
  nature: string;
  rootAsset: { code: string; area: string };
  transformers: { code: string; startedAt: string; endedAt: string | null; source: string }[];
  startedAt: string;
  endedAt: string | null;
  estimatedRestorationAt: string | null;
  customersAffected: number;
  plannedOutageId: number | null;
  decided: string[];
}
interface List {
  items: OutageBody[];
  nextCursor: string | null;
}

describe('outages over HTTP', () => {
  const clock = new TestClock(START);
  const held = useService({ clock });
  let grid: Grid;
  const tell = (to: 'dead' | 'live', at: number, ...codes: string[]): Promise<void> =>
    tellSupply(
      held.service.db,
      codes.map((code) => ({ transformerId: grid.get(code) ?? 0, to, at })),
    );
  const list = async (query: string): Promise<OutageBody[]> =>
    (await held.service.call<List>('GET', `/outages${query}`)).body.items;

  beforeAll(async () => {
    grid = await buildGrid(held.service.db, { feeders: 2, sections: 2, transformers: 3, customers: 10 });
  });

  it('shows a planned work and a fault, lets a dispatcher decide, and ends both', async () => {
    const { service } = held;
    const planned = await service.call<{ id: number }>('POST', '/planned-outages', {
      externalId: 'PMS-1',
      assets: ['F1.A'],
      startsAt: '2026-07-15T10:00:00',
      endsAt: '2026-07-15T19:00:00+08:00',
      nature: 'planned',
      reason: '线路检修',
    });
    expect(planned.status).toBe(200);
    expect(planned.body).toMatchObject({ registeredLate: { requiredHours: 168, givenHours: 0 } });
    await service.db.query(`update asset set owner = '城南所' where code = 'F2'`);
    await tell('dead', START, 'F1.A.1', 'F1.A.2', 'F2.A.1', 'F2.A.2');
    await held.service.goTo(START + 10 * 60_000);
    const open = await eventually(async () => {
      const items = await list('?state=confirmed');
      return items.length === 2 && items;
    });
    const work = open.find(({ nature }) => nature === 'planned');
    const fault = open.find(({ nature }) => nature === 'fault');
    expect(work).toMatchObject({
      rootAsset: { code: 'F1.A', area: 'F1' },
      estimatedRestorationAt: '2026-07-15T19:00:00+08:00',
      plannedOutageId: planned.body.id,
      customersAffected: 20,
      transformers: [
        { code: 'F1.A.1', startedAt: '2026-07-15T10:00:00+08:00', endedAt: null, source: 'power_off' },
        { code: 'F1.A.2' },
      ],
    });
    expect(await list('?area=F2&nature=fault')).toHaveLength(1);
    expect(await list(`?to=${START}`)).toHaveLength(0);

    const changed = await service.call<OutageBody>('PATCH', `/outages/${fault?.id}`, {
      cause: '雷击',
      estimatedRestorationAt: START + 9 * HOUR,
    });
    expect(changed.body).toMatchObject({
      estimatedRestorationAt: '2026-07-15T19:00:00+08:00',
      decided: expect.arrayContaining(['cause', 'estimatedRestorationAt']) as unknown,
    });
    const early = await service.call('PATCH', `/outages/${fault?.id}`, { estimatedRestorationAt: START });
    expect(early.status).toBe(400);
    const noted = await service.call<object>('POST', `/outages/${fault?.id}/progress`, {
      note: '抢修人员到场',
      by: '城南班',
    });
    expect(noted.body).toMatchObject({
      parent: null,
      children: [],
      responsible: { owner: '城南所', manager: null },
      progress: [{ by: '城南班', note: '抢修人员到场', actor: 'bootstrap' }],
    });
    const split = await service.call<OutageBody>('POST', `/outages/${fault?.id}/split`, { transformers: ['F2.A.2'] });
    const parent = await service.call<object>('GET', `/outages/${fault?.id}`);
    expect(parent.body).toMatchObject({ children: [{ id: split.body.id, code: 'F2.A.2', state: 'confirmed' }] });
    const child = await service.call<object>('GET', `/outages/${split.body.id}`);
    expect(child.body).toMatchObject({ parent: { id: fault?.id, code: 'F2.A.1' }, children: [] });
    expect((await service.call('POST', '/outages/999999/progress', { note: 'x', by: 'y' })).status).toBe(404);
    const metrics = await (
      await fetch(`${service.url}/metrics`, { headers: { authorization: 'Bearer test-administrator-key' } })
    ).text();
    expect(metrics).toContain('lamplighter_outages_open{nature="planned",state="confirmed"} 1');
    expect(metrics).toContain('lamplighter_customers_without_supply 40');

    await tell('live', START + 8 * 60_000, 'F1.A.1', 'F1.A.2', 'F2.A.1', 'F2.A.2');
    const closed = await eventually(async () => {
      const items = await list('?state=closed');
      return items.length === 3 && items;
    });
    expect(closed.map(({ endedAt }) => endedAt)).toEqual(Array.from({ length: 3 }, () => '2026-07-15T10:08:00+08:00'));
    const first = await service.call<List>('GET', '/outages?limit=1');
    const second = await service.call<List>('GET', `/outages?limit=1&cursor=${first.body.nextCursor ?? ''}`);
    expect(new Set([...first.body.items, ...second.body.items].map(({ id }) => id)).size).toBe(2);
  });

  it('lists outages briefly, the longest open ones first, page by page', async () => {
    const { service } = held;
    await tell('dead', START - HOUR, 'F2.B.2');
    await tell('dead', START - 2 * HOUR, 'F1.B.1');
    const open = await eventually(async () => {
      const items = await list('?state=open&order=oldest&brief=true');
      return items.length === 2 && items;
    });
    expect(open.map(({ rootAsset }) => rootAsset.code)).toEqual(['F1.B.1', 'F2.B.2']);
    expect(open[0]).toMatchObject({ customersAffected: 10, decided: [] });
    for (const part of ['transformers', 'complaints', 'notices', 'evidence']) expect(open[0]).not.toHaveProperty(part);
    const first = await service.call<List>('GET', '/outages?state=open&order=oldest&limit=1');
    expect(first.body.items[0]).toMatchObject({ id: open[0]?.id, transformers: [{ code: 'F1.B.1' }] });
    expect(await list(`?state=open&order=oldest&limit=1&cursor=${first.body.nextCursor ?? ''}`)).toMatchObject([
      { id: open[1]?.id },
    ]);
    expect((await list('?state=over')).map(({ state }) => state)).toEqual(['closed', 'closed', 'closed']);
    await tell('live', START + 9 * 60_000, 'F1.B.1', 'F2.B.2');
    await eventually(async () => (await list('?state=open')).length === 0);
  });

  it('changes and cancels a planned work', async () => {
    const { service } = held;
    const body = { externalId: 'PMS-9', assets: ['F2'], startsAt: START, endsAt: START + HOUR, nature: 'temporary' };
    const { id } = (await service.call<{ id: number }>('POST', '/planned-outages', body)).body;
    const changed = await service.call<object>('PATCH', `/planned-outages/${id}`, {
      assets: ['F1', 'F2'],
      reason: '抢修',
    });
    expect(changed.body).toMatchObject({ assets: ['F1', 'F2'], reason: '抢修', state: 'registered' });
    expect((await service.call<object>('DELETE', `/planned-outages/${id}`)).body).toMatchObject({ state: 'cancelled' });
    const { items } = (await service.call<{ items: { id: number }[] }>('GET', '/planned-outages?state=cancelled')).body;
    expect(items.map((item) => item.id)).toEqual([id]);
    const viewer = await service.call<{ key: string }>('POST', '/planned-outages', body, 'no-such-key-at-all');
    expect(viewer.status).toBe(401);
  });

  it('takes back a decision, once, and lists what was decided', async () => {
    const { service } = held;
    await tell('dead', clock.now() - 20 * 60_000, 'F2.B.1');
    const open = await eventually(async () => (await list('?state=confirmed'))[0]);
    await service.call('POST', `/outages/${open.id}/discard`, { note: '误报' });
    interface Detail {
      state: string;
      outlook: object | null;
      decisions: { id: number; undoneBy: string | null }[];
    }
    const read = async (): Promise<Detail> => (await service.call<Detail>('GET', `/outages/${open.id}`)).body;
    const { decisions, outlook } = await read();
    expect(outlook).toBeNull();
    expect(decisions).toMatchObject([
      { kind: 'discard', by: 'bootstrap', note: '误报', outages: [open.id], undoneBy: null },
    ]);
    const body = { decisionId: decisions[0]?.id, note: '核实为停电' };
    const undone = await service.call<OutageBody>('POST', `/outages/${open.id}/undo`, body);
    expect(undone.body).toMatchObject({ id: open.id, state: 'confirmed' });
    expect((await read()).decisions).toMatchObject([{ undoneBy: 'bootstrap' }]);
    const again = await service.call<{ code: string }>('POST', `/outages/${open.id}/undo`, body);
    expect([again.status, again.body.code]).toEqual([409, 'undo_not_allowed']);
    const unknown = await service.call('POST', `/outages/${open.id}/undo`, { decisionId: 999_999 });
    expect(unknown.status).toBe(404);
  });

  it('answers wrong requests with what is wrong', async () => {
    const { service } = held;
    expect((await service.call('GET', '/outages/999999')).status).toBe(404);
    expect((await service.call('PATCH', '/outages/1', { colour: 'red' })).status).toBe(400);
    expect((await service.call('PATCH', '/outages/1', {})).status).toBe(400);
    const bad = await service.call<{ errors: { path: string }[] }>('POST', '/planned-outages', {
      externalId: 'PMS-2',
      assets: ['NOPE'],
      startsAt: START,
      endsAt: START,
      nature: 'planned',
    });
    expect(bad.status).toBe(400);
    expect(bad.body.errors.map(({ path }) => path)).toEqual(['body.assets[0]', 'body.endsAt']);
  });
});
