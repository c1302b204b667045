import { beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { MINUTE_MS } from '../../src/domain/instants.js';
import { ActivePolicy } from '../../src/modules/policy/active-policy.js';
import type { BatchWriter } from '../../src/modules/telemetry/batch-writer.js';
import type { PolicyInForce } from '../../src/domain/policy-in-force.js';
import type { ReceivedMessage } from '../../src/modules/telemetry/received-message.js';
import { reassess, reassessDue } from '../../src/modules/telemetry/reassess.js';
import { noticeSilence } from '../../src/modules/telemetry/silence.js';
import { storedInputs } from '../../src/modules/telemetry/stored-inputs.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';
import { TestClock, useDatabase } from '../support/database.js';
import { makeWriter, message, registerTerminal } from '../support/telemetry.js';

type Volts = readonly [number | null, number | null, number | null];
type Input = { ts: number } & ({ volts: Volts } | { type: 'power_off' | 'power_on' });

const NOW = Date.parse('2026-07-15T10:00:00+08:00');
/** Evening before, so that histories cross midnight. */
const START = Date.parse('2026-07-14T22:00:00+08:00');
const STEP_MS = 5 * MINUTE_MS;
const step = (steps: number): number => START + steps * STEP_MS;
const NORMAL: Volts = [220, 221, 219];
const LOW: Volts = [190, 221, 219];
const DEAD: Volts = [0, 0, 0];

const steps = (from: number, to: number, volts: Volts): Input[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ ts: step(from + index), volts }));

describe('data that arrive late', () => {
  const clock = new TestClock(NOW);
  const held = useDatabase(clock);
  let writer: BatchWriter;
  let rules: PolicyInForce;
  let count = 0;

  beforeAll(async () => {
    Logger.overrideLogger(false); // one test makes a history fail on purpose
    ({ writer } = await makeWriter(held.db));
    const active = await ActivePolicy.activate(held.db, readPolicyFile(builtInPolicyFile('csg')));
    rules = active;
  });

  async function transformer(): Promise<{ id: number; send: (...batches: (readonly Input[])[]) => Promise<void> }> {
    count += 1;
    const code = `R${count}`;
    const { transformerId } = await registerTerminal(held.db, code);
    await held.db.query('update terminal set interval_seconds = $2 where code = $1', [code, STEP_MS / 1000]);
    const messageOf = (input: Input): ReceivedMessage =>
      'volts' in input
        ? message(code, 'meas', { ts: input.ts, ua: input.volts[0], ub: input.volts[1], uc: input.volts[2], f: 50 })
        : message(code, 'event', { ts: input.ts, type: input.type });
    return {
      id: transformerId,
      send: async (...batches) => {
        for (const batch of batches) await writer.write(batch.map(messageOf));
      },
    };
  }

  async function settle(): Promise<void> {
    clock.advance(10_000);
    while (await reassessDue(held.db, rules));
    expect(await held.db.query('select * from reassessment')).toEqual([]);
  }

  /** All that is derived from one transformer's inputs. */
  async function derived(id: number): Promise<unknown> {
    const [supply, episodes, state, checkpoints] = await Promise.all([
      held.db.query(
        `select state, started_at, ended_at, source, end_source from supply_interval
         where transformer_id = $1 and withdrawn_at is null order by started_at, state`,
        [id],
      ),
      held.db.query(
        `select kind, phase, severity, started_at, confirmed_at, last_seen_at, ended_at, worst_value, evidence from episode
         where transformer_id = $1 and withdrawn_at is null order by started_at, kind, phase`,
        [id],
      ),
      held.db.query(
        'select last_ts, known_since, supply, supply_since, supply_source, signals from transformer_state where transformer_id = $1',
        [id],
      ),
      held.db.query('select ts, state from detector_checkpoint where transformer_id = $1 order by ts', [id]),
    ]);
    return { supply, episodes, state, checkpoints };
  }
  const entriesOf = async (id: number): Promise<{ type: string; data: Record<string, unknown> }[]> =>
    held.db.query(
      `select type, data from journal
       where (subject_type = 'transformer' and subject_id = $1 or data->>'transformerId' = $1::text) and type <> 'terminal_event'
       order by id`,
      [id],
    );

  it('come to the same rows in any order, in any batches, however often repeated', async () => {
    const volts: fc.Arbitrary<Volts> = fc.constantFrom(
      NORMAL,
      LOW,
      DEAD,
      [240, 239, 241],
      [156, 84, 240],
      [220, 3, 219],
      [150, 150, 150],
      [null, 221, 243],
      [null, null, null],
    );
    const stretch = fc.record({
      volts,
      readings: fc.integer({ min: 1, max: 9 }),
      gap: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.constantFrom(2, 3, 40)),
      event: fc.option(fc.constantFrom('power_off' as const, 'power_on' as const), { freq: 4, nil: null }),
      // An event at the very instant of a reading is the hardest to order.
      eventAt: fc.constantFrom(0, -STEP_MS, -1000),
    });
    const history = fc.array(stretch, { minLength: 1, maxLength: 6 }).map((stretches) => {
      const inputs: Input[] = [];
      let now = 0;
      for (const { volts: seen, readings, gap, event, eventAt } of stretches) {
        inputs.push(...steps(now, now + readings - 1, seen));
        now += readings;
        if (event !== null) inputs.push({ ts: step(now) + eventAt, type: event });
        now += gap;
      }
      return inputs.filter((input) => input.ts <= NOW);
    });
    const arrival = history.chain((inputs) =>
      fc.record({
        inputs: fc.constant(inputs),
        shuffled: fc.shuffledSubarray([...inputs, ...inputs.filter((_, index) => index % 3 === 0)], {
          minLength: Math.ceil(inputs.length / 2),
        }),
        cuts: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 40 }),
        settleAfter: fc.nat({ max: 4 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(arrival, async ({ inputs, shuffled, cuts, settleAfter }) => {
        const inOrder = await transformer();
        const ordered = inputs.toSorted((a, b) => a.ts - b.ts || Number('type' in a) - Number('type' in b));
        for (let from = 0; from < ordered.length; from += 7) await inOrder.send(ordered.slice(from, from + 7));
        await settle();
        const anyhow = await transformer();
        // What the shuffle left out comes last, so that everything has come in the end.
        const rest = [...shuffled, ...inputs];
        for (let index = 0; rest.length > 0; index += 1) {
          await anyhow.send(rest.splice(0, cuts[index % cuts.length]));
          if (index === settleAfter) await settle();
        }
        await settle();
        expect(await derived(anyhow.id)).toEqual(await derived(inOrder.id));
      }),
      { numRuns: 25 },
    );
  });

  it('come to the same rows while batches and reassessments of two replicas run beside each other', async () => {
    const history = [
      ...steps(0, 20, LOW),
      ...steps(21, 25, DEAD),
      ...steps(26, 60, NORMAL),
      ...steps(80, 100, [240, 240, 240]),
    ];
    const [inOrder, anyhow] = [await transformer(), await transformer()];
    await inOrder.send(history);
    // Every seventh in turn: nearly all of it is late.
    const batches = Array.from({ length: 7 }, (_, offset) => history.filter((_input, index) => index % 7 === offset));
    const progress = { isWriting: true };
    const replica = async (): Promise<void> => {
      while (progress.isWriting) {
        clock.advance(3_000);
        await reassessDue(held.db, rules);
      }
    };
    await Promise.all([
      replica(),
      replica(),
      ...[0, 1].map(async (half) => {
        for (const batch of batches.filter((_batch, index) => index % 2 === half)) await anyhow.send(batch);
        if (half === 0) progress.isWriting = false;
      }),
    ]);
    await settle();
    expect(await derived(anyhow.id)).toEqual(await derived(inOrder.id));
  });

  it('change nothing and say nothing when they are run a second time', async () => {
    const { id, send } = await transformer();
    await send(steps(0, 10, LOW), steps(20, 30, NORMAL), steps(11, 15, DEAD));
    await settle();
    const [before, said] = [await derived(id), await entriesOf(id)];
    const rows = await held.db.query('select * from episode where transformer_id = $1 order by id', [id]);
    await held.db.query('insert into reassessment values ($1, $2, $2)', [id, new Date(START)]);
    await settle();
    expect(await derived(id)).toEqual(before);
    expect(await entriesOf(id)).toEqual(said);
    expect(await held.db.query('select * from episode where transformer_id = $1 order by id', [id])).toEqual(rows);
  });

  it('say since when supply is known: from the first measured word on, of whichever terminal; older ones move it back and are told', async () => {
    const { id, send } = await transformer();
    const knownSince = async (): Promise<unknown> =>
      (await held.db.query('select known_since as since from transformer_state where transformer_id = $1', [id]))[0];
    await send([{ ts: step(20), volts: [null, null, null] }]);
    expect(await knownSince()).toEqual({ since: null });
    await send([...steps(21, 22, NORMAL), ...steps(23, 25, DEAD)], steps(26, 28, NORMAL));
    expect(await knownSince()).toEqual({ since: step(21) });

    // A second terminal was there before, and tells so now; no interval of silence or loss changes by it.
    await held.db.query('insert into terminal (code, transformer_id, interval_seconds) values ($1, $2, $3)', [
      `R-second-${id}`,
      id,
      STEP_MS / 1000,
    ]);
    const word = (steps: number) => message(`R-second-${id}`, 'meas', { ts: step(steps), ua: 220, ub: 221, uc: 219 });
    const spoken = (await entriesOf(id)).length;
    await writer.write([word(20.5), word(19)]);
    await settle();
    expect(await knownSince()).toEqual({ since: step(19) });
    expect((await entriesOf(id)).slice(spoken)).toEqual([
      { type: 'supply_revised', data: { fromTs: step(19), toTs: step(21), why: 'late data' } },
    ]);
    // What is late, but not older than the first word, leaves it.
    await writer.write([word(20.7)]);
    await settle();
    expect(await knownSince()).toEqual({ since: step(19) });
  });

  it('turn a silence into the outage that it was, with a revision that says so', async () => {
    const { id, send } = await transformer();
    await send(steps(0, 5, NORMAL), steps(20, 22, NORMAL));
    await send([{ ts: step(6), type: 'power_off' }, ...steps(7, 10, DEAD)]);
    await settle();
    expect(
      await held.db.query(
        'select state, started_at, ended_at, withdrawn_at is not null as withdrawn from supply_interval where transformer_id = $1 order by id',
        [id],
      ),
    ).toEqual([
      { state: 'unknown', started_at: step(5), ended_at: step(20), withdrawn: true },
      { state: 'dead', started_at: step(6), ended_at: step(20), withdrawn: false },
    ]);
    expect((await entriesOf(id)).at(-1)).toEqual({
      type: 'supply_revised',
      data: { fromTs: step(5), toTs: step(20), why: 'late data' },
    });
  });

  it('keep the row of an outage whose beginning they move', async () => {
    const { id, send } = await transformer();
    await send(steps(0, 2, NORMAL), steps(6, 8, DEAD), steps(9, 10, NORMAL));
    const before = await held.db.query<{ id: number }>(
      'select id from supply_interval where transformer_id = $1 and state = $2',
      [id, 'dead'],
    );
    await send(steps(3, 3, NORMAL), steps(4, 5, DEAD));
    await settle();
    expect(
      await held.db.query(
        'select id, started_at, ended_at, revision from supply_interval where transformer_id = $1 and withdrawn_at is null',
        [id],
      ),
    ).toEqual([{ id: before[0]?.id, started_at: step(4), ended_at: step(9), revision: 1 }]);
  });

  it('withdraw an episode that never was, and open one that was', async () => {
    const { id, send } = await transformer();
    await send(steps(0, 3, LOW), [{ ts: step(4), volts: NORMAL }]);
    await send([{ ts: step(1) + 1, volts: NORMAL }]);
    await settle();
    expect((await entriesOf(id)).map(({ type, data }) => [type, data.withdrawn])).toEqual([
      ['supply_changed', undefined],
      ['episode_opened', undefined],
      ['episode_revised', true],
    ]);

    const other = await transformer();
    await other.send([{ ts: step(0), volts: LOW }], steps(7, 20, NORMAL));
    await other.send(steps(1, 6, LOW));
    await settle();
    expect((await entriesOf(other.id)).map(({ type }) => type).slice(-3)).toEqual([
      'supply_revised',
      'episode_opened',
      'episode_closed',
    ]);
  });

  it('leave rows of the past alone that only begin where something open began', async () => {
    const { id, send } = await transformer();
    // Low voltage begins at the instant at which the supply was lost; the day after, the checkpoint knows the one and not the other.
    await send(steps(0, 2, NORMAL), [
      { ts: step(3), volts: LOW },
      { ts: step(3), type: 'power_off' },
    ]);
    await send(steps(4, 30, LOW), steps(32, 34, LOW), steps(31, 31, LOW));
    await settle();
    expect(await derived(id)).toMatchObject({
      supply: [{ state: 'dead', started_at: step(3), ended_at: step(4) }],
      episodes: [{ kind: 'low_voltage', started_at: step(3), ended_at: null }],
      checkpoints: [{ ts: step(23) }],
    });
  });

  it('leave an episode of yesterday alone that began together with one that goes on', async () => {
    const { id, send } = await transformer();
    await send(steps(0, 5, [190, 190, 219]), steps(6, 30, [220, 190, 219]), steps(32, 34, [220, 190, 219]));
    await send(steps(31, 31, [220, 190, 219]));
    await settle();
    expect(await derived(id)).toMatchObject({
      episodes: [
        { phase: 'A', started_at: step(0), ended_at: step(6) },
        { phase: 'B', started_at: step(0), ended_at: null },
      ],
    });
  });

  it('tell of a supply that is another now', async () => {
    const { id, send } = await transformer();
    await send(steps(0, 2, NORMAL), [{ ts: step(3), volts: [150, 150, 150] }]);
    await send([{ ts: step(2) + 1000, type: 'power_off' }]);
    await settle();
    expect((await entriesOf(id)).slice(-2)).toEqual([
      expect.objectContaining({ type: 'supply_revised' }),
      { type: 'supply_changed', data: { from: 'live', to: 'dead', source: 'power_off' } },
    ]);
  });

  it('leave a transformer unknown that is silent now', async () => {
    const { id, send } = await transformer();
    await send(steps(0, 10, NORMAL));
    clock.advance(16 * MINUTE_MS);
    await held.db.inTx((tx) => noticeSilence(tx, rules, 0));
    await send([{ ts: step(5) + 1, volts: NORMAL }]);
    await settle();
    expect(await derived(id)).toMatchObject({
      supply: [{ state: 'unknown', started_at: step(10), ended_at: null }],
      state: [{ supply: 'unknown', supply_source: 'silence' }],
    });
    expect((await entriesOf(id)).map(({ type }) => type)).toEqual(['supply_changed', 'supply_changed']);
  });

  it('wait their turn when a batch holds the transformer, and are not forgotten', async () => {
    const { id, send } = await transformer();
    await send(steps(5, 9, NORMAL));
    await send(steps(0, 4, NORMAL));
    await held.db.inTx(async (batch) => {
      await batch.query('select from transformer_state where transformer_id = $1 for update', [id]);
      expect(await held.db.inTx((tx) => reassess(tx, id, rules))).toBe(false);
    });
    expect(await held.db.inTx((tx) => reassess(tx, id, rules))).toBe(true);
    expect(await derived(id)).toMatchObject({ state: [{ supply: 'live', supply_since: step(0) }] });
  });

  it('of one transformer that cannot be run hold up no other, and are tried again', async () => {
    const [broken, sound] = [await transformer(), await transformer()];
    for (const { send } of [broken, sound]) await send(steps(5, 9, NORMAL), steps(0, 4, NORMAL));
    await held.db.query(
      'alter table transformer_state add constraint broken check (transformer_id <> ' +
        broken.id +
        ' or supply_since > $$2026-07-14T22:10:00+08:00$$)',
    );
    clock.advance(10_000);
    await reassessDue(held.db, rules);
    expect(await derived(sound.id)).toMatchObject({ state: [{ supply_since: step(0) }] });
    expect(await derived(broken.id)).toMatchObject({ state: [{ supply_since: step(5) }] });
    await held.db.query('alter table transformer_state drop constraint broken');
    clock.advance(11 * MINUTE_MS);
    await settle();
    expect(await derived(broken.id)).toMatchObject({ state: [{ supply_since: step(0) }] });
  });

  it('are read page by page in the order of the rules', async () => {
    const { id, send } = await transformer();
    await send(steps(0, 9, NORMAL), [
      { ts: step(3), type: 'power_off' },
      { ts: step(9) + 5, type: 'power_on' },
    ]);
    const read = async (pageSize: number): Promise<unknown[]> =>
      held.db.inTx(async (tx) => {
        const all = [];
        for await (const page of storedInputs(tx, id, null, pageSize)) all.push(...page);
        return all;
      });
    const whole = await read(1_000);
    expect(whole).toHaveLength(12);
    for (const pageSize of [1, 3, 4, 5, 10]) expect(await read(pageSize)).toEqual(whole);
    await settle();
  });
});
