import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import type { NewJournalEntry } from '../../src/domain/journal-entry.js';
import type { Database } from '../../src/modules/database/database.js';
import { append } from '../../src/modules/journal/append.js';
import { newestPosition } from '../../src/modules/journal/read.js';
import { ADMIN_KEY, eventually, startTestService, useService } from '../support/service.js';

interface Frame {
  id: number;
  event: string;
  data: { id: number; type: string; subjectId: number; happenedAt: string; data: Record<string, unknown> };
}

/** Subject of the entry that ends a test's writing. */
const LAST = 999_999;

const moved = (subjectId: number): NewJournalEntry => ({
  type: 'asset_moved',
  subjectType: 'asset',
  subjectId,
  happenedAt: Date.parse('2026-07-15T09:00:00+08:00'),
  data: { fromParentId: null, toParentId: 1 },
});

/** Reads `/live` until `enough` says so or the stream ends; gives what arrived, in order. */
async function follow(
  url: string,
  options: { after?: number; lastEventId?: string },
  enough: (frames: readonly Frame[]) => boolean,
): Promise<{ frames: Frame[]; startId: number; comments: string[] }> {
  const stop = new AbortController();
  const query = options.after === undefined ? '' : `?after=${options.after}`;
  const response = await fetch(`${url}/api/v1/live${query}`, {
    headers: {
      authorization: `Bearer ${ADMIN_KEY}`,
      ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
    },
    signal: stop.signal,
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const frames: Frame[] = [];
  const comments: string[] = [];
  let startId = -1;
  let text = '';
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString('utf8');
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string): string | undefined =>
          block
            .split('\n')
            .find((line) => line.startsWith(`${name}: `))
            ?.slice(name.length + 2);
        const [id, event, data] = [field('id'), field('event'), field('data')];
        if (block.startsWith(':')) comments.push(block.slice(2));
        else if (data === undefined) startId = Number(id);
        else frames.push({ id: Number(id), event: event ?? '', data: JSON.parse(data) as Frame['data'] });
        if (enough(frames)) return { frames, startId, comments };
      }
      if (enough(frames)) return { frames, startId, comments };
    }
  } finally {
    stop.abort();
  }
  return { frames, startId, comments };
}

/** Writers whose transactions overlap, so that ids become visible out of order. Resolves when all have committed. */
async function writeConcurrently(db: Database, writers: number, rounds: number): Promise<void> {
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let round = 0; round < rounds; round += 1) {
        await db
          .inTx(async (tx) => {
            await append(tx, [moved(writer * 1_000 + round)]);
            await new Promise((done) => setTimeout(done, Math.random() * 12));
            if (round % 3 === 0) await append(tx, [moved(writer * 1_000 + round)]);
            if (round % 7 === 6) throw new Error('roll back');
          })
          .catch((error: Error) => expect(error.message).toBe('roll back'));
      }
    }),
  );
}

const orderedIds = async (db: Database, afterId: number): Promise<number[]> =>
  (
    await db.query<{ id: number }>(
      `select id from journal where (xid, id) > (select xid, id from journal where id = $1) order by xid, id`,
      [afterId],
    )
  ).map((row) => row.id);

describe('live', () => {
  const held = useService();
  const metrics = (): Promise<string> => held.service.app.get(Registry).metrics();
  /** Waits until everything appended so far can be read; a follower's running transaction holds entries back for a moment. */
  const readable = async (): Promise<number> => {
    const [row] = await held.service.db.query<{ id: number }>('select max(id) as id from journal');
    const id = row?.id ?? 0;
    await eventually(async () => (await newestPosition(held.service.db)).id === id);
    return id;
  };
  const newest = async (): Promise<number> => {
    await held.service.db.inTx((tx) => append(tx, [moved(1)]));
    return readable();
  };

  it('gives every entry exactly once and in order to clients that reconnect all the time, while writers race', async () => {
    const { service } = held;
    const start = await newest();
    const writers = writeConcurrently(service.db, 6, 45).then(() => service.db.inTx((tx) => append(tx, [moved(LAST)])));
    const client = async (seed: number): Promise<number[]> => {
      const got: number[] = [];
      for (let turn = 0; ; turn += 1) {
        const want = 1 + ((turn * 7 + seed * 13) % 23);
        const last = got.at(-1) ?? start;
        const { frames } = await follow(
          service.url,
          turn % 2 === 0 ? { after: last } : { after: start, lastEventId: String(last) },
          (frames) => frames.length >= want || frames.at(-1)?.data.subjectId === LAST,
        );
        got.push(...frames.map((frame) => frame.id));
        if (frames.at(-1)?.data.subjectId === LAST) return got;
      }
    };
    const results = await Promise.all([1, 2, 3, 4, 5].map(client));
    await writers;
    const expected = await orderedIds(service.db, start);
    expect(expected.length).toBeGreaterThan(250);
    for (const ids of results) expect(ids).toEqual(expected);
  });

  it('starts from now, says where that is, and sends the entry as the API shows it', async () => {
    const { service } = held;
    const start = await newest();
    const following = follow(service.url, {}, (frames) => frames.length === 1);
    await eventually(async () => (await metrics()).includes('lamplighter_live_clients 1'));
    await service.db.inTx((tx) =>
      append(tx, [
        {
          type: 'planned_outage_registered',
          subjectType: 'planned_outage',
          subjectId: 77,
          happenedAt: tx.now,
          data: { startsAt: tx.now, endsAt: tx.now + 3_600_000, nature: 'planned' },
        },
      ]),
    );
    const { frames, startId } = await following;
    expect(startId).toBe(start);
    expect(frames[0]).toMatchObject({
      event: 'planned_outage_registered',
      data: {
        type: 'planned_outage_registered',
        subjectId: 77,
        happenedAt: '2026-07-15T10:00:00+08:00',
        data: { startsAt: '2026-07-15T10:00:00+08:00', endsAt: '2026-07-15T11:00:00+08:00', nature: 'planned' },
      },
    });
    expect(frames[0]?.id).toBe(frames[0]?.data.id);
  });

  it.each([
    ['an id that never was', '999999999'],
    ['something that is no id', 'yesterday'],
  ])('refuses to go on from %s', async (_, lastEventId) => {
    const response = await fetch(`${held.service.url}/api/v1/live`, {
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'last-event-id': lastEventId },
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'unknown_journal_id' });
  });

  it('disconnects a client that does not read, and serves it exactly when it comes back', async () => {
    const { service } = held;
    const start = await newest();
    const { port } = new URL(service.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.pause();
    socket.write(
      `GET /api/v1/live?after=${start} HTTP/1.1\r\nhost: test\r\nconnection: close\r\nauthorization: Bearer ${ADMIN_KEY}\r\n\r\n`,
    );
    await eventually(async () => (await metrics()).includes('lamplighter_live_clients 1'));
    await eventually(async () => {
      await service.db.inTx((tx) =>
        append(
          tx,
          Array.from({ length: 4_000 }, (_, index) => moved(index)),
        ),
      );
      return (await metrics()).includes('lamplighter_live_slow_clients_total 1');
    });
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString('utf8')));
    await new Promise((done) => socket.once('end', done).resume());
    expect(received).toContain(': too slow; come back with the last id');
    const seen = [...received.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1])).slice(1);
    const expected = await orderedIds(service.db, start);
    expect(seen).toEqual(expected.slice(0, seen.length));
    const last = seen.at(-1) ?? start;
    const rest = await follow(
      service.url,
      { lastEventId: String(last) },
      (frames) => frames.at(-1)?.id === expected.at(-1),
    );
    expect([...seen, ...rest.frames.map((frame) => frame.id)]).toEqual(expected);
    socket.destroy();
  });

  it('shows the journal as pages, forwards from an entry and backwards from the newest', async () => {
    const { service } = held;
    const start = await newest();
    await service.db.inTx((tx) => append(tx, [moved(1), moved(2), moved(3)]));
    await readable();
    type Page = { items: { id: number; subjectId: number }[]; nextCursor: string | null };
    const first = await service.call<Page>('GET', `/journal?after=${start}&limit=2`);
    expect(first.body.items.map((entry) => entry.subjectId)).toEqual([1, 2]);
    const second = await service.call<Page>('GET', `/journal?limit=2&cursor=${first.body.nextCursor ?? ''}`);
    expect(second.body).toMatchObject({ items: [{ subjectId: 3 }], nextCursor: null });
    const newestFirst = await service.call<Page>('GET', '/journal?limit=3&order=desc');
    expect(newestFirst.body.items.map((entry) => entry.subjectId)).toEqual([3, 2, 1]);
    const further = await service.call<Page>(
      'GET',
      `/journal?limit=1&order=desc&cursor=${newestFirst.body.nextCursor ?? ''}`,
    );
    expect(further.body.items[0]?.id).toBe(start);
    expect((await service.call('GET', '/journal?after=999999999')).body).toMatchObject({ code: 'unknown_journal_id' });
  });

  it('ends the streams with a word when the service stops', async () => {
    const service = await startTestService();
    const following = follow(service.url, {}, () => false);
    await eventually(async () => (await service.app.get(Registry).metrics()).includes('lamplighter_live_clients 1'));
    await service.stop();
    expect((await following).comments.at(-1)).toBe('the service stops; come back with the last id');
  });
});
