import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, chown, constants, mkdir, readFile, readlink, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Fault } from '../../fault.js';
import { findBinaries, NOBODY, nobodyCanReach, ROOTS_HOME } from './postgres-binaries.js';
import type { Binaries } from './postgres-binaries.js';

/** Any constant serves: whoever holds this advisory lock in the embedded database owns the data folder. */
const OWNER_LOCK = 7_202_611;
const USER = 'lamplighter';
const START_TIMEOUT_MS = 60_000;

/**
 * A real PostgreSQL that belongs to this process, its binaries from the npm registry, its data in a folder.
 * The server is its own process group, so that Ctrl-C in a terminal does not take it away under the last commit. After a
 * `kill -9` of the service the server lives on; the next start finds it by its lock file and adopts it.
 */
export class EmbeddedPostgres {
  private static readonly running = new Set<EmbeddedPostgres>();

  private constructor(
    readonly url: string,
    private readonly serverPid: number,
    private readonly owner: pg.Client,
  ) {
    EmbeddedPostgres.running.add(this);
  }

  /** For a start that failed half-way: whatever this process has started or adopted is stopped. */
  static async stopAll(): Promise<void> {
    await Promise.all([...EmbeddedPostgres.running].map((server) => server.stop()));
  }

  /**
   * Starts (or adopts) the server on `dataDir` and creates the database when it is new.
   * @param port 0 takes a free port
   * @param flags further `postgres` flags, for tests
   * @throws Fault `misconfigured` when the folder is in use by another running service, unwritable, or the port is taken
   */
  static async start(dataDir: string, port = 0, flags: readonly string[] = []): Promise<EmbeddedPostgres> {
    const asNobody = process.getuid?.() === 0;
    await makeWritable(dataDir);
    const home = asNobody ? await reachableHome(dataDir) : dataDir;
    const binaries = await findBinaries(asNobody);
    const cluster = join(home, 'postgres');
    const passwordFile = join(home, 'postgres.password');

    if (!existsSync(join(cluster, 'PG_VERSION'))) await initialise(binaries, cluster, passwordFile, asNobody);
    await refuseOtherVersion(cluster, binaries);
    const password = (await readFile(passwordFile, 'utf8')).trim();
    const url = (onPort: number, database = USER): string =>
      `postgresql://${USER}:${encodeURIComponent(password)}@127.0.0.1:${onPort}/${database}`;

    const running = await runningServer(cluster);
    if (running !== null) {
      const owner = await takeOwnership(url(running.port), dataDir);
      return new EmbeddedPostgres(url(running.port), running.pid, owner);
    }
    const chosenPort = port === 0 ? await freePort() : port;
    const child = await launch(binaries, cluster, chosenPort, flags, asNobody);
    await createDatabase(url(chosenPort, 'postgres'));
    const owner = await takeOwnership(url(chosenPort), dataDir);
    return new EmbeddedPostgres(url(chosenPort), child.pid ?? 0, owner);
  }

  /** Stops the server after its clients' transactions are rolled back ("fast" shutdown) and waits until it is gone. */
  async stop(): Promise<void> {
    if (!EmbeddedPostgres.running.delete(this)) return;
    await this.owner.end();
    kill(this.serverPid, 'SIGINT');
    for (let waited = 0; isAlive(this.serverPid); waited += 20) {
      if (waited > 30_000) throw new Error(`embedded PostgreSQL (process ${this.serverPid}) did not stop within 30 s`);
      await sleep(20);
    }
  }
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function makeWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Fault(
      'misconfigured',
      `The data folder ${folder} cannot be written (${reason}). Set DATA_DIR to a folder that this user may write.`,
      { cause: error },
    );
  }
}

/**
 * Started as root, PostgreSQL runs as `nobody`, who must be able to walk to the data. Below a closed home folder the data
 * is kept in /var/lib/lamplighter instead, with a link to it in the data folder.
 */
async function reachableHome(dataDir: string): Promise<string> {
  if (await nobodyCanReach(dataDir)) return dataDir;
  // The link is the data folder's claim on its data: a folder that was deleted and made again starts anew, not with what it once held.
  const link = join(dataDir, 'embedded');
  const claimed = await readlink(link).catch(() => null);
  const elsewhere = claimed ?? join(ROOTS_HOME, randomBytes(8).toString('hex'));
  await mkdir(elsewhere, { recursive: true });
  if (claimed === null) await symlink(elsewhere, link);
  return elsewhere;
}

const environment = (): NodeJS.ProcessEnv => ({ ...process.env, LC_ALL: 'C', LANG: 'C', TZ: 'UTC' });
const identity = (asNobody: boolean): { uid?: number; gid?: number } => (asNobody ? { uid: NOBODY, gid: NOBODY } : {});

async function initialise(binaries: Binaries, cluster: string, passwordFile: string, asNobody: boolean): Promise<void> {
  await rm(cluster, { recursive: true, force: true }); // what an interrupted first start left: it holds no data without PG_VERSION
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  const readable = join(tmpdir(), `lamplighter-${randomBytes(8).toString('hex')}`);
  await writeFile(readable, await readFile(passwordFile), { mode: 0o600 });
  if (asNobody) {
    await chown(cluster, NOBODY, NOBODY);
    await chown(readable, NOBODY, NOBODY);
  }
  try {
    const flags = [
      `--pgdata=${cluster}`,
      `--username=${USER}`,
      `--pwfile=${readable}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--data-checksums',
      '--no-sync',
    ];
    const child = spawn(binaries.initdb, flags, {
      ...identity(asNobody),
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let trouble = '';
    child.stderr.on('data', (chunk: Buffer) => (trouble += chunk.toString()));
    const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
    if (code !== 0) {
      await rm(cluster, { recursive: true, force: true });
      throw new Fault(
        'misconfigured',
        `The embedded PostgreSQL could not make its data in ${cluster}: ${reasonIn(trouble)}`,
      );
    }
  } finally {
    await unlink(readable);
  }
}

/** What initdb says of the fault itself; its last lines are about its tidying up. */
const reasonIn = (trouble: string): string =>
  trouble
    .trim()
    .split('\n')
    .findLast((line) => !/^(initdb: removing|child process exited)/.test(line)) ?? '';

async function refuseOtherVersion(cluster: string, binaries: Binaries): Promise<void> {
  const onDisk = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  const { version } = JSON.parse(
    await readFile(join(binaries.root, '..', 'package.json'), 'utf8').catch(() => '{"version":""}'),
  ) as { version: string };
  const shipped = version.split('.')[0] ?? '';
  if (shipped !== '' && shipped !== onDisk) {
    throw new Fault(
      'misconfigured',
      `The data in ${cluster} was written by PostgreSQL ${onDisk}, this release ships ${shipped}. Export it with the older release, or set DATA_DIR to a new folder.`,
    );
  }
}

/** The server named in the cluster's lock file, if that process really is one of this folder; a stale lock is removed. */
async function runningServer(cluster: string): Promise<{ pid: number; port: number } | null> {
  const lockFile = join(cluster, 'postmaster.pid');
  const lines = await readFile(lockFile, 'utf8').then(
    (text) => text.split('\n'),
    () => null,
  );
  if (lines === null) return null;
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (Number.isInteger(pid) && pid > 0 && isAlive(pid) && (await isPostgres(pid))) {
    if (lines[7]?.trim() !== 'ready') await sleep(1000);
    return { pid, port };
  }
  await unlink(lockFile);
  return null;
}

/** Guards against a process number that was given to another program since. Without /proc the number is trusted. */
async function isPostgres(pid: number): Promise<boolean> {
  if (platform() !== 'linux') return true;
  return readFile(`/proc/${pid}/cmdline`, 'utf8').then(
    (text) => text.includes('postgres'),
    () => false,
  );
}

async function launch(
  binaries: Binaries,
  cluster: string,
  port: number,
  flags: readonly string[],
  asNobody: boolean,
): Promise<ChildProcess> {
  const settings = [
    'shared_buffers=256MB',
    'max_connections=100',
    'max_wal_size=4GB',
    'checkpoint_completion_target=0.9',
    'wal_compression=on',
    'jit=off',
  ];
  const child = spawn(
    binaries.postgres,
    [
      '-D',
      cluster,
      '-p',
      String(port),
      '-h',
      '127.0.0.1',
      '-k',
      '',
      ...settings.flatMap((setting) => ['-c', setting]),
      ...flags,
    ],
    { ...identity(asNobody), env: environment(), detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  const ready = new Promise<void>((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`no answer within ${START_TIMEOUT_MS / 1000} s`)), START_TIMEOUT_MS);
    child.stderr.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4000);
      if (!log.includes('ready to accept connections')) return;
      clearTimeout(timer);
      done();
    });
    child.once('error', fail).once('exit', (code) => fail(new Error(`exit code ${code}`)));
  });
  try {
    await ready;
  } catch (error) {
    if (/Address already in use|could not create any TCP/.test(log)) {
      throw new Fault(
        'misconfigured',
        `Port ${port} for the embedded PostgreSQL is taken. Set EMBEDDED_DATABASE_PORT to another one, or to 0 for any free port.`,
        { cause: error },
      );
    }
    throw new Fault(
      'unavailable',
      `The embedded PostgreSQL did not start: ${log.trim().split('\n').slice(-3).join(' | ') || String(error)}`,
      { cause: error },
    );
  }
  child.unref();
  (child.stderr as unknown as { unref?: () => void }).unref?.();
  return child;
}

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [USER]);
    if (rowCount === 0) await client.query(`create database ${USER}`);
  } finally {
    await client.end();
  }
}

/** Holds a session lock for as long as the service lives, so that a second service on the same folder is told so. */
async function takeOwnership(url: string, dataDir: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'lamplighter owner', keepAlive: true });
  client.on('error', () => undefined); // the pool meets and reports a lost server; this connection only carries the lock
  await client.connect();
  // The connection of a service that was just killed may take a moment to be noticed as gone.
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [OWNER_LOCK]);
    if (rows[0]?.held === true) return client;
    await sleep(100);
  }
  await client.end();
  throw new Fault(
    'misconfigured',
    `Another running service already uses the data folder ${dataDir}. Stop it, or set DATA_DIR to another folder.`,
  );
}

async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? done(address.port) : fail(new Error('no port')),
      );
    });
  });
}
