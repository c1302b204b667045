import { beforeAll, describe, expect, it } from '@jest/globals';
import { BatchWriter } from '../../src/modules/telemetry/batch-writer.js';
import { eventually, useService } from '../support/service.js';
import { message } from '../support/telemetry.js';

const T0 = Date.parse('2026-07-14T22:00:00+08:00');
const minute = (n: number): number => T0 + n * 60_000;

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}
interface Rejected {
  id: number;
  reason: string;
  terminal: string;
  payload: string;
  encoding: string;
  count: number;
  redrivenAt: string | null;
}

describe('telemetry over HTTP', () => {
  const held = useService();
  const register = async (code: string): Promise<void> => {
    const asset = await held.service.call('POST', '/network/assets', `code,kind,name\nX-${code},transformer,${code}\n`);
    expect(asset.body).toMatchObject({ accepted: 1 });
    const terminal = await held.service.call(
      'POST',
      '/network/terminals',
      `terminal,transformer_code,interval_seconds\n${code},X-${code},60\n`,
    );
    expect(terminal.body).toMatchObject({ accepted: 1 });
  };
  const rejected = async (query: string) =>
    (await held.service.call<Page<Rejected>>('GET', `/rejected-messages?${query}`)).body;

  let writer: BatchWriter;
  beforeAll(() => {
    writer = held.service.app.get(BatchWriter, { strict: false });
  });

  it('keeps what an unknown terminal says and takes it once the terminal is registered', async () => {
    await writer.write([
      message('N1', 'meas', { ts: minute(0), ua: 220 }),
      message('N1', 'meas', { ts: minute(1), ua: 221 }),
      message('N2', 'meas', { ts: minute(0), ua: 220 }),
      message('N1', 'meas', 'nonsense'),
    ]);
    expect((await rejected('terminal=N1&reason=unknown_terminal')).items).toHaveLength(2);
    await register('N1');
    const stored = await eventually(async () => {
      const { items } = (
        await held.service.call<Page<{ ts: string; ua: number }>>(
          'GET',
          `/transformers/X-N1/readings?from=${minute(0)}&to=${minute(60)}`,
        )
      ).body;
      return items.length === 2 && items;
    });
    expect(stored.map((reading) => [reading.ts, reading.ua])).toEqual([
      ['2026-07-14T22:00:00+08:00', 220],
      ['2026-07-14T22:01:00+08:00', 221],
    ]);
    expect((await rejected('terminal=N1')).items.map((row) => row.reason)).toEqual(['not_json']);
    expect((await rejected('terminal=N1&redriven=yes')).items).toHaveLength(2);
    expect((await rejected('terminal=N2')).items).toHaveLength(1);
  });

  it('sends kept messages through again when asked; what is refused again stays, counted once', async () => {
    await writer.write([
      message('N3', 'meas', Buffer.from([0xff, 0xfe])),
      message('N3', 'meas', { ts: minute(0), ua: 5_000 }),
      message('N3', 'meas', { ts: minute(0), ua: 5_001 }),
    ]);
    const first = await rejected('terminal=N3&limit=2');
    expect(first.items).toHaveLength(2);
    expect((await rejected(`terminal=N3&limit=2&cursor=${first.nextCursor}`)).items).toMatchObject([
      { reason: 'not_utf8', encoding: 'base64', payload: '//4=', count: 1 },
    ]);
    const asked = await held.service.call<{ requested: number }>('POST', '/rejected-messages/redrive', {
      terminal: 'N3',
    });
    expect(asked.body).toEqual({ requested: 3 });
    await eventually(async () => {
      const [row] = await held.service.db.query<{ waiting: number }>(
        'select count(*) as waiting from rejected_message where redrive_requested_at is not null',
      );
      return row?.waiting === 0;
    });
    expect((await rejected('terminal=N3')).items.map((row) => [row.reason, row.count])).toEqual([
      ['out_of_bounds', 1],
      ['out_of_bounds', 1],
      ['not_utf8', 1],
    ]);
    expect((await held.service.call('POST', '/rejected-messages/redrive', {})).status).toBe(400);
  });

  it('answers readings raw in pages, and in buckets of the utility day with the share out of limits', async () => {
    await register('N4');
    await writer.write(
      Array.from({ length: 180 }, (_, index) =>
        message('N4', 'meas', { ts: minute(index), ua: index < 30 ? 190 : 220, ub: index < 90 ? 0 : 240 }),
      ),
    );
    const range = `from=${minute(0)}&to=${minute(180)}`;
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/transformers/X-N4/readings?${range}&limit=70${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { body }: { body: Page<{ ts: string }> } = await held.service.call<Page<{ ts: string }>>('GET', path);
      seen.push(...body.items.map((reading) => Date.parse(reading.ts)));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(Array.from({ length: 180 }, (_, index) => minute(index)));
    const hours = await held.service.call<Page<object>>(
      'GET',
      `/transformers/X-N4/readings?${range}&bucket=1h&limit=2`,
    );
    expect(hours.body.items).toMatchObject([
      {
        from: '2026-07-14T22:00:00+08:00', readings: 60,
        a: { min: 190, avg: 205, max: 220, outOfLimits: 0.5 }, b: { outOfLimits: null }, c: { min: null, outOfLimits: null },
      },
      { from: '2026-07-14T23:00:00+08:00', a: { outOfLimits: 0 }, b: { min: 0, max: 240, outOfLimits: 1 } },
    ]); // prettier-ignore
    const rest = await held.service.call<Page<object>>(
      'GET',
      `/transformers/X-N4/readings?${range}&bucket=1h&limit=2&cursor=${hours.body.nextCursor}`,
    );
    expect(rest.body).toMatchObject({ items: [{ from: '2026-07-15T00:00:00+08:00', readings: 60 }], nextCursor: null });
    const days = await held.service.call<Page<object>>('GET', `/transformers/X-N4/readings?${range}&bucket=1d`);
    expect(days.body.items).toMatchObject([
      { from: '2026-07-14T00:00:00+08:00', readings: 120 },
      { from: '2026-07-15T00:00:00+08:00', readings: 60 },
    ]);
    const quarters = await held.service.call<Page<object>>('GET', `/transformers/X-N4/readings?${range}&bucket=15m`);
    expect(quarters.body.items).toHaveLength(12);
    expect((await held.service.call('GET', '/transformers/none/readings')).status).toBe(404);
  });
});
