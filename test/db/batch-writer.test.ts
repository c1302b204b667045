import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Registry } from 'prom-client';
import type { BatchWriter } from '../../src/modules/telemetry/batch-writer.js';
import { keepRejected } from '../../src/modules/telemetry/keep-rejected.js';
import type { Refusal } from '../../src/modules/telemetry/keep-rejected.js';
import type { ReceivedMessage } from '../../src/modules/telemetry/received-message.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';
import type { TestClock } from '../support/database.js';
import { useDatabase } from '../support/database.js';
import { makeWriter, message, registerTerminal } from '../support/telemetry.js';

const T0 = Date.parse('2026-07-15T09:00:00+08:00');
const minute = (n: number): number => T0 + n * 60_000;
const reading = (n: number, over: object = {}): object => ({ ts: minute(n), ua: 221.3, ub: 220, uc: 219.5, ...over });

describe('batch writer', () => {
  const held = useDatabase();
  let writer: BatchWriter;
  let registry: Registry;
  let code: string;
  let transformerId: number;
  let terminalId: number;
  let count = 0;

  beforeAll(async () => {
    ({ writer, registry } = await makeWriter(held.db));
  });
  beforeEach(async () => {
    count += 1;
    code = `T${count}`;
    ({ transformerId, terminalId } = await registerTerminal(held.db, code));
  });

  const meas = (payload: unknown, over: Partial<ReceivedMessage> = {}) => message(code, 'meas', payload, over);
  const rows = (id = transformerId) =>
    held.db.query<{ ts: number; ua: number; sid: number | null; seq: number | null }>(
      'select ts, ua, sid, seq from reading where transformer_id = $1 order by ts',
      [id],
    );
  const rejectedRows = () =>
    held.db.query<{ reason: string; payload: Buffer; count: number; detail: string }>(
      'select reason, payload, count, detail from rejected_message where terminal = $1 order by reason, id',
      [code],
    );
  const state = async () =>
    (
      await held.db.query<Record<string, unknown>>('select * from transformer_state where transformer_id = $1', [
        transformerId,
      ])
    )[0];
  const journal = (type: string) =>
    held.db.query<{ data: Record<string, unknown>; happened_at: number }>(
      `select data, happened_at from journal where type = $1 and (subject_id = $2 or data->>'transformerId' = $2::text) order by id`,
      [type, transformerId],
    );
  const reassessment = async () =>
    (
      await held.db.query<{ from_ts: number }>('select from_ts from reassessment where transformer_id = $1', [
        transformerId,
      ])
    )[0]?.from_ts ?? null;

  it('stores readings with every column, and the state of the transformer', async () => {
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
    await writer.write([meas(reading(0)), meas(reading(0, { ua: 222 }))]);
    await writer.write([meas([reading(0, { ua: 223 }), reading(1)])]);
    expect((await rows()).map((row) => row.ua)).toEqual([221.3, 221.3]);
    const kept = await rejectedRows();
    expect(kept.map((row) => row.reason)).toEqual(['conflicting_duplicate', 'conflicting_duplicate']);
    expect(JSON.parse(kept[1]!.payload.toString())).toEqual({ ts: minute(0), ua: 223, ub: 220, uc: 219.5 });
  });

  it('stores late readings and asks for the history to be run again from the earliest', async () => {
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
    await held.db.query(
      `insert into reading (transformer_id, ts, received_at, ua, ub, uc) values ($1, $2, now(), 221.3, 220, 219.5), ($1, $3, now(), 1, 1, 1)`,
      [transformerId, new Date(minute(1)), new Date(minute(2))],
    );
    const outcome = await writer.write([meas(reading(0)), meas(reading(1)), meas(reading(2)), meas(reading(3))]);
    expect(outcome).toMatchObject({ readings: 2, duplicates: 1, late: 0, rejected: { conflicting_duplicate: 1 } });
    expect(await state()).toMatchObject({ last_ts: minute(3), supply: 'live' });
  });

  it('gives the same rows in whatever order the messages of a batch come', async () => {
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

  it('takes the good elements of an array and keeps the bad ones, each with its reason', async () => {
    const outcome = await writer.write([
      message(code, 'backfill', [
        reading(0),
        reading(1, { ua: 9999 }),
        { ts: minute(2) },
        reading(3, { tq: 2 }),
        'x',
        reading(4),
      ]),
    ]);
    expect(outcome).toMatchObject({
      readings: 2, refusedMessages: 1,
      rejected: { out_of_bounds: 1, missing_field: 2, clock_unsynchronised: 1 },
    }); // prettier-ignore
    const kept = await rejectedRows();
    expect(kept.map((row) => [row.reason, row.payload.toString()])).toContainEqual(['missing_field', '"x"']);
  });

  it('keeps a message of an unknown terminal, bounded, the rest only counted; the same one again counts up', async () => {
    const { rejectedPerTerminal } = readPolicyFile(builtInPolicyFile('csg')).policy.telemetry;
    const unknown = (index: number) => message('stranger', 'meas', reading(0, { seq: index }));
    await writer.write(Array.from({ length: rejectedPerTerminal + 5 }, (_, index) => unknown(index)));
    await writer.write([unknown(1), unknown(1), unknown(9_999_999)]);
    const [kept] = await held.db.query<{ rows: number; seen: number }>(
      `select count(*) as rows, sum(count) as seen from rejected_message where terminal = 'stranger' and reason = 'unknown_terminal'`,
    );
    expect(kept).toEqual({ rows: rejectedPerTerminal, seen: rejectedPerTerminal + 2 });
    expect(await held.db.query(`select count from rejected_overflow where terminal = 'stranger'`)).toEqual([
      { count: 6 },
    ]);
  });

  it('keeps messages of invented names up to a bound over all of them, and those of the register beside it', async () => {
    const refuse = (terminal: string, index: number): Refusal => ({
      message: message(terminal, 'meas', `nonsense ${index}`),
      terminal,
      reason: 'not_json',
      detail: 'no JSON',
      element: null,
    });
    const [before] = await held.db.query<{ count: number }>(
      'select count(*) as count from rejected_message where stranger and redriven_at is null',
    );
    const bounds = { perTerminal: 3, ofStrangers: (before?.count ?? 0) + 10 };
    const keep = (refusals: Refusal[]) => held.db.inTx((tx) => keepRejected(tx, refusals, bounds));
    const invented = Array.from({ length: 25 }, (_, index) => refuse(`invented-${index}`, index));
    await keep(invented.slice(0, 8));
    await keep([...invented, refuse(code, 0), refuse(code, 1), refuse(code, 2), refuse(code, 3)]);
    await keep([refuse('invented-0', 0)]); // known: counted up, also when nothing has room
    const [kept] = await held.db.query(
      `select count(*) as rows, sum(count) as seen from rejected_message where terminal like 'invented-%'`,
    );
    expect(kept).toEqual({ rows: 10, seen: 10 + 8 + 1 });
    expect(await rejectedRows()).toHaveLength(3);
    expect(
      await held.db.query(
        `select terminal, count from rejected_overflow where terminal in ('#', $1) or terminal like 'invented-%' order by terminal`,
        [code],
      ),
    ).toEqual([
      { terminal: '#', count: 15 },
      { terminal: code, count: 1 },
    ]);
  });

  it('asks a terminal that counts by twos only so often a day, and asks again the day after', async () => {
    const { gapsPerTerminalAndDay: bound } = readPolicyFile(builtInPolicyFile('csg')).policy.telemetry;
    const clock = held.db.clock as TestClock;
    const asked = async () =>
      (
        await held.db.query<{ gaps: number; commands: number }>(
          `select (select count(*) from sequence_gap where terminal_id = $1) as gaps,
                  (select count(*) from terminal_command where terminal_id = $1) as commands`,
          [terminalId],
        )
      )[0];
    const outcome = await writer.write(
      Array.from({ length: bound + 21 }, (_, index) => meas(reading(index - 300, { sid: 1, seq: index * 2 }))),
    );
    expect(outcome.gaps).toBe(bound + 20); // each is seen and counted
    expect(await asked()).toEqual({ gaps: bound, commands: bound });
    expect(await journal('sequence_gap_found')).toHaveLength(bound);
    await writer.write([meas(reading(-50, { sid: 1, seq: 10_000 }))]);
    expect(await asked()).toEqual({ gaps: bound, commands: bound });
    clock.advance(25 * 3_600_000);
    await writer.write([meas(reading(-40, { sid: 1, seq: 20_000 }))]);
    expect(await asked()).toEqual({ gaps: bound + 1, commands: bound + 1 });
    clock.advance(-25 * 3_600_000);
  });

  it('finds the one message that the database refuses, and commits the others', async () => {
    await held.db.query(`alter table reading add constraint poison check (temp is distinct from 66)`);
    const outcome = await writer.write(
      Array.from({ length: 9 }, (_, index) => meas(reading(index, index === 6 ? { temp: 66 } : {}))),
    );
    await held.db.query('alter table reading drop constraint poison');
    expect(outcome).toMatchObject({ messages: 9, readings: 8, rejected: { storage_refused: 1 } });
    const kept = await rejectedRows();
    expect(kept).toMatchObject([{ reason: 'storage_refused', detail: expect.stringContaining('poison') as unknown }]);
    expect(await state()).toMatchObject({ last_ts: minute(8) });
  });

  it('finds gaps in the sequence, asks for what is missing, and counts down as it comes', async () => {
    await writer.write([meas(reading(0, { sid: 3, seq: 10 })), meas(reading(4, { sid: 3, seq: 14 }))]);
    const gap = () =>
      held.db.query(
        'select from_seq, to_seq, from_ts, to_ts, missing, filled_at is null as open from sequence_gap where terminal_id = $1',
        [terminalId],
      );
    expect(await gap()).toEqual([
      { from_seq: 11, to_seq: 13, from_ts: minute(0), to_ts: minute(4), missing: 3, open: true },
    ]);
    expect(await held.db.query('select kind, body from terminal_command where terminal_id = $1', [terminalId])).toEqual(
      [{ kind: 'backfill', body: { from: minute(0), to: minute(4), sid: 3, fromSeq: 11, toSeq: 13 } }],
    );
    expect(await journal('sequence_gap_found')).toMatchObject([{ data: { missing: 3, fromSeq: 11 } }]);
    const fill = message(code, 'backfill', [reading(1, { sid: 3, seq: 11 }), reading(2, { sid: 3, seq: 12 })]);
    await writer.write([fill]);
    await writer.write([fill]); // duplicates do not count
    expect(await gap()).toMatchObject([{ missing: 1, open: true }]);
    await writer.write([message(code, 'backfill', reading(3, { sid: 3, seq: 13 }))]);
    expect(await gap()).toMatchObject([{ missing: 0, open: false }]);
    await writer.write([meas(reading(5, { sid: 4, seq: 3 }))]); // a new boot that lost its first two
    expect(await gap()).toMatchObject([{}, { from_seq: 1, to_seq: 2, missing: 2 }]);
  });

  it('counts an event with one number once, however often and in whatever batch it is sent', async () => {
    const gasp = message(code, 'event', { ts: minute(1), type: 'power_off', phases: 'ABC', eid: '7', cap: 12 });
    const again = message(code, 'event', { ts: minute(1) + 40, type: 'power_off', phases: 'ABC', eid: '7' });
    await writer.write([meas(reading(0)), gasp, again]);
    expect(await writer.write([again, gasp])).toMatchObject({ events: 0, duplicates: 2 });
    expect(await state()).toMatchObject({ supply: 'dead', last_ts: minute(1) });
    expect(
      await held.db.query('select state, started_at, ended_at, source from supply_interval where transformer_id = $1', [
        transformerId,
      ]),
    ).toEqual([{ state: 'dead', started_at: minute(1), ended_at: null, source: 'power_off' }]);
    await writer.write([message(code, 'event', { ts: minute(9), type: 'power_on' }), meas(reading(10))]);
    expect(
      await held.db.query('select ended_at, end_source from supply_interval where transformer_id = $1', [
        transformerId,
      ]),
    ).toEqual([{ ended_at: minute(9), end_source: 'power_on' }]);
    expect((await journal('terminal_event')).map((entry) => entry.data.eventType)).toEqual(['power_off', 'power_on']);
    expect((await journal('supply_changed')).map((entry) => entry.data.to)).toEqual(['live', 'dead', 'live']);
  });

  it('asks for reassessment when an event is older than what was applied', async () => {
    await writer.write([meas(reading(5))]);
    await writer.write([message(code, 'event', { ts: minute(2), type: 'power_on' })]);
    expect(await reassessment()).toBe(minute(2));
  });

  it('takes the will of the latest boot as lost communication, ignores that of an earlier one', async () => {
    await writer.write([
      message(code, 'state', { ts: minute(0), state: 'online', sid: 9 }),
      meas(reading(0, { sid: 9, seq: 1 })),
    ]);
    expect(await writer.write([message(code, 'state', { state: 'offline', sid: 8 })])).toMatchObject({ staleWills: 1 });
    expect(await state()).toMatchObject({ supply: 'live', sid: 9 });
    await writer.write([message(code, 'state', { state: 'offline', sid: 9 })]);
    expect(await state()).toMatchObject({ supply: 'unknown', supply_source: 'offline' });
    expect(await journal('supply_changed')).toHaveLength(2);
    await writer.write([message(code, 'state', { state: 'offline', sid: 9 }, { retain: true })]);
    expect(await held.db.query(`select type from terminal_event where terminal_id = $1`, [terminalId])).toEqual([
      { type: 'offline' },
    ]);
  });

  it('withdraws the silence that never was: the message was only late', async () => {
    await writer.write([message(code, 'state', { state: 'online', sid: 2 }), meas(reading(0, { sid: 2, seq: 1 }))]);
    await writer.write([message(code, 'state', { state: 'offline', sid: 2 })]);
    const intervals = () =>
      held.db.query(
        'select state, started_at, ended_at, withdrawn_at is not null as withdrawn from supply_interval where transformer_id = $1',
        [transformerId],
      );
    expect(await intervals()).toEqual([{ state: 'unknown', started_at: minute(0), ended_at: null, withdrawn: false }]);
    await writer.write([meas(reading(1, { sid: 2, seq: 2 }))]);
    expect(await intervals()).toEqual([
      { state: 'unknown', started_at: minute(0), ended_at: minute(0), withdrawn: true },
    ]);
    expect(await state()).toMatchObject({ supply: 'live' });
  });

  it('takes two readings of one transformer by two terminals without inventing gaps', async () => {
    await held.db.query('insert into terminal (code, transformer_id) values ($1, $2)', [`${code}x`, transformerId]);
    const outcome = await writer.write([
      meas(reading(0, { sid: 5, seq: 100 })),
      message(`${code}x`, 'meas', reading(1, { sid: 1, seq: 7 })),
      meas(reading(2, { sid: 5, seq: 102 })),
    ]);
    expect(outcome).toMatchObject({ readings: 3, gaps: 0 });
  });

  it('opens an episode of low voltage once, and closes it', async () => {
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
    await writer.write([meas(reading(-600)), meas(reading(-500)), meas(reading(0))]);
    const [checkpoint] = await held.db.query<{ ts: number; state: { lastTs: number } }>(
      'select ts, state from detector_checkpoint where transformer_id = $1', [transformerId]); // prettier-ignore
    expect(checkpoint).toMatchObject({ ts: minute(-600), state: { lastTs: minute(-600), supply: 'live' } });
  });

  it('marks a command as answered, by its own terminal only', async () => {
    const [command] = await held.db.query<{ rid: string }>(
      `insert into terminal_command (terminal_id, kind, body, created_at, expires_at) values ($1, 'read', '{}', now(), now()) returning rid`,
      [terminalId],
    );
    const rid = command!.rid;
    await registerTerminal(held.db, `${code}b`);
    await writer.write([message(`${code}b`, 'reply', { rid, ok: false })]);
    await writer.write([message(code, 'reply', { rid, ok: true }), message(code, 'reply', { rid: 'x' })]);
    expect(await held.db.query('select answer from terminal_command where rid = $1', [rid])).toEqual([
      { answer: { rid, ok: true } },
    ]);
    expect(await rejectedRows()).toMatchObject([{ reason: 'out_of_bounds' }]);
  });

  it('refuses retained readings and topics it does not know, and counts everything after the commit', async () => {
    await writer.write([
      meas(reading(0), { retain: true }),
      { ...meas(reading(0)), topic: `dt/v1/s1/${code}/up/meas/more` },
      { ...meas(reading(0)), topic: `dt/v1/s1/+/up/meas` },
    ]);
    expect(await rejectedRows()).toMatchObject([{ reason: 'retained' }]);
    expect(await rows()).toEqual([]);
    const text = await registry.metrics();
    expect(text).toContain('lamplighter_rejected_messages_total{reason="unknown_topic"} 2');
    expect(text).toMatch(/lamplighter_readings_total [1-9]/);
  });

  it('stores everything once when several writers take the same messages at once, also at first sight of a terminal', async () => {
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
