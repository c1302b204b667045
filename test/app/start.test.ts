import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../support/service.js';
import { spawnService, untilReady } from '../support/spawn.js';

/** What an operator meets who starts the service with nothing configured, or with something wrong. */
describe('starting the service', () => {
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lamplighter-start-'));
    await chmod(dataDir, 0o755);
  });
  afterAll(async () => {
    await rm(dataDir, { recursive: true, force: true });
  });

  const environment = async (): Promise<Record<string, string>> => ({
    DATA_DIR: dataDir,
    EMBEDDED_MQTT_PORT: String(await freePort()),
  });

  it('starts with everything embedded, keeps its data over a restart, recovers after kill -9, and refuses a second instance', async () => {
    const first = spawnService(await freePort(), await environment());
    await untilReady(first);
    const keyed = {
      method: 'POST',
      headers: { authorization: 'Bearer test-administrator-key', 'content-type': 'text/csv' },
    };
    const imported = await fetch(`${first.url}/api/v1/network/assets`, {
      ...keyed,
      body: 'code,kind,name\nS-1,substation,东郊变\n',
    });
    expect(await imported.json()).toEqual({ accepted: 1, rejected: [] });

    const second = spawnService(await freePort(), await environment());
    expect(await second.ended()).toBe(1);
    expect(second.output()).toContain(
      `Another running service already uses the data folder ${dataDir}. Stop it, or set DATA_DIR to another folder.`,
    );

    expect(await first.end('SIGTERM')).toBe(0);
    const third = spawnService(await freePort(), await environment());
    await untilReady(third);
    await third.end('SIGKILL'); // its PostgreSQL lives on, with its lock file
    const fourth = spawnService(await freePort(), await environment());
    await untilReady(fourth);
    const answer = await fetch(`${fourth.url}/api/v1/network/assets/S-1`, { headers: keyed.headers });
    expect(await answer.json()).toMatchObject({ code: 'S-1', name: '东郊变' });
    expect(await fourth.end('SIGTERM')).toBe(0);

    // A lock file whose process number now belongs to somebody else.
    await writeFile(
      join(dataDir, 'postgres', 'postmaster.pid'),
      `${process.pid}\n${dataDir}/postgres\n1\n5432\n\n127.0.0.1\n`,
    );
    const fifth = spawnService(await freePort(), await environment());
    await untilReady(fifth);
    expect(await fifth.end('SIGTERM')).toBe(0);
  });

  async function refusal(env: Record<string, string>, port?: number): Promise<string> {
    const service = spawnService(port ?? (await freePort()), { ...(await environment()), ...env });
    expect(await service.ended()).toBe(1);
    return service.output();
  }

  it('names every wrong setting at once', async () => {
    const output = await refusal({ PORT: 'x', UTILITY_TIME_ZONE: 'Mars', ROLES: 'ingest,cooking', MQTT_URL: 'broker' });
    for (const name of ['PORT', 'UTILITY_TIME_ZONE', 'ROLES', 'MQTT_URL']) expect(output).toContain(`  ${name}`);
    expect(output).toContain('"Mars" is not an IANA time zone; example: Asia/Shanghai');
  });

  it('says that a port is taken, and which setting changes it', async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', () => done()));
    const { port } = taken.address() as { port: number };
    expect(await refusal({}, port)).toContain(
      `Port ${port} on 127.0.0.1 is taken by another program. Set PORT to another one.`,
    );
    expect(await refusal({ EMBEDDED_MQTT_PORT: String(port) })).toContain(
      `Port ${port} for the embedded MQTT broker is taken. Set EMBEDDED_MQTT_PORT`,
    );
    expect(await refusal({ EMBEDDED_DATABASE_PORT: String(port) })).toContain(
      `Port ${port} for the embedded PostgreSQL is taken. Set EMBEDDED_DATABASE_PORT`,
    );
    taken.close();
  });

  it('says that the database refuses the password, is missing, or is away', async () => {
    const admin = new URL(process.env.TEST_ADMIN_URL ?? '');
    const wrong = new URL(admin);
    wrong.password = 'wrong';
    const trusting = process.env.TEST_DATABASE_URL !== undefined && process.env.TEST_DATABASE_URL !== ''; // that server asks no password
    if (!trusting)
      expect(await refusal({ DATABASE_URL: wrong.href })).toContain('Wrong user or password for the database');
    const missing = new URL(admin);
    missing.pathname = '/no_such_database';
    expect(await refusal({ DATABASE_URL: missing.href })).toContain('There is no database no_such_database');
    expect(await refusal({ DATABASE_URL: `postgresql://x@127.0.0.1:${await freePort()}/x` })).toContain(
      'Cannot reach the database x at 127.0.0.1',
    );
  });

  it('says that the data folder cannot be written', async () => {
    const file = join(dataDir, 'a-file');
    await writeFile(file, '');
    expect(await refusal({ DATA_DIR: join(file, 'below') })).toContain(
      `The data folder ${join(file, 'below')} cannot be written`,
    );
  });

  it('names file and path of a wrong policy value', async () => {
    const file = join(dataDir, 'policy.yaml');
    await writeFile(file, 'extends: csg\noutage:\n  longHours: { value: -8, source: "a typing error" }\n');
    const output = await refusal({ POLICY_FILE: file });
    expect(output).toContain(`The policy file ${file} is wrong`);
    expect(output).toContain('outage.longHours: must be a number from 0 to 10000, not -8');
    expect(await readFile(file, 'utf8')).toContain('-8');
  });
});
