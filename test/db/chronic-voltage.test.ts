import { beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { sweep } from '../../src/modules/deadlines/deadline-sweep.js';
import type { BatchWriter } from '../../src/modules/telemetry/batch-writer.js';
import { chronicFollowerOf } from '../../src/modules/warnings/chronic-voltage.js';
import { TestClock, useDatabase } from '../support/database.js';
import { catchUp, POLICY } from '../support/small-city.js';
import { makeWriter, message, registerTerminal } from '../support/telemetry.js';

const START = Date.parse('2026-07-01T00:00:00+08:00');
const QUARTERS = (24 * HOUR_MS) / (15 * MINUTE_MS);

describe('chronic low voltage of a transformer', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  const follower = chronicFollowerOf(POLICY);
  let writer: BatchWriter;
  let day = 0;

  beforeAll(async () => {
    ({ writer } = await makeWriter(held.db));
    await registerTerminal(held.db, 'C1');
    await held.db.query('update terminal set interval_seconds = 900');
  });

  const settle = async (): Promise<void> => {
    do await catchUp(held.db, follower);
    while ((await sweep(held.db)).fired.length > 0);
  };
  /** A day of readings, low from 19:00 to 22:00 or not at all; then the midnight after it. */
  const live = async (count: number, evening: number): Promise<void> => {
    for (const end = day + count; day < end; day += 1) {
      const readings = Array.from({ length: QUARTERS }, (_, quarter) => ({
        ts: START + day * DAY_MS + quarter * 15 * MINUTE_MS,
        ua: quarter >= 76 && quarter < 88 ? evening : 221,
        ub: 222,
        uc: 223,
      }));
      clock.set(START + (day + 1) * DAY_MS - MINUTE_MS);
      await writer.write(readings.map((reading) => message('C1', 'meas', reading, { receivedAt: clock.now() })));
      await settle();
      clock.set(START + (day + 1) * DAY_MS);
      await settle();
    }
  };
  const warnings = () =>
    held.db.query<{ severity: string; status: string; title: string; evidence: Record<string, unknown> }>(
      `select severity, status, title, evidence from warning where kind = 'chronic_voltage' order by id`,
    );
  const pending = () => held.db.query(`select 1 from deadline where kind = 'chronic_voltage' and state = 'pending'`);

  it('is warned of on its seventh evening, grows graver, and ends by its own deadline when the month is good again', async () => {
    await live(6, 190);
    expect(await warnings()).toEqual([]);
    expect(await pending()).toHaveLength(1);
    await live(1, 190);
    expect(await warnings()).toMatchObject([
      {
        severity: 'minor',
        status: 'open',
        title: 'C1 季节性低电压（迎峰度夏）：近 30 天有 7 天低于 198 V',
        evidence: { lowDays: 7, ofDays: 30, season: 'summer', limitV: 198 },
      },
    ]);
    await live(8, 190);
    expect(await warnings()).toMatchObject([{ severity: 'major', status: 'open', evidence: { lowDays: 15 } }]);
    await live(20, 215);
    expect(await warnings()).toMatchObject([{ status: 'open' }]);
    await live(10, 215);
    expect(await warnings()).toMatchObject([{ status: 'resolved', evidence: { lowDays: 3 } }]);
    expect(await pending()).toEqual([]);
  });
});
