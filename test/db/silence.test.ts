import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../src/domain/instants.js';
import { ActivePolicy } from '../../src/modules/policy/active-policy.js';
import type { BatchWriter } from '../../src/modules/telemetry/batch-writer.js';
import type { PolicyInForce } from '../../src/domain/policy-in-force.js';
import { noticeSilence } from '../../src/modules/telemetry/silence.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';
import { TestClock, useDatabase } from '../support/database.js';
import { makeWriter, message, registerTerminal } from '../support/telemetry.js';

const NOW = Date.parse('2026-07-15T10:00:00+08:00');

describe('silence', () => {
  const clock = new TestClock(NOW);
  const held = useDatabase(clock);
  let writer: BatchWriter;
  let rules: PolicyInForce;
  let code = '';
  let id = 0;
  let count = 0;

  beforeAll(async () => {
    ({ writer } = await makeWriter(held.db));
    const active = await ActivePolicy.activate(held.db, readPolicyFile(builtInPolicyFile('csg')));
    rules = active;
  });
  beforeEach(async () => {
    await held.db.query('delete from transformer_state');
    clock.set(NOW);
    code = `S${(count += 1)}`;
    ({ transformerId: id } = await registerTerminal(held.db, code));
  });

  const send = async (ts: number, volts: number, channel = 'meas'): Promise<void> => {
    const reading = { ts, ua: volts, ub: volts, uc: volts };
    await writer.write([
      message(code, channel, channel === 'backfill' ? [reading] : reading, { receivedAt: clock.now() }),
    ]);
  };
  const notice = (listeningSince = 0): Promise<number> =>
    held.db.inTx((tx) => noticeSilence(tx, rules, listeningSince));
  const supply = async (): Promise<string | undefined> =>
    (await held.db.query<{ supply: string }>('select supply from transformer_state where transformer_id = $1', [id]))[0]
      ?.supply;

  it('of more than three intervals makes supply unknown from the last reading on, and no outage', async () => {
    await send(NOW, 220);
    clock.advance(3 * MINUTE_MS);
    expect(await notice()).toBe(0);
    clock.advance(1);
    expect(await notice()).toBe(1);
    expect(
      await held.db.query('select state, started_at, ended_at, source from supply_interval where transformer_id = $1', [
        id,
      ]),
    ).toEqual([{ state: 'unknown', started_at: NOW, ended_at: null, source: 'silence' }]);
    expect(
      await held.db.query(
        `select happened_at, data from journal where type = 'supply_changed' and subject_id = $1 order by id desc limit 1`,
        [id],
      ),
    ).toEqual([{ happened_at: NOW, data: { from: 'live', to: 'unknown', source: 'silence' } }]);
    expect(await notice()).toBe(0);
  });

  it('is over with the next reading; when that shows there was no gap, it never was', async () => {
    await send(NOW, 220);
    clock.advance(4 * MINUTE_MS);
    await notice();
    await send(NOW + MINUTE_MS, 220);
    expect(await supply()).toBe('live');
    expect(
      await held.db.query(
        'select withdrawn_at is not null as withdrawn from supply_interval where transformer_id = $1',
        [id],
      ),
    ).toEqual([{ withdrawn: true }]);
  });

  it('after a dead reading leaves it dead', async () => {
    await send(NOW, 0);
    clock.advance(60 * MINUTE_MS);
    expect(await notice()).toBe(0);
    expect(await supply()).toBe('dead');
  });

  it('is counted by the interval of the terminal', async () => {
    await held.db.query('update terminal set interval_seconds = 900 where code = $1', [code]);
    await send(NOW, 220);
    clock.advance(44 * MINUTE_MS);
    expect(await notice()).toBe(0);
    clock.advance(2 * MINUTE_MS);
    expect(await notice()).toBe(1);
  });

  it('is not counted while the service itself was not listening', async () => {
    await send(NOW, 220);
    clock.advance(600 * MINUTE_MS);
    expect(await notice(clock.now() - MINUTE_MS)).toBe(0);
    expect(await notice(clock.now() - 4 * MINUTE_MS)).toBe(1);
  });

  it('is not broken by backfill', async () => {
    await send(NOW, 220);
    clock.advance(4 * MINUTE_MS);
    await send(NOW + MINUTE_MS, 220, 'backfill');
    expect(await notice()).toBe(1);
    expect(await supply()).toBe('unknown');
  });
});
