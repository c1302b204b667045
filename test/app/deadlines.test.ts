import { describe, expect, it } from '@jest/globals';
import { receiptOf } from '../../src/domain/deadline-receipt.js';
import { setDeadlines } from '../../src/modules/deadlines/deadlines.js';
import { TestClock } from '../support/database.js';
import { eventually, useService } from '../support/service.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');
const HOUR = 3_600_000;

interface Listed {
  items: { id: number; stage: string; state: string; dueAt: string; settledAt: string | null }[];
  nextCursor: string | null;
}

describe('deadlines over HTTP', () => {
  const clock = new TestClock(START);
  const held = useService({ clock });

  it('sweeps in the running service, lists pages and prints the arithmetic', async () => {
    const { service } = held;
    const given = { startMeaning: 'paid in full', start: START, limitMs: 12 * HOUR, profile: 'csg', source: 'promise' };
    await service.db.inTx((tx) =>
      setDeadlines(tx, {
        kind: 'reconnection',
        subjectType: 'reconnection_order',
        subjectId: 999_999,
        policyVersion: 1,
        stages: [0.5, 0.75, 1].map((share) => {
          const receipt = receiptOf({ ...given, share });
          return { stage: share === 1 ? 'due' : `${share * 100}%`, dueAt: receipt.due, receipt };
        }),
      }),
    );
    await held.service.goTo(START + 6 * HOUR);
    const fired = await eventually(async () => {
      const { body } = await service.call<Listed>('GET', '/deadlines?state=fired&kind=reconnection');
      return body.items[0];
    });
    expect(fired).toMatchObject({
      stage: '50%',
      dueAt: '2026-07-15T16:00:00+08:00',
      settledAt: '2026-07-15T16:00:00+08:00',
    });
    const first = await service.call<Listed>('GET', '/deadlines?limit=2');
    const second = await service.call<Listed>('GET', `/deadlines?limit=2&cursor=${first.body.nextCursor ?? ''}`);
    expect([...first.body.items, ...second.body.items].map((item) => item.stage)).toEqual(['50%', '75%', 'due']);
    expect(second.body.nextCursor).toBeNull();
    const { body } = await service.call<{ steps: { zh: string }[]; receipt: object }>(
      'GET',
      `/deadlines/${fired.id}/receipt`,
    );
    expect(body.steps.map((step) => step.zh)).toContain('本阶段：时限的 50% = 6 小时');
    expect(body.receipt).toMatchObject({
      start: '2026-07-15T10:00:00+08:00',
      limitMs: 12 * HOUR,
      due: '2026-07-15T16:00:00+08:00',
    });
    expect((await service.call('GET', '/deadlines/123456/receipt')).status).toBe(404);
    expect((await service.call('GET', '/deadlines?state=maybe')).status).toBe(400);
  });
});
