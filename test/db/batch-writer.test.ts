import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ReceivedMessage } from '../../src/modules/telemetry/received-message.js';
import { minute, reading, useStation } from '../support/station.js';
import { makeWriter, message, registerTerminal } from '../support/telemetry.js';

describe('batch writer', () => {
  const { held, station, meas, rows, rejectedRows, state, journal, reassessment } = useStation();
  let count = 0;

  it('stores readings with every column, and the state of the transformer', async () => {
    const { terminalId, transformerId, writer } = station();
    const outcome = await writer.write([
      meas({
        ...reading(0),
        ia: 1.5,
        ib: 2,
        ic: 3,
        in: 0.1,
        p: 65.31,
        q: -12,
        pf: 0.98,
        f: 50.01,
        temp: 56.25,
        sid: 17,
        seq: 5_000_000_000,
        tq: 1,
      }),
      meas(reading(1, { ua: 230.5, sid: 17, seq: 5_000_000_001 })),
    ]);
    expect(outcome).toMatchObject({ messages: 2, readings: 2, late: 0, duplicates: 0, rejected: {} });
    const [stored] = await held.db.query('select * from reading where transformer_id = $1 order by ts', [
      transformerId,
    ]);
    expect(stored).toMatchObject({
      ts: minute(0), received_at: Date.parse('2026-07-15T10:00:00+08:00'),
      ua: 221.3, ub: 220, uc: 219.5, ia: 1.5, ib: 2, ic: 3, in_: 0.1, p: 65.31, q: -12, pf: 0.98, f: 50.01, temp: 56.25,
      sid: 17, seq: 5_000_000_000, tq: 1,
    }); // prettier-ignore
    expect(await state()).toMatchObject({
      last_ts: minute(1),
      ua: 230.5,
      ia: null,
      sid: 17,
      seq: 5_000_000_001,
      supply: 'live',
      signals: null,
    });
    expect(await journal('supply_changed')).toMatchObject([
      { data: { from: 'unknown', to: 'live' }, happened_at: minute(0) },
    ]);
    const [terminal] = await held.db.query('select shard from terminal where id = $1', [terminalId]);
    expect(terminal).toEqual({ shard: 's1' });
  });

  it('counts the same reading again as a duplicate, in one batch and in the next', async () => {
    const { writer } = station();
    expect(await writer.write([meas(reading(0)), meas(reading(0))])).toMatchObject({ readings: 1, duplicates: 1 });
    expect(await writer.write([meas(reading(0)), meas(reading(1))])).toMatchObject({
      readings: 1,
      duplicates: 1,
      late: 0,
    });
    expect(await rows()).toHaveLength(2);
    expect(await reassessment()).toBeNull();
    expect(await rejectedRows()).toEqual([]);
  });

  it('keeps another reading of the same instant with other values as a conflict', async () => {
    const { writer } = station();
    await writer.write([meas(reading(0)), meas(reading(0, { ua: 222 }))]);
    await writer.write([meas([reading(0, { ua: 223 }), reading(1)])]);
    expect((await rows()).map((row) => row.ua)).toEqual([221.3, 221.3]);
    const kept = await rejectedRows();
    expect(kept.map((row) => row.reason)).toEqual(['conflicting_duplicate', 'conflicting_duplicate']);
    expect(JSON.parse(kept[1]!.payload.toString())).toEqual({ ts: minute(0), ua: 223, ub: 220, uc: 219.5 });
  });

  it('stores late readings and asks for the history to be run again from the earliest', async () => {
    const { code, writer } = station();
    await writer.write([meas(reading(10))]);
    const outcome = await writer.write([message(code, 'backfill', [reading(5), reading(3), reading(11)])]);
    expect(outcome).toMatchObject({ readings: 3, late: 2 });
    expect((await rows()).map((row) => row.ts)).toEqual([3, 5, 10, 11].map(minute));
    expect(await reassessment()).toBe(minute(3));
    await writer.write([message(code, 'backfill', [reading(4)])]);
    expect(await reassessment()).toBe(minute(3));
    expect(await state()).toMatchObject({ last_ts: minute(11) });
  });

  it('does a batch again through staging when the fast path meets a reading that is there already', async () => {
    const { transformerId, writer } = station();
    await held.db.query(
      `insert into reading (transformer_id, ts, received_at, ua, ub, uc) values ($1, $2, now(), 221.3, 220, 219.5), ($1, $3, now(), 1, 1, 1)`,
      [transformerId, new Date(minute(1)), new Date(minute(2))],
    );
    const outcome = await writer.write([meas(reading(0)), meas(reading(1)), meas(reading(2)), meas(reading(3))]);
    expect(outcome).toMatchObject({ readings: 2, duplicates: 1, late: 0, rejected: { conflicting_duplicate: 1 } });
    expect(await state()).toMatchObject({ last_ts: minute(3), supply: 'live' });
  });

  it('gives the same rows in whatever order the messages of a batch come', async () => {
    const { writer } = station();
    const given = Array.from({ length: 12 }, (_, index) => index);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(given, { minLength: 12 }),
        fc.integer({ min: 1, max: 12 }),
        async (order, cut) => {
          count += 1;
          const name = `P${count}`;
          const made = await registerTerminal(held.db, name);
          const messageOf = (index: number): ReceivedMessage =>
            index === 5
              ? message(name, 'event', { ts: minute(index), type: 'power_off', eid: 'a' })
              : message(name, 'meas', reading(index, { ua: index === 5 ? 0 : 220 + index, sid: 1, seq: index }));
          await writer.write(order.slice(0, cut).map(messageOf));
          await writer.write(order.map(messageOf));
          expect((await rows(made.transformerId)).map((row) => [row.ts, row.ua, row.seq])).toEqual(
            given.filter((index) => index !== 5).map((index) => [minute(index), 220 + index, index]),
          );
          expect(
            await held.db.query('select type, ts from terminal_event where terminal_id = $1', [made.terminalId]),
          ).toEqual([{ type: 'power_off', ts: minute(5) }]);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('opens an episode of low voltage once, and closes it', async () => {
    const { transformerId, writer } = station();
    const low = Array.from({ length: 40 }, (_, index) =>
      meas(reading(index, { ua: index > 2 && index < 20 ? 190 : 220 })),
    );
    await writer.write(low.slice(0, 19));
    expect(await state()).toMatchObject({ signals: expect.anything() as unknown });
    await writer.write(low.slice(19));
    expect(
      await held.db.query(
        'select kind, phase, started_at, ended_at is not null as ended from episode where transformer_id = $1',
        [transformerId],
      ),
    ).toEqual([{ kind: 'low_voltage', phase: 'A', started_at: minute(3), ended: true }]);
    expect(await journal('episode_opened')).toMatchObject([{ data: { kind: 'low_voltage', startedAt: minute(3) } }]);
    expect(await journal('episode_closed')).toHaveLength(1);
  });

  it('keeps the state of the rules once per local day', async () => {
    const { transformerId, writer } = station();
    await writer.write([meas(reading(-600)), meas(reading(-500)), meas(reading(0))]);
    const [checkpoint] = await held.db.query<{ ts: number; state: { lastTs: number } }>(
      'select ts, state from detector_checkpoint where transformer_id = $1', [transformerId]); // prettier-ignore
    expect(checkpoint).toMatchObject({ ts: minute(-600), state: { lastTs: minute(-600), supply: 'live' } });
  });

  it('stores everything once when several writers take the same messages at once, also at first sight of a terminal', async () => {
    const { code, writer } = station();
    const codes = Array.from({ length: 8 }, (_, index) => `${code}-${index}`);
    const made = await Promise.all(codes.map((name) => registerTerminal(held.db, name)));
    const batch = (order: number[]) =>
      order.flatMap((n) => codes.map((name) => message(name, 'meas', reading(n, { sid: 1, seq: n }))));
    const orders = [
      [0, 1, 2],
      [2, 1, 0],
      [1, 3, 2],
      [3, 0, 4],
    ];
    const outcomes = await Promise.all(orders.map((order) => writer.write(batch(order))));
    const total = (field: 'readings' | 'duplicates') => outcomes.reduce((sum, outcome) => sum + outcome[field], 0);
    expect([total('readings'), total('duplicates')]).toEqual([8 * 5, 8 * 7]);
    expect(outcomes.map((outcome) => outcome.rejected)).toEqual([{}, {}, {}, {}]);
    for (const { transformerId: id } of made) expect((await rows(id)).map((row) => row.seq)).toEqual([0, 1, 2, 3, 4]);
    const states = await held.db.query<{ last_ts: number; supply: string }>(
      'select last_ts, supply from transformer_state where transformer_id = any($1)',
      [made.map(({ transformerId: id }) => id)],
    );
    expect(new Set(states.map((row) => `${row.last_ts} ${row.supply}`))).toEqual(new Set([`${minute(4)} live`]));
  });

  it('waits for a database that is away and then commits the same batch', async () => {
    const { writer: other } = await makeWriter(held.db);
    const connect = held.db.pool.connect.bind(held.db.pool);
    let refusals = 2;
    (held.db.pool as { connect: unknown }).connect = () =>
      (refusals -= 1) >= 0 ? Promise.reject(new Error('Connection terminated unexpectedly')) : connect();
    try {
      expect(await other.write([meas(reading(0))])).toMatchObject({ readings: 1 });
      refusals = Infinity;
      const aborter = new AbortController();
      const waiting = other.write([meas(reading(1))], aborter.signal);
      aborter.abort();
      await expect(waiting).rejects.toThrow();
    } finally {
      (held.db.pool as { connect: unknown }).connect = connect;
    }
    expect(await rows()).toHaveLength(1);
  });
});
