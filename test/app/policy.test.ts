import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ActivePolicy } from '../../src/modules/policy/active-policy.js';
import { overlay } from '../../src/domain/policy.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';
import { createTestDatabase, TestClock, useDatabase } from '../support/database.js';
import { eventually, startTestService } from '../support/service.js';
import type { TestService } from '../support/service.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');
const HOUR = 3_600_000;

interface Version {
  version: number;
  origin: string;
  changedBy: string;
  note: string;
  inForce: boolean;
  effectiveFrom: string;
}
interface Problem {
  code: string;
  errors: { path: string; message: string }[];
}
interface Changed {
  version: number | null;
  replaces: number;
  supersedes: { version: number; effectiveFrom: string }[];
  changes: { path: string; before: unknown; after: unknown; sourceAfter: string | null }[];
}
type Whole = Version & { policy: { outage: { longHours: { value: number } } }; sources: Record<string, string> };

const longHours = (hours: number): string => `
extends: current
outage:
  longHours: { value: ${hours}, source: a new rule }
`;

describe('the policy over HTTP, on two replicas of one database', () => {
  const clock = new TestClock(START);
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let one: TestService;
  let two: TestService;
  const activeOf = (service: TestService): ActivePolicy => service.app.get(ActivePolicy);

  beforeAll(async () => {
    database = await createTestDatabase();
    const env = { DATABASE_URL: database.url };
    one = await startTestService({ clock, env });
    two = await startTestService({ clock, env: { ...env, ROLES: 'api' } });
  });
  afterAll(async () => {
    await one.stop();
    await two.stop();
    await database.drop();
  });

  it('begins with the file, every number with its source', async () => {
    const { body } = await two.call<Whole>('GET', '/policy');
    expect(body).toMatchObject({ version: 1, origin: 'file', changedBy: 'start', inForce: true });
    expect(body.policy.outage.longHours.value).toBe(8);
    expect(body.sources['voltage.lowV']).toContain('GB/T 12325');
  });

  it('names every wrong value with its path and bounds, and writes nothing', async () => {
    const text =
      'extends: csg\noutage: { groupShare: { value: 7, source: x } }\nvoltage: { lowMajorV: { value: 199, source: x } }\n';
    const wrong = await one.call<Problem>('POST', '/policy', { text, note: 'a try' });
    expect([wrong.status, wrong.body.code]).toEqual([400, 'invalid_input']);
    expect(wrong.body.errors).toEqual([
      { path: 'body.text.outage.groupShare', message: 'must be a number from 0 to 1, not 7' },
    ]);
    for (const [body, path] of [
      [{ text: 'outage: [', note: 'x' }, 'body.text'],
      [{ text: 'extends: nowhere', note: 'x' }, 'body.text.extends'],
      [{ text: 'extends: csg' }, 'body.note'],
      [{ text: 'extends: csg', note: 'x', effectiveFrom: START - 1 }, 'body.effectiveFrom'],
      [{ text: { profile: 'mine' }, note: 'x' }, 'body.text.telemetry'],
    ] as const) {
      const { status, body: problem } = await one.call<Problem>('POST', '/policy', body);
      expect([status, problem.errors[0]?.path]).toEqual([400, path]);
    }
    expect((await one.call<{ items: Version[] }>('GET', '/policy/versions')).body.items).toHaveLength(1);
  });

  it('lets administrators change it, nobody else', async () => {
    const { body } = await one.call<{ key: string }>('POST', '/api-keys', { name: 'lin', roles: ['dispatcher'] });
    expect((await one.call('POST', '/policy', { text: longHours(6), note: 'x' }, body.key)).status).toBe(403);
    expect((await one.call('GET', '/policy', undefined, body.key)).status).toBe(200);
  });

  it('says what would change in a dry run', async () => {
    const { body } = await one.call<Changed>('POST', '/policy?dryRun=true', { text: longHours(6), note: 'six hours' });
    expect(body).toMatchObject({ version: null, replaces: 1 });
    expect(body.changes).toMatchObject([{ path: 'outage.longHours', before: 8, after: 6, sourceAfter: 'a new rule' }]);
    expect(activeOf(one).version).toBe(1);
  });

  it('takes effect on both replicas from the stated instant on, without a restart', async () => {
    const effectiveFrom = START + HOUR;
    const { body } = await one.call<Changed>('POST', '/policy', {
      text: longHours(6),
      note: 'six hours',
      effectiveFrom,
    });
    expect(body).toMatchObject({ version: 2, replaces: 1 });
    await eventually(async () => activeOf(two).at(effectiveFrom).version === 2);
    for (const service of [one, two]) {
      await service.goTo(effectiveFrom - 1);
      expect([activeOf(service).version, activeOf(service).policy.outage.longHours]).toEqual([1, 8]);
      await service.goTo(effectiveFrom);
      expect([activeOf(service).version, activeOf(service).policy.outage.longHours]).toEqual([2, 6]);
      const board = await service.call<{ longHours: number }>('GET', '/board');
      expect(board.body.longHours).toBe(6);
    }
  });

  it('keeps who changed what, and tells differences between any two versions', async () => {
    const { body } = await two.call<{ items: Version[]; nextCursor: string | null }>('GET', '/policy/versions?limit=1');
    expect(body.items).toMatchObject([
      { version: 2, origin: 'person', changedBy: 'bootstrap', note: 'six hours', inForce: true },
    ]);
    const rest = await two.call<{ items: Version[] }>('GET', `/policy/versions?cursor=${body.nextCursor ?? ''}`);
    expect(rest.body.items).toMatchObject([{ version: 1, inForce: false }]);
    const diff = await two.call<{ items: object[] }>('GET', '/policy/versions/2/diff/1');
    expect(diff.body.items).toMatchObject([
      { path: 'outage.longHours', before: 6, after: 8, sourceBefore: 'a new rule' },
    ]);
    expect((await two.call<Whole>('GET', '/policy/versions/1')).body.policy.outage.longHours.value).toBe(8);
    expect((await two.call('GET', '/policy/versions/9/diff/1')).status).toBe(404);
    const [entry] = await one.db.query<{ actor: string; data: object }>(
      `select actor, data from journal where type = 'policy_changed' order by id desc limit 1`,
    );
    expect(entry).toEqual({ actor: 'bootstrap', data: { versionId: 2, profile: 'csg', effectiveAt: START + HOUR } });
  });

  it('replaces a version that is yet to begin only when the caller names it', async () => {
    const scheduled = { text: longHours(4), note: 'four, in August', effectiveFrom: START + 500 * HOUR };
    expect((await one.call<Changed>('POST', '/policy', scheduled)).body).toMatchObject({ version: 3, supersedes: [] });
    const change = { text: longHours(12), note: 'twelve, now' };
    const trial = await two.call<Changed>('POST', '/policy?dryRun=true', change);
    expect(trial.body.supersedes).toEqual([{ version: 3, effectiveFrom: '2026-08-05T06:00:00+08:00' }]);
    const refused = await two.call<Problem & { detail: string }>('POST', '/policy', change);
    expect([refused.status, refused.body.code]).toEqual([409, 'policy_version_scheduled']);
    expect(refused.body.detail).toContain('version 3, to begin at 2026-08-05T06:00:00+08:00. Give "supersedes": [3]');
    const wrong = await two.call<Problem>('POST', '/policy', { ...change, supersedes: [3, 1] });
    expect([wrong.status, wrong.body.errors[0]?.path]).toEqual([400, 'body.supersedes']);
    // What begins later lets it be until then.
    const later = { ...change, note: 'twelve, in September', effectiveFrom: START + 1_000 * HOUR };
    expect((await two.call<Changed>('POST', '/policy', later)).body).toMatchObject({ version: 4, replaces: 3 });
    const both = { text: longHours(6), note: 'six for good', supersedes: [3, 4] };
    expect((await two.call<Changed>('POST', '/policy', both)).body).toMatchObject({ version: 5, replaces: 2 });
    await eventually(async () => activeOf(one).at(START + 1_000 * HOUR).version === 5);
  });
});

describe('the file at the start', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  const file = readPolicyFile(builtInPolicyFile('csg'));
  const changed = (hours: number) => {
    const raw = overlay(file.raw, { reconnection: { limitHours: { value: hours, source: 'a test' } } });
    return { ...file, raw };
  };
  const limitOf = ({ version, policy }: ActivePolicy) => [version, policy.reconnection.limitHours];

  it('is recorded when it changed since it was recorded last; what a person wrote since then stays until then', async () => {
    expect(limitOf(await ActivePolicy.activate(held.db, file))).toEqual([1, 12]);
    expect(limitOf(await ActivePolicy.activate(held.db, file))).toEqual([1, 12]);
    await held.db.query(
      `insert into policy_version (profile, digest, policy, from_file, effective_from, recorded_at, changed_by, note)
       values ('csg', 'x', $1, false, $2, $2, 'lin', 'ten')`,
      [JSON.stringify(changed(10).raw), new Date(START)],
    );
    expect(limitOf(await ActivePolicy.activate(held.db, file))).toEqual([2, 10]);
    expect(limitOf(await ActivePolicy.activate(held.db, changed(9)))).toEqual([3, 9]);
    expect(limitOf(await ActivePolicy.activate(held.db, changed(9)))).toEqual([3, 9]);
  });

  it('fills in settings that an older version does not know, and passes over a version that contradicts itself', async () => {
    const { warnings: _, ...older } = changed(7).raw as Record<string, unknown>;
    const broken = overlay(file.raw, { voltage: { lowV: { value: 999, source: 'x' } } });
    for (const raw of [older, broken])
      await held.db.query(
        `insert into policy_version (profile, digest, policy, from_file, effective_from, recorded_at, changed_by)
         values ('csg', 'y', $1, false, $2, $2, 'lin')`,
        [JSON.stringify(raw), new Date(START)],
      );
    const active = await ActivePolicy.activate(held.db, changed(9));
    expect(limitOf(active)).toEqual([4, 7]);
    expect(active.policy.warnings.offlineMinutes).toBe(30);
  });
});
