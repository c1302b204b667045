import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ADMIN_KEY, eventually } from './service.js';

const MAIN = join(import.meta.dirname, '../../dist/main.js');

/** The built service as a process of its own: what an operator starts, and what a test may kill. */
export interface SpawnedService {
  child: ChildProcess;
  url: string;
  output(): string;
  /** Sends the signal and waits for the end; gives the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Waits until it ends by itself. */
  ended(): Promise<number | null>;
}

export function spawnService(port: number, env: Record<string, string>): SpawnedService {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      PORT: String(port),
      BOOTSTRAP_API_KEY: ADMIN_KEY,
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exit = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  return {
    child,
    url: `http://127.0.0.1:${port}`,
    output: () => output,
    async end(signal) {
      child.kill(signal);
      return exit;
    },
    ended: () => exit,
  };
}

/** Waits until the spawned service says it is ready; fails at once when it ends instead. */
export async function untilReady(service: SpawnedService): Promise<void> {
  await eventually(async () => {
    if (service.child.exitCode !== null)
      throw new Error(`the service ended with code ${service.child.exitCode}: ${service.output()}`);
    const response = await fetch(`${service.url}/health/ready`).catch(() => null);
    return response?.status === 200;
  });
}
