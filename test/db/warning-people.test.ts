import { beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../src/domain/instants.js';
import { act } from '../../src/modules/warnings/warning-actions.js';
import { findWarnings } from '../../src/modules/warnings/warning-queries.js';
import { followerOf } from '../../src/modules/warnings/warnings.follower.js';
import { TestClock, useDatabase } from '../support/database.js';
import { episodeEntry } from '../support/episodes.js';
import { appendAll, buildSmallCity, catchUp, journalOf, POLICY } from '../support/small-city.js';

describe('people and warnings', () => {
  const clock = new TestClock();
  const held = useDatabase(clock);

  beforeAll(async () => {
    const { transformers } = await buildSmallCity(held.db);
    const startedAt = clock.now() - 2 * HOUR_MS;
    await appendAll(
      held.db,
      ...transformers.slice(0, 3).map((id, index) => episodeEntry('episode_opened', index + 1, id, { startedAt })),
    );
    await catchUp(held.db, followerOf(POLICY));
  });

  it('acknowledges, assigns, comments and resolves; each once, each in the journal', async () => {
    const { db } = held;
    const id =
      (await db.query<{ id: number }>(`select id from warning where status = 'open' order by id limit 1`))[0]?.id ?? 0;
    const by = (action: Parameters<typeof act>[2], given = { note: '' } as Parameters<typeof act>[3]) =>
      db.inTx((tx) => act(tx, id, action, given, 'li'));
    await by('acknowledge', { note: '看到' });
    await expect(by('acknowledge')).rejects.toThrow('already acknowledged');
    await expect(by('assign')).rejects.toThrow('name who');
    await by('assign', { note: '', assignee: '王工' });
    await expect(by('comment')).rejects.toThrow('needs a text');
    await by('comment', { note: '在路上' });
    await by('resolve', { note: '已处理' });
    await expect(by('resolve')).rejects.toThrow('is resolved');
    await by('comment', { note: '补充' });
    const entries = (
      await journalOf(db, ['warning_acknowledged', 'warning_assigned', 'warning_commented', 'warning_resolved'])
    ).filter((entry) => entry.actor === 'li');
    expect(entries.map((entry) => entry.type)).toEqual([
      'warning_acknowledged',
      'warning_assigned',
      'warning_commented',
      'warning_resolved',
      'warning_commented',
    ]);
  });

  it('filters by asset and what is below it, and pages', async () => {
    const { db } = held;
    const list = (query: object) =>
      findWarnings(db, { params: undefined, body: undefined, query: { limit: 50, ...query } } as never);
    const all = await list({});
    const below = await list({ asset: 'S1' });
    expect(all.items).toHaveLength(3);
    expect(below.items.length).toBe(all.items.length);
    const one = await list({ asset: 'T1' });
    expect(one.items.map((item) => item.subject.code)).toEqual(['T1']);
    await expect(list({ asset: 'nowhere' })).rejects.toThrow('no asset');
    const ids: number[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const { items, nextCursor }: Awaited<ReturnType<typeof findWarnings>> = await list({
        limit: 2,
        ...(cursor === undefined ? {} : { cursor }),
      });
      ids.push(...items.map((item) => item.id));
      cursor = nextCursor;
    }
    expect(ids).toEqual(all.items.map((item) => item.id));
    const { items: brief } = await list({ brief: true });
    const withoutLongParts = all.items.map((item) => {
      const { evidence: _, advice: _a, revisions: _r, ...rest } = item;
      return rest;
    });
    expect(brief).toEqual(withoutLongParts);
    expect(new Set(brief.map(({ titleEn }) => titleEn))).not.toContain('');
  });
});
