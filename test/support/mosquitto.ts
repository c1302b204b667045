import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort } from './service.js';

const BINARY = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'].find((path) =>
  existsSync(path),
);

/** True where a real mosquitto is installed; tests that need it say loudly that they are skipped otherwise. */
export const haveMosquitto = BINARY !== undefined;
if (!haveMosquitto)
  console.warn(
    'SKIPPED: tests against a real mosquitto, because it is not installed (Debian: apt-get install mosquitto)',
  );

export interface Mosquitto {
  port: number;
  url: string;
  /** Stops it with the given signal and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port and data. */
  start(): Promise<void>;
}

/** A real broker with the given configuration lines; persistent sessions survive a restart. */
export async function startMosquitto(lines: readonly string[] = []): Promise<Mosquitto> {
  const folder = await mkdtemp(join(tmpdir(), 'lamplighter-mosquitto-'));
  await chmod(folder, 0o777);
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  await writeFile(
    file,
    [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous true',
      'max_queued_messages 0',
      'persistence true',
      `persistence_location ${folder}/`,
      'autosave_interval 1',
      ...lines,
      '',
    ].join('\n'),
  );
  return run(file, port, () => rm(folder, { recursive: true, force: true }));
}

async function run(configFile: string, port: number, cleanUp: () => Promise<void>): Promise<Mosquitto> {
  let child: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    let log = '';
    const started = spawn(BINARY ?? '', ['-c', configFile], { stdio: ['ignore', 'ignore', 'pipe'] });
    started.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    child = started;
    await eventually(async () => {
      if (started.exitCode !== null) throw new Error(`mosquitto ended: ${log}`);
      return new Promise<boolean>((done) => {
        const socket = connectSocket(port, '127.0.0.1', () => {
          socket.destroy();
          done(true);
        }).once('error', () => done(false));
      });
    });
  };
  await start();
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    start,
    async stop(signal = 'SIGTERM') {
      const running = child;
      child = null;
      if (running === null) return;
      const gone = new Promise<void>((done) => running.once('exit', () => done()));
      running.kill(signal);
      await gone;
      if (signal === 'SIGTERM') await cleanUp();
    },
  };
}

export interface TlsMosquitto extends Mosquitto {
  terminalPort: number;
  servicePort: number;
  /** Files of the certificate with that common name, signed by the broker's authority. */
  certificate(commonName: string): Promise<{ ca: string; cert: string; key: string }>;
}

/** The broker as deploy/mosquitto configures it, with ports and folder replaced and certificates made on the spot. */
export async function startDeployedMosquitto(): Promise<TlsMosquitto> {
  const folder = await mkdtemp(join(tmpdir(), 'lamplighter-mosquitto-'));
  await chmod(folder, 0o777);
  const certs = join(folder, 'certs');
  await mkdir(certs);
  await mkdir(join(folder, 'data'));
  await chmod(join(folder, 'data'), 0o777);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: certs, stdio: 'pipe' });
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
  );
  const certificate = async (
    commonName: string,
    file = commonName,
  ): Promise<{ ca: string; cert: string; key: string }> => {
    await writeFile(join(certs, `${file}.ext`), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      `/CN=${commonName}`,
      '-keyout',
      `${file}.key`,
      '-out',
      `${file}.csr`,
    );
    openssl(
      'x509',
      '-req',
      '-in',
      `${file}.csr`,
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      `${file}.ext`,
      '-out',
      `${file}.crt`,
    );
    await chmod(join(certs, `${file}.key`), 0o644);
    return { ca: join(certs, 'ca.crt'), cert: join(certs, `${file}.crt`), key: join(certs, `${file}.key`) };
  };
  await certificate('localhost', 'server');
  const deployed = join(import.meta.dirname, '../../deploy/mosquitto');
  await cp(deployed, folder, { recursive: true });
  const terminalPort = await freePort();
  const servicePort = await freePort();
  const text = (await readFile(join(deployed, 'mosquitto.conf'), 'utf8'))
    .replaceAll('/etc/mosquitto/', `${folder}/`)
    .replace('listener 8883', `listener ${terminalPort}`)
    .replace('listener 8884', `listener ${servicePort}`);
  const file = join(folder, 'mosquitto.conf');
  await writeFile(file, text);
  const broker = await run(file, servicePort, () => rm(folder, { recursive: true, force: true }));
  return { ...broker, terminalPort, servicePort, certificate: (commonName) => certificate(commonName) };
}
