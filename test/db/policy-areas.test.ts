import { beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { Config } from '../../src/config.js';
import { PolicyTimeline } from '../../src/domain/policy-in-force.js';
import type { PolicyVersion } from '../../src/domain/policy-in-force.js';
import { readPolicyTree } from '../../src/domain/policy-tree.js';
import { overlay } from '../../src/domain/policy.js';
import { ActivePolicy } from '../../src/modules/policy/active-policy.js';
import { changePolicy } from '../../src/modules/policy/change-policy.js';
import { sweep } from '../../src/modules/deadlines/deadline-sweep.js';
import { isLong, longParameters } from '../../src/modules/outages/long-hours.js';
import { followOutages } from '../../src/modules/outages/outage-follower.js';
import { BatchWriter } from '../../src/modules/telemetry/batch-writer.js';
import { reassessDue } from '../../src/modules/telemetry/reassess.js';
import { TelemetryMetrics } from '../../src/modules/telemetry/telemetry.metrics.js';
import { followerOf as warningsFollowerOf } from '../../src/modules/warnings/warnings.follower.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, tellSupply } from '../support/grid.js';
import type { Grid } from '../support/grid.js';
import { appendAll, catchUp } from '../support/small-city.js';
import { message } from '../support/telemetry.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const file = readPolicyFile(builtInPolicyFile('csg'));
const leaf = (value: unknown) => ({ value, source: 'a test' });

/** A version of the built-in policy with some of it replaced. */
function versionOf(version: number, effectiveFrom: number, over: object): PolicyVersion {
  const reading = readPolicyTree(overlay(file.raw, over));
  if ('errors' in reading) throw new Error(JSON.stringify(reading.errors));
  return { ...reading, version, effectiveFrom };
}

/** Three feeders F1 to F3, each an area of its own, with one transformer each. */
describe('limits by area and by instant', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  let grid: Grid;

  beforeEach(async () => {
    clock.set(START);
    await held.db.query(
      `truncate asset, terminal, customer, transformer_state, supply_interval, outage, warning, deadline, episode, journal,
         follower_cursor, reading, policy_version restart identity cascade`,
    );
    grid = await buildGrid(held.db, { feeders: 3, sections: 1, transformers: 1, customers: 1 });
  });

  const timeline = (...versions: PolicyVersion[]) => new PolicyTimeline(versions.toReversed());
  const writerBy = (policies: PolicyTimeline): BatchWriter =>
    new BatchWriter(
      held.db,
      new ActivePolicy(clock, policies, file),
      Config.read({}),
      new TelemetryMetrics(new Registry()),
    );
  /** Both transformers at so many volts, minute by minute. */
  const measure = async (writer: BatchWriter, volts: number, fromMinute: number, toMinute: number): Promise<void> => {
    for (let minute = fromMinute; minute < toMinute; minute += 1) {
      clock.set(START + minute * MINUTE);
      const reading = { ts: START + minute * MINUTE, ua: volts, ub: 220, uc: 220 };
      const batch = ['D-F1.A.1', 'D-F2.A.1'].map((terminal) => message(terminal, 'meas', reading));
      await writer.write(batch.map((one) => ({ ...one, receivedAt: clock.now() })));
    }
  };
  const episodes = () =>
    held.db.query<{ code: string; startedAt: number; version: number }>(
      `select a.code, e.started_at as "startedAt", e.policy_version as version
       from episode e join asset a on a.id = e.transformer_id where e.withdrawn_at is null order by a.code, e.started_at`,
    );

  it('makes a voltage low in the one area that asks for more, by its own hold time', async () => {
    const policies = timeline(versionOf(1, 0, { areas: { F2: { voltage: { lowV: leaf(205) } } } }));
    await measure(writerBy(policies), 202, 0, 20);
    expect((await episodes()).map(({ code }) => code)).toEqual(['F2.A.1']);
  });

  it('judges by a new limit from its instant on, and what came before by the old one, also when it is run again', async () => {
    const policies = timeline(versionOf(1, 0, {}), versionOf(2, START + 30 * MINUTE, { voltage: { lowV: leaf(205) } }));
    await measure(writerBy(policies), 202, 0, 60);
    const low = await episodes();
    expect(low.map(({ startedAt, version }) => [(startedAt - START) / MINUTE, version])).toEqual([
      [30, 2],
      [30, 2],
    ]);
    await held.db.query(
      `insert into reassessment (transformer_id, from_ts, requested_at) select id, $1, $1 from asset where kind = 'transformer'`,
      [new Date(START - HOUR)],
    );
    clock.set(START + HOUR + 5 * MINUTE);
    while (await reassessDue(held.db, policies.at(clock.now())));
    expect((await episodes()).map(({ startedAt }) => startedAt)).toEqual(low.map(({ startedAt }) => startedAt));
    expect(await held.db.query(`select 1 from journal where type = 'episode_revised'`)).toEqual([]);
  });

  const lose = async (code: string, at: number, policies: PolicyTimeline): Promise<void> => {
    await tellSupply(held.db, [{ transformerId: grid.get(code) ?? 0, to: 'dead', at }]);
    await digestOutages(policies);
  };
  const digestOutages = (policies: PolicyTimeline): Promise<void> =>
    catchUp(held.db, {
      name: 'outages',
      types: ['supply_changed', 'deadline_fired'],
      handle: (tx, entries) => followOutages(tx, entries, policies.at(tx.now)),
    });
  const ladders = async (): Promise<Record<string, string[]>> => {
    const rows = await held.db.query<{ area: string; stages: string[] }>(
      `select o.area, array_agg(d.stage order by d.due_at) as stages from deadline d join outage o on o.id = d.subject_id
       where d.kind in ('outage_ladder', 'outage_momentary') group by o.area`,
    );
    return Object.fromEntries(rows.map(({ area, stages }) => [area, stages]));
  };

  it('gives an outage the ladder of its area; a later version sets that of new outages only', async () => {
    const islands = { areas: { F2: { outage: { longHours: leaf(2), ladderHours: leaf([1, 2]) } } } };
    const later = { outage: { ladderHours: leaf([8]) } };
    const policies = timeline(versionOf(1, 0, islands), versionOf(2, START + HOUR, later));
    await lose('F1.A.1', START, policies);
    await lose('F2.A.1', START, policies);
    const before = await ladders();
    expect(before).toEqual({ F1: ['confirm', '4h', '6h', '8h', '12h', '24h'], F2: ['confirm', '1h', '2h'] });
    clock.set(START + 2 * HOUR);
    expect(await ladders()).toEqual(before);
    await lose('F3.A.1', clock.now(), policies);
    expect(await ladders()).toEqual({ ...before, F3: ['confirm', '8h'] });
  });

  it('warns of a silent terminal in the time of its area', async () => {
    const active = timeline(versionOf(1, 0, { areas: { F2: { warnings: { offlineMinutes: leaf(10) } } } })).at(START);
    await appendAll(
      held.db,
      ...['F1.A.1', 'F2.A.1'].map((code) => ({
        type: 'supply_changed' as const,
        subjectType: 'transformer' as const,
        subjectId: grid.get(code) ?? 0,
        happenedAt: START,
        data: { from: 'live' as const, to: 'unknown' as const, source: 'silence' },
      })),
    );
    await catchUp(held.db, warningsFollowerOf(active));
    const due = await held.db.query<{ area: string; dueAt: number }>(
      `select a.area, d.due_at as "dueAt" from deadline d join asset a on a.id = d.subject_id
       where d.kind = 'terminal_offline' order by a.area`,
    );
    expect(due.map(({ area, dueAt }) => [area, (dueAt - START) / MINUTE])).toEqual([
      ['F1', 30],
      ['F2', 10],
    ]);
  });

  it('weighs an outage by the limits of its area, and counts the long ones so', async () => {
    const strict = {
      warnings: { outageMajorCustomers: leaf(1) },
      outage: { longHours: leaf(2), ladderHours: leaf([2]) },
    };
    const policies = timeline(versionOf(1, 0, { areas: { F2: strict } }));
    for (const code of ['F1.A.1', 'F2.A.1']) await lose(code, START, policies);
    clock.set(START + 3 * HOUR);
    await sweep(held.db);
    await digestOutages(policies);
    await catchUp(held.db, warningsFollowerOf(policies.at(clock.now())));
    expect(
      await held.db.query(
        `select a.area, w.kind, w.severity from warning w join asset a on a.id = w.asset_id order by a.area, w.kind`,
      ),
    ).toEqual([
      { area: 'F1', kind: 'outage', severity: 'minor' },
      { area: 'F2', kind: 'outage', severity: 'major' },
      { area: 'F2', kind: 'outage_over_8h', severity: 'critical' },
    ]);
    const long = await held.db.query<{ area: string }>(
      `select area from outage where ${isLong('$1', '$2', '$3')}`,
      longParameters(clock.now(), policies.at(clock.now())),
    );
    expect(long).toEqual([{ area: 'F2' }]);
  });

  it('keeps one version through a transaction in which another is written', async () => {
    const active = await ActivePolicy.activate(held.db, file);
    await held.db.inTx(async (tx) => {
      const taken = active.at(tx.now);
      const change = {
        text: { extends: 'current', outage: { groupShare: leaf(0.9) } },
        effectiveFrom: null,
        supersedes: [],
        note: 'x',
        changedBy: 'lin',
      };
      await held.db.inTx((other) => changePolicy(other, active, change, false));
      await active.refresh(held.db);
      expect([taken.version, taken.policyFor('F1').outage.groupShare]).toEqual([1, 0.5]);
    });
    expect([active.version, active.policy.outage.groupShare]).toEqual([2, 0.9]);
  });
});
