import { describe, expect, it } from '@jest/globals';
import { keepRejected } from '../../src/modules/telemetry/keep-rejected.js';
import type { Refusal } from '../../src/modules/telemetry/keep-rejected.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';
import { minute, reading, useStation } from '../support/station.js';
import { message } from '../support/telemetry.js';

describe('what the batch writer refuses', () => {
  const { held, station, meas, rows, rejectedRows, state } = useStation();

  it('takes the good elements of an array and keeps the bad ones, each with its reason', async () => {
    const { code, writer } = station();
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
    const { writer } = station();
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
    const { code } = station();
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

  it('finds the one message that the database refuses, and commits the others', async () => {
    const { writer } = station();
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

  it('refuses retained readings and topics it does not know, and counts everything after the commit', async () => {
    const { code, registry, writer } = station();
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
});
