import { beforeAll, describe, expect, it } from '@jest/globals';
import { BatchWriter } from '../../src/modules/telemetry/batch-writer.js';
import { TestClock } from '../support/database.js';
import { buildGrid } from '../support/grid.js';
import { eventually, useService } from '../support/service.js';
import { message } from '../support/telemetry.js';

const MINUTE = 60_000;
const NOW = Date.parse('2026-07-15T10:00:00+08:00');
const minute = (minutes: number): number => NOW - 60 * MINUTE + minutes * MINUTE;

interface List {
  items: { startedAt: string; endedAt: string | null; state: string }[];
}

describe('late data and silence in the running service', () => {
  const clock = new TestClock(NOW);
  const held = useService({ clock });
  const terminal = 'D-F1.A.1';
  let writer: BatchWriter;
  const reading = (at: number, volts: number): object => ({ ts: minute(at), ua: volts, ub: volts, uc: volts });
  const say = (channel: string, payload: object): Promise<unknown> =>
    writer.write([message(terminal, channel, payload, { receivedAt: clock.now() })]);
  const outages = async (): Promise<List['items']> => (await held.service.call<List>('GET', '/outages')).body.items;

  beforeAll(async () => {
    await buildGrid(held.service.db, { feeders: 1, sections: 2, transformers: 3, customers: 2 });
    writer = held.service.app.get(BatchWriter, { strict: false });
  });

  it('find the outage that a backfill tells of, and its true times', async () => {
    for (let at = 0; at <= 5; at += 1) await say('meas', reading(at, 220));
    await say('meas', reading(40, 220));
    await say('event', { ts: minute(6), type: 'power_off', phases: 'ABC' });
    await say('backfill', [reading(7, 0), reading(8, 0), reading(39, 220)]);
    await held.service.goTo(clock.now() + 5_000);
    const found = await eventually(async () => {
      const items = await outages();
      return items.length > 0 && items;
    });
    expect(found).toMatchObject([{ startedAt: '2026-07-15T09:06:00+08:00', endedAt: '2026-07-15T09:39:00+08:00' }]);
  });

  it('make the supply unknown of a terminal that says nothing more, and no outage', async () => {
    const known = (await outages()).length;
    await say('meas', reading(60, 220));
    await held.service.goTo(clock.now() + 4 * MINUTE);
    const supply = await eventually(async () => {
      const [row] = await held.service.db.query<{ supply: string; source: string }>(
        `select s.supply, s.supply_source as source from transformer_state s join terminal t using (transformer_id) where t.code = $1`,
        [terminal],
      );
      return row?.supply !== 'live' && row;
    });
    expect(supply).toEqual({ supply: 'unknown', source: 'silence' });
    expect(await outages()).toHaveLength(known);
  });
});
