import { beforeAll, describe, expect, it } from '@jest/globals';
import type { EpisodeData, NewJournalEntry, OutageData } from '../../src/domain/journal-entry.js';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import type { Database } from '../../src/modules/database/database.js';
import { followerOf } from '../../src/modules/warnings/warnings.follower.js';
import { step } from '../../src/modules/journal/follow.js';
import { TestClock, useDatabase } from '../support/database.js';
import { episodeEntry } from '../support/episodes.js';
import { appendAll, buildSmallCity, catchUp, journalOf, POLICY } from '../support/small-city.js';
import type { SmallCity } from '../support/small-city.js';

const clock = new TestClock();
const held = useDatabase(clock);
const follower = followerOf(POLICY);
let city: SmallCity;
const T0 = clock.now() - 2 * HOUR_MS;

beforeAll(async () => {
  city = await buildSmallCity(held.db);
});

interface Row {
  id: number;
  kind: string;
  severity: string;
  status: string;
  title: string;
  evidence: Record<string, unknown>;
  revisions: { changed: Record<string, unknown>; why: string }[];
  resolvedAt: number | null;
}

const warningsOf = (db: Database, subjectType: string, subjectId: number): Promise<Row[]> =>
  db.query<Row>(
    `select id, kind, severity, status, title, evidence, revisions, resolved_at as "resolvedAt" from warning
     where subject_type = $1 and subject_id = $2 order by id`,
    [subjectType, subjectId],
  );

let nextEpisode = 1;
const episode = (
  type: Parameters<typeof episodeEntry>[0],
  id: number,
  transformerId: number,
  data: Partial<EpisodeData> = {},
): NewJournalEntry => episodeEntry(type, id, transformerId, { startedAt: T0, ...data });

async function insertOutage(db: Database, data: Partial<OutageData> = {}): Promise<{ id: number; data: OutageData }> {
  const full: OutageData = {
    state: 'confirmed',
    nature: 'fault',
    rootAssetId: city.feeder,
    startedAt: T0,
    endedAt: null,
    estimatedRestorationAt: null,
    plannedOutageId: null,
    parentId: null,
    momentary: false,
    customersAffected: 8,
    customersRestored: 0,
    ...data,
  };
  const [row] = await db.query<{ id: number }>(
    `insert into outage (state, nature, root_asset_id, area, started_at, known_at, policy_version, planned_outage_id)
     values ($1, $2, $3, 'north', $4, $4, 1, $5) returning id`,
    [full.state, full.nature, full.rootAssetId, new Date(full.startedAt), full.plannedOutageId],
  );
  return { id: row?.id ?? 0, data: full };
}

const outageEntry = (
  type: 'outage_opened' | 'outage_confirmed' | 'outage_restored' | 'outage_closed',
  { id, data }: { id: number; data: OutageData },
  over: Partial<OutageData> = {},
): NewJournalEntry => ({ type, subjectType: 'outage', subjectId: id, happenedAt: T0, data: { ...data, ...over } });

const fired = (
  kind: string,
  stage: string,
  subjectType: 'outage' | 'transformer' | 'reconnection_order',
  subjectId: number,
  dueAt: number,
): NewJournalEntry => ({
  type: 'deadline_fired',
  subjectType,
  subjectId,
  happenedAt: dueAt,
  data: { kind, stage, subjectType, subjectId, dueAt, deadlineId: 1 },
});

describe('warnings of voltage', () => {
  it('makes one warning of two phases, that ends with the last of them', async () => {
    const { db } = held;
    const [transformer = 0] = city.transformers;
    const [b, c] = [nextEpisode++, nextEpisode++];
    await appendAll(
      db,
      episode('episode_opened', b, transformer),
      episode('episode_opened', c, transformer, { phase: 'C', severity: 'major' }),
    );
    await catchUp(db, follower);
    await appendAll(db, episode('episode_closed', c, transformer, { phase: 'C', severity: 'major' }));
    await catchUp(db, follower);
    const [warning, ...others] = await warningsOf(db, 'transformer', transformer);
    expect(others).toEqual([]);
    expect(warning).toMatchObject({
      kind: 'low_voltage',
      status: 'open',
      severity: 'minor',
      title: expect.stringContaining('B 相') as unknown,
    });
    expect(warning?.revisions.at(-1)?.changed).toHaveProperty('severity', ['major', 'minor']);
    await appendAll(db, episode('episode_closed', b, transformer));
    await catchUp(db, follower);
    expect(await warningsOf(db, 'transformer', transformer)).toMatchObject([
      { status: 'resolved', resolvedAt: T0 + HOUR_MS, title: expect.stringContaining('BC 相') as unknown },
    ]);
    const types = await journalOf(db, ['warning_raised', 'warning_changed', 'warning_resolved']);
    expect(types.map((entry) => entry.type)).toEqual([
      'warning_raised',
      'warning_changed',
      'warning_changed',
      'warning_resolved',
    ]);
  });

  it('revises a resolved warning when late data change its episode, and never a second time', async () => {
    const { db } = held;
    const transformer = city.transformers[1] ?? 0;
    const id = nextEpisode++;
    const closed = episode('episode_closed', id, transformer);
    const revised: NewJournalEntry = {
      type: 'episode_revised',
      subjectType: 'episode',
      subjectId: id,
      happenedAt: T0,
      data: {
        ...(closed.data as EpisodeData),
        worstValue: 170,
        severity: 'critical',
        why: '补传数据',
        withdrawn: false,
      },
    };
    await appendAll(db, episode('episode_opened', id, transformer), closed);
    await catchUp(db, follower);
    expect(await warningsOf(db, 'transformer', transformer)).toMatchObject([{ status: 'resolved', revisions: [] }]);
    await appendAll(db, revised, revised);
    await catchUp(db, follower);
    await appendAll(db, revised);
    await catchUp(db, follower);
    const [warning, ...others] = await warningsOf(db, 'transformer', transformer);
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ status: 'resolved' });
    expect(warning?.revisions).toHaveLength(1);
    expect(warning?.revisions[0]).toMatchObject({ why: '迟到数据修正', whyEn: 'corrected by late data' });
  });
});

describe('warnings of outages', () => {
  it('climbs the ladder: expected at 4 h, major at 6 h, over at 8 h, the same warning at 12 h, all ended by the restoration', async () => {
    const { db } = held;
    const outage = await insertOutage(db);
    const stage = (hours: number) => fired('outage_ladder', `${hours}h`, 'outage', outage.id, T0 + hours * HOUR_MS);
    const see = async () =>
      (await warningsOf(db, 'outage', outage.id)).map((row) => `${row.kind} ${row.severity} ${row.status}`);
    await appendAll(db, outageEntry('outage_opened', outage, { state: 'suspected' }));
    await catchUp(db, follower);
    expect(await see()).toEqual([]);
    await appendAll(db, outageEntry('outage_confirmed', outage), stage(4));
    await catchUp(db, follower);
    expect(await see()).toEqual(['outage minor open', 'outage_over_8h_expected minor open']);
    await appendAll(db, stage(6));
    await catchUp(db, follower);
    expect(await see()).toEqual(['outage minor open', 'outage_over_8h_expected major open']);
    await appendAll(db, stage(8));
    await catchUp(db, follower);
    expect(await see()).toEqual([
      'outage minor open',
      'outage_over_8h_expected major resolved',
      'outage_over_8h critical open',
    ]);
    await appendAll(db, stage(12));
    await catchUp(db, follower);
    expect((await warningsOf(db, 'outage', outage.id))[2]?.title).toContain('12 小时');
    await appendAll(db, outageEntry('outage_restored', outage, { state: 'restored', endedAt: T0 + 13 * HOUR_MS }));
    await catchUp(db, follower);
    expect(await see()).toEqual([
      'outage minor resolved',
      'outage_over_8h_expected major resolved',
      'outage_over_8h critical resolved',
    ]);
  });

  it('warns at once when the expected restoration passes 8 h, and takes it back', async () => {
    const { db } = held;
    const outage = await insertOutage(db);
    const changed = (hours: number): NewJournalEntry => ({
      type: 'outage_changed',
      subjectType: 'outage',
      subjectId: outage.id,
      happenedAt: T0,
      data: {
        ...outage.data,
        estimatedRestorationAt: T0 + hours * HOUR_MS,
        changed: ['estimatedRestorationAt'],
        why: '调度',
      },
    });
    await appendAll(db, outageEntry('outage_confirmed', outage), changed(9));
    await catchUp(db, follower);
    expect(await warningsOf(db, 'outage', outage.id)).toMatchObject([
      { kind: 'outage' },
      { kind: 'outage_over_8h_expected', severity: 'major', status: 'open' },
    ]);
    await appendAll(db, changed(8));
    await catchUp(db, follower);
    expect(await warningsOf(db, 'outage', outage.id)).toMatchObject([{ status: 'open' }, { status: 'resolved' }]);
  });

  it('warns of a planned window over 8 h before it begins, and hands over to the outage', async () => {
    const { db } = held;
    const [plan] = await db.query<{ id: number }>(
      `insert into planned_outage (external_id, nature, starts_at, ends_at, registered_at, changed_at)
       values ('P-1', 'planned', $1, $2, $1, $1) returning id`,
      [new Date(T0), new Date(T0 + 9 * HOUR_MS)],
    );
    const planId = plan?.id ?? 0;
    await db.query('insert into planned_outage_asset values ($1, $2)', [planId, city.feeder]);
    const data = { startsAt: T0, endsAt: T0 + 9 * HOUR_MS, nature: 'planned' as const };
    await appendAll(db, {
      type: 'planned_outage_registered',
      subjectType: 'planned_outage',
      subjectId: planId,
      happenedAt: T0,
      data,
    });
    await catchUp(db, follower);
    expect(await warningsOf(db, 'planned_outage', planId)).toMatchObject([
      { kind: 'outage_over_8h_expected', status: 'open' },
    ]);
    const outage = await insertOutage(db, { nature: 'planned', plannedOutageId: planId });
    await appendAll(db, outageEntry('outage_opened', outage), outageEntry('outage_confirmed', outage));
    await catchUp(db, follower);
    expect(await warningsOf(db, 'planned_outage', planId)).toMatchObject([{ status: 'resolved' }]);
    expect(await warningsOf(db, 'outage', outage.id)).toMatchObject([
      { kind: 'outage', severity: 'info' },
      { kind: 'outage_over_8h_expected', severity: 'minor', status: 'open' },
    ]);
  });
});

describe('replay and replicas', () => {
  it('leaves the same live warnings when the whole journal is read again', async () => {
    const { db } = held;
    const before = await db.query('select id, status, revisions from warning order by id');
    const live = await db.query(`select id from warning where status <> 'resolved' order by id`);
    await db.query(`delete from follower_cursor where follower = 'warnings'`);
    await catchUp(db, follower);
    const dead = await db.query(
      `select kind, subject_type, subject_id from warning where status <> 'resolved'
       group by 1, 2, 3 having count(*) > 1`,
    );
    expect(dead).toEqual([]);
    expect((await db.query(`select id from warning where status <> 'resolved'`)).length).toBe(live.length);
    expect(before.length).toBeGreaterThan(0);
  });

  it('lets two replicas share the work: one live warning per kind and subject', async () => {
    const { db } = held;
    const transformer = city.transformers[2] ?? 0;
    const entries = Array.from({ length: 60 }, (_, index) =>
      episode('episode_worsened', 900 + (index % 3), transformer, {
        phase: (['A', 'B', 'C'] as const)[index % 3] ?? 'A',
        worstValue: 190 - index,
      }),
    );
    await appendAll(db, ...entries);
    await Promise.all(
      [1, 2, 3].map(async () => {
        for (let round = 0; round < 40; round += 1) await step(db, { ...follower, batchSize: 4 });
      }),
    );
    expect(await warningsOf(db, 'transformer', transformer)).toMatchObject([
      { status: 'open', title: expect.stringContaining('ABC') as unknown },
    ]);
  });
});

describe('terminals', () => {
  it('raises terminal_offline when its deadline fires, not in an open outage, and ends it when the terminal is heard', async () => {
    const { db } = held;
    const [, , offline = 0, dark = 0] = city.transformers;
    const supply = (id: number, to: 'unknown' | 'live'): NewJournalEntry => ({
      type: 'supply_changed',
      subjectType: 'transformer',
      subjectId: id,
      happenedAt: T0,
      data: { from: 'live', to, source: 'silence' },
    });
    await db.query(`update outage set state = 'closed', ended_at = started_at`);
    const outage = await insertOutage(db, { rootAssetId: dark });
    await db.query(
      `insert into outage_transformer (outage_id, transformer_id, started_at, source, customers) values ($1, $2, $3, 'test', 2)`,
      [outage.id, dark, new Date(T0)],
    );
    await db.query(
      `insert into transformer_state (transformer_id, supply, supply_since) values ($1, 'unknown', $3), ($2, 'unknown', $3)`,
      [offline, dark, new Date(T0)],
    );
    await appendAll(db, supply(offline, 'unknown'), supply(dark, 'unknown'));
    await catchUp(db, follower);
    const rows = await db.query<{ due: number }>(
      `select due_at as due from deadline where kind = 'terminal_offline' and state = 'pending'`,
    );
    expect(rows).toEqual([{ due: T0 + 30 * MINUTE_MS }, { due: T0 + 30 * MINUTE_MS }]);
    await appendAll(
      db,
      ...[offline, dark].map((id) => fired('terminal_offline', 'notice', 'transformer', id, T0 + 30 * MINUTE_MS)),
    );
    await catchUp(db, follower);
    const kinds = async (id: number) =>
      (await warningsOf(db, 'transformer', id))
        .filter((row) => row.kind === 'terminal_offline')
        .map((row) => row.status);
    expect([await kinds(offline), await kinds(dark)]).toEqual([['open'], []]);
    await appendAll(db, supply(offline, 'live'));
    await catchUp(db, follower);
    expect(await kinds(offline)).toEqual(['resolved']);
    // The outage is over and the other terminal is still silent: from now on that is news.
    await db.query(`update outage set state = 'closed', ended_at = $2 where id = $1`, [
      outage.id,
      new Date(clock.now()),
    ]);
    await appendAll(db, outageEntry('outage_closed', outage, { state: 'closed', endedAt: clock.now() }));
    await catchUp(db, follower);
    const [again] = await db.query<{ due: number; state: string }>(
      `select due_at as due, state from deadline where kind = 'terminal_offline' and subject_id = $1`,
      [dark],
    );
    expect(again).toEqual({ due: clock.now() + 30 * MINUTE_MS, state: 'pending' });
    await appendAll(db, fired('terminal_offline', 'notice', 'transformer', dark, clock.now() + 30 * MINUTE_MS));
    await catchUp(db, follower);
    expect(await kinds(dark)).toEqual(['open']);
  });
});
