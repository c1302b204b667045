import { beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../src/domain/instants.js';
import { append } from '../../src/modules/journal/append.js';
import { TestClock } from '../support/database.js';
import { episodeEntry } from '../support/episodes.js';
import { eventually, useService } from '../support/service.js';
import { insertVoltages } from '../support/voltages.js';

const NOW = Date.parse('2026-07-15T20:00:00+08:00');

interface Action {
  id: number;
  kind: string;
  from: string;
  to: string;
  at: string;
  by: string;
  recordedBy: string;
  judged: { verdict: string; isCurrent: boolean } | null;
  judgement: { verdict: string; reason: string; after: { phases: { A: { p05: number } } } };
}

describe('advice and recorded actions over HTTP', () => {
  const held = useService({ clock: new TestClock(NOW) });

  beforeAll(async () => {
    const { service } = held;
    await service.call(
      'POST',
      '/network/assets',
      'code,kind,parent_code,capacity_kva,tap_position,tap_count,tap_step_percent\n' +
        'S,substation,,,,,\nF,feeder,S,,,,\nT1,transformer,F,315,3,5,2.5\nT2,transformer,F,315,3,5,2.5',
    );
    const [row] = await service.db.query<{ id: number }>(`select id from asset where code = 'T1'`);
    const id = row?.id ?? 0;
    const moved = NOW - 4 * DAY_MS;
    await insertVoltages(service.db, [id], { from: NOW - 8 * DAY_MS, to: moved, eveningV: 191, otherV: 210 });
    await insertVoltages(service.db, [id], { from: moved, to: NOW, eveningV: 196, otherV: 215 });
    const startedAt = NOW - 2 * HOUR_MS;
    await service.db.inTx((tx) =>
      append(
        tx,
        (['A', 'B', 'C'] as const).map((phase, index) =>
          episodeEntry('episode_opened', index + 1, id, { phase, startedAt, worstValue: 196 }),
        ),
      ),
    );
  });

  it('shows with the warning what was computed', async () => {
    const { service } = held;
    const advised = await eventually(async () => {
      const { body } = await service.call<{ items: { id: number }[] }>('GET', '/warnings?kind=low_voltage');
      const [warning] = body.items;
      if (warning === undefined) return null;
      const detail = await service.call<{
        advised: { kind: string; text: string; arithmetic: object[] }[];
        advice: string[];
      }>('GET', `/warnings/${warning.id}`);
      return detail.body.advised.length > 0 && detail.body;
    });
    // 191 V stood in the first of the seven days.
    expect(advised.advised).toMatchObject([
      { kind: 'tap', textEn: expect.stringContaining('from III to IV') as unknown },
    ]);
    expect(advised.advised[0]?.arithmetic).toHaveLength(7);
    expect(advised.advice).toEqual([advised.advised[0]?.text]);
  });

  it('takes an action of a dispatcher and tells whether it helped', async () => {
    const { service } = held;
    const body = { kind: 'tap_moved', from: '2', to: '3', at: NOW - 4 * DAY_MS, by: '李工', note: '停电 40 分钟' };
    const viewer = await service.call<{ key: string }>('POST', '/api-keys', { name: 'viewer', roles: ['viewer'] });
    const refused = await service.call('POST', '/transformers/T1/actions', body, viewer.body.key);
    expect(refused.status).toBe(403);
    const recorded = await service.call<Action>('POST', '/transformers/T1/actions', body);
    expect(recorded).toMatchObject({
      status: 201,
      body: { kind: 'tap_moved', from: '2', to: '3', at: '2026-07-11T20:00:00+08:00', by: '李工' },
    });
    expect((await service.call('POST', '/transformers/T1/actions', body)).status).toBe(409);
    expect((await service.call('POST', '/transformers/F/actions', body)).status).toBe(404);
    // The hours after it have passed long ago: it is judged at once.
    const read = await eventually(async () => {
      const { body } = await service.call<{ items: Action[]; nextCursor: string | null }>(
        'GET',
        '/transformers/T1/actions',
        undefined,
        viewer.body.key,
      );
      return body.items[0]?.judged == null ? null : body;
    });
    expect(read.nextCursor).toBeNull();
    const judged = { ...recorded.body, judged: expect.objectContaining({ verdict: 'unchanged', isCurrent: true }) };
    expect(read.items).toEqual([judged]);
    // Still low every evening, though less: the share out of limits has not moved.
    expect(recorded.body.judgement).toMatchObject({ verdict: 'unchanged', after: { phases: { A: { p05: 196 } } } });
    const second = { ...body, at: NOW - 3 * DAY_MS, kind: 'load_shifted', from: 'T1', to: 'T2' };
    expect((await service.call('POST', '/transformers/T1/actions', second)).status).toBe(201);
    const page = await service.call<{ items: Action[]; nextCursor: string }>('GET', '/transformers/T1/actions?limit=1');
    expect(page.body.items).toMatchObject([{ kind: 'load_shifted' }]);
    const next = await service.call<{ items: Action[] }>(
      'GET',
      `/transformers/T1/actions?limit=1&cursor=${page.body.nextCursor}`,
    );
    expect(next.body.items).toEqual([judged]);
    const [later] = page.body.items;
    const withdraw = `/transformers/T1/actions/${later?.id ?? 0}/withdraw`;
    expect((await service.call('POST', withdraw, { reason: '记错' }, viewer.body.key)).status).toBe(403);
    const withdrawn = await service.call<{ withdrawn: object }>('POST', withdraw, { reason: '记错' });
    expect([withdrawn.status, withdrawn.body]).toMatchObject([200, { withdrawn: { reason: '记错' } }]);
    expect((await service.call('POST', withdraw, { reason: '记错' })).status).toBe(409);
    expect((await service.call('POST', '/transformers/T1/actions/999/withdraw', { reason: 'x' })).status).toBe(404);
    // Entries show once every older transaction of the server has ended, those of other test files' databases among them.
    await eventually(async () => {
      const journal = await service.call<{ items: { type: string }[] }>('GET', '/journal?limit=500');
      return journal.body.items.filter((entry) => entry.type === 'corrective_action_recorded').length === 2;
    });
  });
});
