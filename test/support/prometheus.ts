import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort } from './service.js';

/** True when the program is installed here. Says so aloud when it is not, so that nobody takes a skipped test for a passed one. */
export function isInstalled(program: string): boolean {
  const there = spawnSync(program, ['--version']).error === undefined;
  if (!there)
    process.stderr.write(`\nSKIPPED: ${program} is not installed; what it would check is not checked here.\n`);
  return there;
}

export interface Prometheus {
  /** Evaluates PromQL now. @throws with Prometheus' own words when it cannot */
  query(expr: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]>;
  stop(): Promise<void>;
}

/** A real Prometheus that scrapes `target` every half second with the given key; resolves once it has done so a few times. */
export async function startPrometheus(target: string, key: string): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'lamplighter-prometheus-'));
  const port = await freePort();
  await writeFile(join(folder, 'key'), key);
  await writeFile(
    join(folder, 'prometheus.yml'),
    `scrape_configs:
  - job_name: lamplighter
    scrape_interval: 500ms
    scrape_timeout: 500ms
    authorization: { type: Bearer, credentials_file: ${join(folder, 'key')} }
    static_configs: [{ targets: ['${new URL(target).host}'] }]
`,
  );
  const server = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  const exited = new Promise<void>((done) => server.once('exit', () => done()));
  const prometheus: Prometheus = {
    async query(expr) {
      const response = await fetch(`http://127.0.0.1:${port}/api/v1/query`, {
        method: 'POST',
        body: new URLSearchParams({ query: expr }),
      });
      const answer = (await response.json()) as {
        status: string;
        error?: string;
        data: { result: Awaited<ReturnType<Prometheus['query']>> };
      };
      if (answer.status !== 'success') throw new Error(`${answer.error ?? 'failed'} in: ${expr}`);
      return answer.data.result;
    },
    async stop() {
      server.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
  await eventually(async () => Number((await prometheus.query('count_over_time(up[1m])'))[0]?.value[1] ?? 0) >= 3);
  return prometheus;
}
