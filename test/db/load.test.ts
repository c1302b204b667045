import { beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { ActivePolicy } from '../../src/modules/policy/active-policy.js';
import type { BatchWriter } from '../../src/modules/telemetry/batch-writer.js';
import type { PolicyInForce } from '../../src/domain/policy-in-force.js';
import { reassessDue } from '../../src/modules/telemetry/reassess.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';
import { TestClock, useDatabase } from '../support/database.js';
import { makeWriter, message, registerTerminal } from '../support/telemetry.js';

const NOW = Date.parse('2026-07-15T10:00:00+08:00');
const START = NOW - 9 * HOUR_MS;
const STEP_MS = 15 * MINUTE_MS;

describe('load of a registered transformer', () => {
  const clock = new TestClock(NOW);
  const held = useDatabase(clock);
  let writer: BatchWriter;
  let rules: PolicyInForce;

  beforeAll(async () => {
    ({ writer } = await makeWriter(held.db));
    const active = await ActivePolicy.activate(held.db, readPolicyFile(builtInPolicyFile('csg')));
    rules = active;
  });

  async function transformer(code: string, capacityKva: number | null, connection: string | null): Promise<number> {
    const { transformerId } = await registerTerminal(held.db, code);
    await held.db.query('update terminal set interval_seconds = $2 where code = $1', [code, STEP_MS / 1000]);
    await held.db.query('update asset set capacity_kva = $2, connection = $3 where id = $1', [
      transformerId,
      capacityKva,
      connection,
    ]);
    return transformerId;
  }
  /** Readings of every quarter of an hour: 110 % of 100 kVA, and one phase with 20 % less than the others. */
  const readings = (from: number, to: number, p = 110): object[] =>
    Array.from({ length: to - from + 1 }, (_, index) => ({
      ts: START + (from + index) * STEP_MS,
      ua: 220,
      ub: 221,
      uc: 219,
      ia: 170,
      ib: 168,
      ic: 136,
      in: 40,
      p,
      q: 4,
    }));
  const send = async (code: string, ...batches: object[][]): Promise<void> => {
    for (const batch of batches) await writer.write(batch.map((reading) => message(code, 'meas', reading)));
    clock.advance(10_000);
    while (await reassessDue(held.db, rules));
  };
  const episodes = (id: number): Promise<unknown[]> =>
    held.db.query(
      `select kind, phase, severity, started_at, confirmed_at, last_seen_at, ended_at, worst_value, evidence from episode
       where transformer_id = $1 and withdrawn_at is null order by started_at, kind`,
      [id],
    );

  it('makes episodes by its capacity and its group of connection, and tells them with what was measured', async () => {
    const yyn0 = await transformer('L1', 100, 'Yyn0');
    await send('L1', readings(0, 8));
    expect(await episodes(yyn0)).toEqual([
      expect.objectContaining({ kind: 'overload', phase: '', severity: 'major', started_at: START }),
      expect.objectContaining({ kind: 'unbalance', phase: '', severity: 'minor', worst_value: 20 }),
    ]);
    const told = await held.db.query<{ data: Record<string, unknown> }>(
      `select data from journal where type = 'episode_opened' and data ->> 'transformerId' = $1::text order by id`,
      [yyn0],
    );
    expect(told[0]?.data).toMatchObject({
      kind: 'overload',
      evidence: { loadPercent: 110.07, capacityKva: 100, p: 110 },
    });
    expect(told[1]?.data.evidence).toMatchObject({ neutralA: 40, neutralPercent: 27.71, neutralLimitPercent: 25 });
    const dyn11 = await transformer('L2', 200, 'Dyn11');
    const unrated = await transformer('L3', null, null);
    await send('L2', readings(0, 8));
    await send('L3', readings(0, 8));
    expect([await episodes(dyn11), await episodes(unrated)]).toEqual([[], []]);
  });

  it('comes to the same rows when half of the readings arrive late', async () => {
    const inOrder = await transformer('L4', 100, 'Yyn0');
    const late = await transformer('L5', 100, 'Yyn0');
    const all = [...readings(0, 10), ...readings(11, 14, 95), ...readings(15, 30, 30)];
    await send('L4', all);
    await send('L5', all.slice(20), all.slice(0, 3), all.slice(8, 20));
    await send('L5', all.slice(3, 8));
    expect(await episodes(inOrder)).not.toHaveLength(0);
    expect(await episodes(late)).toEqual(await episodes(inOrder));
  });
});
