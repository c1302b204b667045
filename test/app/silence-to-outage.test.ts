import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MINUTE_MS as MINUTE } from '../../src/domain/instants.js';
import { TestClock } from '../support/database.js';
import { buildGrid } from '../support/grid.js';
import { eventually, useService } from '../support/service.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');

interface Warning {
  id: number;
  kind: string;
  status: string;
  title: string;
  outageId: number | null;
}

describe('silence, callers and a last gasp that comes late', () => {
  const clock = new TestClock(START);
  const held = useService({ clock });
  let client: Awaited<ReturnType<typeof connectAsync>>;
  const publish = (terminal: string, channel: 'meas' | 'event', payload: object): Promise<unknown> =>
    client.publishAsync(`dt/v1/north/${terminal}/up/${channel}`, JSON.stringify(payload), { qos: 1 });
  const report = async (terminals: readonly string[], ts: number): Promise<void> => {
    for (const terminal of terminals) await publish(terminal, 'meas', { ts, ua: 221, ub: 220, uc: 222 });
  };
  const warnings = async (kind: string): Promise<Warning[]> =>
    (await held.service.call<{ items: Warning[] }>('GET', `/warnings?kind=${kind}`)).body.items;
  const lastHeard = async (terminal: string): Promise<number> => {
    const rows = await held.service.db.query<{ ts: number }>(
      `select s.last_ts as ts from transformer_state s join terminal t on t.transformer_id = s.transformer_id where t.code = $1`,
      [terminal],
    );
    return rows[0]?.ts ?? 0;
  };
  const supplyOf = async (terminal: string): Promise<string | undefined> =>
    (
      await held.service.db.query<{ supply: string }>(
        `select s.supply from transformer_state s join terminal t on t.transformer_id = s.transformer_id where t.code = $1`,
        [terminal],
      )
    )[0]?.supply;

  beforeAll(async () => {
    const { db } = held.service;
    await buildGrid(db, { feeders: 1, sections: 2, transformers: 5, customers: 3 });
    await db.query(
      `insert into customer_transformer (customer_id, transformer_id, valid_from) select id, transformer_id, '-infinity' from customer`,
    );
    client = await connectAsync(`mqtt://127.0.0.1:${held.service.mqttPort}`, { clientId: 'terminals' });
  });
  afterAll(async () => {
    await client.endAsync();
  });

  it('become a suspected outage, and then the outage itself', async () => {
    const silent = 'D-F1.A.1';
    const others = ['A', 'B']
      .flatMap((section) => [1, 2, 3, 4, 5].map((n) => `D-F1.${section}.${n}`))
      .filter((code) => code !== silent);
    await report([silent, ...others], START);
    await eventually(async () => (await lastHeard(silent)) === START);
    // The others go on reporting every minute; one says nothing any more.
    for (let minute = 1; minute <= 4; minute += 1) {
      const now = START + minute * MINUTE;
      await held.service.goTo(now);
      await report(others, now);
      await eventually(async () => (await lastHeard(others.at(-1) ?? '')) === now);
    }
    await eventually(async () => (await supplyOf(silent)) === 'unknown');
    expect(await warnings('outage_suspected')).toEqual([]);
    for (const account of ['F1.A.1/1', 'F1.A.1/2']) {
      const { status } = await held.service.call('POST', '/complaints', {
        externalId: `K-${account}`,
        channel: 'hotline',
        accountNo: account,
        text: '家里停电了，什么时候来电',
        receivedAt: START + 4 * MINUTE,
      });
      expect(status).toBe(200);
    }
    // The settling time of the feeder passes while the others report.
    const suspected = await eventually(async () => {
      await held.service.goTo(clock.now() + MINUTE);
      await report(others, clock.now());
      return (await warnings('outage_suspected'))[0];
    });
    expect(suspected).toMatchObject({ status: 'open' });
    expect(suspected.title).toContain('2 户来电');
    const outage = async (): Promise<{ state: string; transformers: { code: string; source: string }[] }> =>
      (
        await held.service.call<{ state: string; transformers: { code: string; source: string }[] }>(
          'GET',
          `/outages/${suspected.outageId}`,
        )
      ).body;
    expect(await outage()).toMatchObject({
      state: 'suspected',
      transformers: [{ code: 'F1.A.1', source: 'corroborated' }],
    });
    // Its last gasp arrives at last, over another way.
    await publish(silent, 'event', { ts: START + MINUTE, type: 'power_off', phases: 'ABC', eid: 'g1' });
    await eventually(async () => (await outage()).state === 'confirmed');
    expect(await outage()).toMatchObject({ transformers: [{ code: 'F1.A.1', source: 'power_off' }] });
    const confirmed = await eventually(async () => (await warnings('outage'))[0]);
    expect(confirmed).toMatchObject({ status: 'open', outageId: suspected.outageId });
    await eventually(async () => (await warnings('outage_suspected'))[0]?.status === 'resolved');
  });
});
