import { describe, expect, it } from '@jest/globals';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';
import type { TestClock } from '../support/database.js';
import { minute, reading, useStation } from '../support/station.js';
import { message, registerTerminal } from '../support/telemetry.js';

describe('what terminals tell besides readings', () => {
  const { held, station, meas, rejectedRows, state, journal, reassessment } = useStation();

  it('asks a terminal that counts by twos only so often a day, and asks again the day after', async () => {
    const { terminalId, writer } = station();
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

  it('finds gaps in the sequence, asks for what is missing, and counts down as it comes', async () => {
    const { code, terminalId, writer } = station();
    await writer.write([meas(reading(0, { sid: 3, seq: 10 })), meas(reading(4, { sid: 3, seq: 14 }))]);
    const gap = () =>
      held.db.query(
        'select from_seq, to_seq, from_ts, to_ts, missing, filled_at is null as open from sequence_gap where terminal_id = $1 order by id',
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

  it('does not miss a reading that came late, before the gap it belongs to was seen', async () => {
    const { terminalId, writer } = station();
    const gaps = () =>
      held.db.query('select from_seq, to_seq, missing from sequence_gap where terminal_id = $1 order by id', [
        terminalId,
      ]);
    await writer.write([meas(reading(10, { sid: 3, seq: 10 }))]);
    await writer.write([meas(reading(8, { sid: 3, seq: 12 }))]); // its clock was behind
    await writer.write([meas(reading(9, { sid: 3, seq: 11 })), meas(reading(12, { sid: 3, seq: 14 }))]);
    expect(await gaps()).toEqual([{ from_seq: 11, to_seq: 13, missing: 1 }]);
    expect(await journal('sequence_gap_found')).toMatchObject([{ data: { missing: 1 } }]);
    await writer.write([meas(reading(11, { sid: 3, seq: 15 }))]);
    await writer.write([meas(reading(13, { sid: 3, seq: 16 }))]); // nothing is missing between 14 and 16
    expect(await gaps()).toHaveLength(1);
  });

  it('counts an event with one number once, however often and in whatever batch it is sent', async () => {
    const { code, transformerId, writer } = station();
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
    const { code, writer } = station();
    await writer.write([meas(reading(5))]);
    await writer.write([message(code, 'event', { ts: minute(2), type: 'power_on' })]);
    expect(await reassessment()).toBe(minute(2));
  });

  it('takes the will of the latest boot as lost communication, ignores that of an earlier one', async () => {
    const { code, terminalId, writer } = station();
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
    const { code, transformerId, writer } = station();
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
    const { code, transformerId, writer } = station();
    await held.db.query('insert into terminal (code, transformer_id) values ($1, $2)', [`${code}x`, transformerId]);
    const outcome = await writer.write([
      meas(reading(0, { sid: 5, seq: 100 })),
      message(`${code}x`, 'meas', reading(1, { sid: 1, seq: 7 })),
      meas(reading(2, { sid: 5, seq: 102 })),
    ]);
    expect(outcome).toMatchObject({ readings: 3, gaps: 0 });
  });

  it('marks a command as answered, by its own terminal only', async () => {
    const { code, terminalId, writer } = station();
    const [command] = await held.db.query<{ rid: string }>(
      `insert into terminal_command (terminal_id, kind, body, created_at, expires_at) values ($1, 'read', '{}', now(), now()) returning rid`,
      [terminalId],
    );
    const rid = command!.rid;
    await registerTerminal(held.db, `${code}b`);
    const strange = await writer.write([message(`${code}b`, 'reply', { rid, ok: false })]);
    expect(strange.rejected).toEqual({ unknown_command: 1 });
    await writer.write([message(code, 'reply', { rid, ok: true }), message(code, 'reply', { rid: 'x' })]);
    expect(await held.db.query('select answer from terminal_command where rid = $1', [rid])).toEqual([
      { answer: { rid, ok: true } },
    ]);
    expect(await rejectedRows()).toMatchObject([{ reason: 'out_of_bounds' }]);
  });

  it('keeps the first answer to a command, but one that leaves the switch open to doubt gives way to one that names it', async () => {
    const { code, terminalId, writer } = station();
    const ok = { ok: true };
    const closed = { ok: true, switch: 'closed' };
    const refused = { ok: false, error: 'relay stuck' };
    const kept = async (...batches: object[][]): Promise<unknown> => {
      const [command] = await held.db.query<{ rid: string }>(
        `insert into terminal_command (terminal_id, kind, body, created_at, expires_at) values ($1, 'reconnect', '{}', now(), now()) returning rid`,
        [terminalId],
      );
      const rid = command!.rid;
      for (const batch of batches) {
        const outcome = await writer.write(batch.map((answer) => message(code, 'reply', { rid, ...answer })));
        expect(outcome.rejected).toEqual({});
      }
      const [row] = await held.db.query<{ answer: object }>(
        'select answer - $2 as answer from terminal_command where rid = $1',
        [rid, 'rid'],
      );
      return row?.answer;
    };
    expect(await kept([ok], [closed])).toEqual(closed);
    expect(await kept([ok, closed])).toEqual(closed);
    expect(await kept([closed], [ok])).toEqual(closed);
    expect(await kept([closed, refused])).toEqual(closed);
    expect(await kept([refused], [closed])).toEqual(refused);
    expect(await kept([ok], [refused])).toEqual(ok);
  });
});
