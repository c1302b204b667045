import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestClock } from '../support/database.js';
import { buildGrid } from '../support/grid.js';
import { eventually, useService } from '../support/service.js';

const MINUTE = 60_000;
const START = Date.parse('2026-07-15T10:00:00+08:00');

interface List {
  items: {
    id: number;
    rootAsset: { code: string };
    transformers: object[];
    endedAt: string | null;
    momentary: boolean;
  }[];
}

describe('outages from what terminals say', () => {
  const clock = new TestClock(START);
  const held = useService({ clock });
  let client: Awaited<ReturnType<typeof connectAsync>>;
  const say = (terminal: string, channel: 'meas' | 'event', payload: object): Promise<unknown> =>
    client.publishAsync(`dt/v1/north/${terminal}/up/${channel}`, JSON.stringify(payload), { qos: 1 });
  const list = async (state: string): Promise<List['items']> =>
    (await held.service.call<List>('GET', `/outages?state=${state}`)).body.items;

  beforeAll(async () => {
    await buildGrid(held.service.db, { feeders: 1, sections: 2, transformers: 3, customers: 2 });
    client = await connectAsync(`mqtt://127.0.0.1:${held.service.mqttPort}`, { clientId: 'terminals' });
  });
  afterAll(async () => {
    await client.endAsync();
  });

  it('a last gasp and a dead reading on one section make one outage; measured power ends it', async () => {
    for (const terminal of ['D-F1.A.1', 'D-F1.A.2', 'D-F1.A.3'])
      await say(terminal, 'meas', { ts: START - MINUTE, ua: 221, ub: 220, uc: 222 });
    await say('D-F1.A.1', 'event', { ts: START, type: 'power_off', phases: 'ABC', eid: 'e1' });
    await say('D-F1.A.2', 'meas', { ts: START + 20_000, ua: 3, ub: 2, uc: 4 });
    const [open] = await eventually(async () => {
      const items = await list('suspected');
      return items[0]?.transformers.length === 2 && items;
    });
    expect(open).toMatchObject({ rootAsset: { code: 'F1.A' } });
    await held.service.goTo(START + 10 * MINUTE);
    await say('D-F1.A.1', 'event', { ts: START + 9 * MINUTE, type: 'power_on', eid: 'e2' });
    await say('D-F1.A.2', 'meas', { ts: START + 9 * MINUTE, ua: 219, ub: 220, uc: 221 });
    const closed = await eventually(async () => (await list('closed'))[0]);
    expect(closed).toMatchObject({ id: open?.id, endedAt: '2026-07-15T10:09:00+08:00', momentary: false });
  });
});
