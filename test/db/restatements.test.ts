import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { at } from '../../src/modules/database/database.js';
import { append } from '../../src/modules/journal/append.js';
import { importCustomers } from '../../src/modules/network/import-customers.js';
import { changeOutage } from '../../src/modules/outages/outage-decisions.js';
import { keepLook, knownNow, stateSeen } from '../../src/modules/reports/known-reports.js';
import { listPublished, publishReliability } from '../../src/modules/reports/published-reports.js';
import { reportReliability } from '../../src/modules/reports/reliability-report.js';
import { restate } from '../../src/modules/reports/restatements.js';
import type { Restatement } from '../../src/modules/reports/restatements.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, reviseSupply, settleOutages, tellSupply } from '../support/grid.js';
import type { Grid } from '../support/grid.js';
import { POLICY } from '../support/small-city.js';

const START = Date.parse('2026-07-15T00:00:00+08:00');
const CODES = ['F1.A.1', 'F1.A.2', 'F2.A.1'];

type Step =
  | { kind: 'happens'; what: 'out' | 'silent' | 'live'; code: string }
  | { kind: 'news'; of: 'begin' | 'end' | 'never'; code: string; which: number; minutes: number }
  | { kind: 'moves'; code: string; to: string };

describe('what published reports say now', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  let grid: Grid;
  const id = (code: string): number => grid.get(code) ?? 0;
  beforeAll(async () => {
    grid = await buildGrid(held.db, { feeders: 2, sections: 1, transformers: 2, customers: 4 });
    // What is unknown all the time has no more news.
    await held.db.query(
      `insert into transformer_state (transformer_id, known_since) select id, '2020-01-01' from asset where kind = 'transformer'`,
    );
  });
  beforeEach(begin);

  async function begin(): Promise<void> {
    clock.set(START);
    await held.db.query(
      'truncate journal, outage, outage_transformer, supply_interval, deadline, published_report cascade',
    );
    await held.db.query('truncate customer_transformer');
    await held.db.query(
      `update customer c set transformer_id = a.id from asset a where a.code = split_part(c.account_no, '/', 1)`,
    );
    await held.db.query(
      `insert into customer_transformer (customer_id, transformer_id, valid_from) select id, transformer_id, '-infinity' from customer`,
    );
  }

  async function publish(from: number, to: number): Promise<void> {
    const ask = { from, to, area: null, nature: null, sustainedMinutes: 3, cemiMoreThan: 0, by: 'none' as const };
    const report = await held.db.snapshot((tx) => reportReliability(tx, ask, POLICY, true));
    const told = { at: clock.now(), policyVersion: 1, note: '', by: 'analyst' };
    await held.db.inTx((tx) => publishReliability(tx, { ask, ...report, ...told }));
  }

  async function look(): Promise<Restatement[]> {
    const found = await held.db.snapshot(async (tx) => {
      const published = await listPublished(tx, null, 100);
      const known = await knownNow(tx, published, POLICY);
      const seen = await stateSeen(tx);
      const look = { known: [...known.values()], seen, lookedAt: tx.now, policyVersion: POLICY.version };
      return { look, restated: await restate(tx, published, known) };
    });
    await held.db.inTx((tx) => keepLook(tx, found.look));
    return found.restated;
  }

  /** Every report worked out anew. */
  async function lookSlowly(): Promise<Restatement[]> {
    await held.db.query('delete from restatement');
    return look();
  }

  async function fallSilent(code: string): Promise<void> {
    const now = clock.now();
    await held.db.inTx(async (tx) => {
      await tx.query(
        `insert into supply_interval (transformer_id, state, started_at, source) values ($1, 'unknown', $2, 'silence')`,
        [id(code), at(now)],
      );
      const data = { from: 'live', to: 'unknown', source: 'silence' } as const;
      await append(tx, [
        { type: 'supply_changed', subjectType: 'transformer', subjectId: id(code), happenedAt: now, data },
      ]);
    });
  }

  /** An interval of a transformer that is over is found to have begun, or ended, at another time, or never to have been. */
  async function learn(code: string, what: 'begin' | 'end' | 'never', which: number, minutes: number): Promise<void> {
    const over = await held.db.query<{ id: number; since: number; until: number }>(
      `select id, started_at as since, ended_at as until from supply_interval
       where transformer_id = $1 and withdrawn_at is null and ended_at is not null order by started_at`,
      [id(code)],
    );
    const found = over[which % over.length];
    if (found === undefined) return;
    const moved = Math.min(minutes * MINUTE_MS, found.until - found.since - MINUTE_MS);
    const since = what === 'begin' ? found.since + moved : found.since;
    const until = what === 'end' ? found.until - moved : found.until;
    await reviseSupply(held.db, id(code), what === 'end' ? until : found.since, (tx) =>
      tx.query(
        `update supply_interval set started_at = $2, ended_at = $3, withdrawn_at = $4, revision = revision + 1 where id = $1`,
        [found.id, at(since), at(until), what === 'never' ? at(clock.now()) : null],
      ),
    );
  }

  const move = (code: string, to: string): Promise<unknown> =>
    held.db.inTx((tx) =>
      importCustomers(tx, [{ line: 2, cells: { account_no: `${code}/1`, transformer_code: to } }], 'billing'),
    );

  const code = fc.constantFrom(...CODES);
  const happening: fc.Arbitrary<Step> = fc.record({
    kind: fc.constant('happens' as const),
    what: fc.constantFrom('out' as const, 'silent' as const, 'live' as const),
    code,
  });
  const news: fc.Arbitrary<Step> = fc.record({
    kind: fc.constant('news' as const),
    of: fc.constantFrom('begin' as const, 'end' as const, 'never' as const),
    code,
    which: fc.nat(5),
    minutes: fc.integer({ min: 1, max: 600 }),
  });
  const moving: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('moves' as const), code, to: code });
  const wait = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 30, max: 400 }));
  const story = fc.record({
    before: fc.array(fc.tuple(happening, wait), { minLength: 2, maxLength: 8 }),
    hours: fc.integer({ min: 1, max: 30 }),
    // Looked at when no length can change any more but by news; sometimes earlier.
    lookedAfterHours: fc.constantFrom(1, 8, 9, 20),
    after: fc.array(fc.tuple(fc.oneof(happening, news, news, moving), wait), { minLength: 1, maxLength: 4 }),
  });

  async function play(step: Step): Promise<void> {
    if (step.kind === 'happens') await happen(step.what, step.code);
    else if (step.kind === 'news') await learn(step.code, step.of, step.which, step.minutes);
    else await move(step.code, step.to);
    await settleOutages(held.db);
  }

  async function happen(what: 'out' | 'silent' | 'live', code: string): Promise<void> {
    const isOut = 'select from supply_interval where transformer_id = $1 and ended_at is null';
    if (what !== 'live' && (await held.db.query(isOut, [id(code)])).length > 0) return;
    if (what === 'silent') return fallSilent(code);
    await tellSupply(held.db, [{ transformerId: id(code), to: what === 'out' ? 'dead' : 'live', at: clock.now() }]);
  }

  it('is the same whether it was kept or is worked out anew, whatever happened and became known since', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ before, hours, lookedAfterHours, after }) => {
        await begin();
        const playAll = async (steps: [Step, number][]): Promise<void> => {
          for (const [step, minutes] of steps) {
            await play(step);
            clock.advance(minutes * MINUTE_MS);
          }
        };
        await playAll(before);
        const end = clock.now();
        await publish(end - hours * HOUR_MS, end);
        clock.advance(lookedAfterHours * HOUR_MS);
        await look();
        await playAll(after);
        expect(await look()).toEqual(await lookSlowly());
      }),
      { numRuns: 25 },
    );
  });

  it('is worked out anew only when the journal tells of something it rests on', async () => {
    const isKept = async (): Promise<boolean> => {
      await look();
      await held.db.query(`update restatement set known = jsonb_set(known, '{name}', '"kept"')`);
      const [restated] = await look();
      return restated?.known.name === 'kept';
    };
    await publish(START - 24 * HOUR_MS, START);
    clock.set(START + 7 * HOUR_MS);
    expect(await isKept()).toBe(false); // what went on over the end may yet become a long interruption
    clock.set(START + 9 * HOUR_MS);
    await tellSupply(held.db, [{ transformerId: id('F1.A.1'), to: 'dead', at: clock.now() }]);
    await settleOutages(held.db);
    expect(await isKept()).toBe(true);

    clock.advance(HOUR_MS);
    await tellSupply(held.db, [{ transformerId: id('F1.A.1'), to: 'live', at: clock.now() }]);
    await settleOutages(held.db);
    expect((await look())[0]?.known.name).toBe('kept');
    // Late data: it had begun before the end of the report.
    await reviseSupply(held.db, id('F1.A.1'), START - HOUR_MS, (tx) =>
      tx.query('update supply_interval set started_at = $2 where transformer_id = $1', [
        id('F1.A.1'),
        at(START - HOUR_MS),
      ]),
    );
    await settleOutages(held.db);
    expect(await look()).toMatchObject([
      { isChanged: true, known: { name: '', saidiMinutes: 15, saifi: 0.25 }, outages: [{ customerMinutes: 240 }] },
    ]);
    expect(await isKept()).toBe(true);
    await move('F1.A.1', 'F2.A.1');
    expect((await look())[0]?.known.name).toBe('');
  });

  it('tells of an outage whose nature was corrected, though the sums are the same', async () => {
    await tellSupply(held.db, [{ transformerId: id('F1.A.1'), to: 'dead', at: START }]);
    clock.advance(30 * MINUTE_MS);
    await tellSupply(held.db, [{ transformerId: id('F1.A.1'), to: 'live', at: clock.now() }]);
    await settleOutages(held.db);
    await publish(START, clock.now());
    clock.advance(9 * HOUR_MS); // what was kept stands by now, but for what is decided of it
    expect(await look()).toMatchObject([{ isChanged: false, outages: [] }]);
    const [outage] = await held.db.query<{ id: number }>('select id from outage');
    clock.advance(MINUTE_MS);
    await held.db.inTx((tx) =>
      changeOutage(tx, outage?.id ?? 0, { nature: 'planned' }, { actor: 'dispatcher', active: POLICY }),
    );
    expect(await look()).toMatchObject([
      {
        isChanged: true,
        published: { fault: { saidiMinutes: 7.5 }, planned: { saidiMinutes: 0 } },
        known: { saidiMinutes: 7.5, fault: { saidiMinutes: 0 }, planned: { saidiMinutes: 7.5 } },
        outages: [{ outageId: outage?.id, customerMinutes: 0, revisions: [{ type: 'outage_changed' }] }],
      },
    ]);
  });
});
