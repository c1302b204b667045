import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Clock } from '../../src/clock.js';
import { createTestDatabase } from '../support/database.js';
import { ADMIN_KEY, eventually, useService } from '../support/service.js';

const MAIN = join(import.meta.dirname, '../../dist/cli/main.js');
const COMMANDS = ['import', 'import-ieee8500', 'replay', 'simulate', 'migrate'];

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the built command line as a user does. */
function lamplighter(args: string[], env: Record<string, string> = {}, program = MAIN): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended: Ended = { code: null, out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (ended.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (ended.err += chunk.toString()));
    child.once('close', (code) => done({ ...ended, code }));
  });
}

const held = useService({ clock: new Clock() });
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamplighter-cli-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const REGISTER = {
  'assets.csv':
    'code,kind,parent_code,name,area\nS,substation,,S,a\nF,feeder,S,F,a\nK,section,F,K,a\nT1,transformer,K,T1,a\n',
  'terminals.csv': 'terminal,transformer_code,interval_seconds\nU1,T1,60\n',
  'customers.csv': 'account_no,name,transformer_code\n900,甲,T1\n901,乙,T1\n',
};

async function writeRegister(name: string, changed: Record<string, string> = {}): Promise<string> {
  const target = await mkdtemp(join(folder, `${name}-`));
  for (const [file, text] of Object.entries({ ...REGISTER, ...changed })) await writeFile(join(target, file), text);
  return target;
}

const service = (): string[] => ['--url', held.service.url, '--key', ADMIN_KEY];

describe('the command line', () => {
  test('the demo tells what it is instead of starting when it is asked, or given what it does not take', async () => {
    const program = join(import.meta.dirname, '../../dist/cli/demo.js');
    const asked = await lamplighter(['--help'], {}, program);
    expect([asked.code, asked.out]).toEqual([0, expect.stringContaining('the address to open')]);
    const wrong = await lamplighter(['--port', '4000'], {}, program);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('takes no arguments')]);
  });

  test('tells with --help what there is, and each command shows examples', async () => {
    const all = await lamplighter(['--help']);
    expect(all.code).toBe(0);
    for (const command of COMMANDS) expect(all.out).toContain(command);
    const each = await Promise.all(COMMANDS.map((command) => lamplighter([command, '--help'])));
    for (const { code, out } of each) {
      expect(code).toBe(0);
      expect(out).toContain('Examples:');
    }
  });

  test.each([
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['import'], "missing required argument 'folder'"],
    [['import', '.', '--speed', '3'], "unknown option '--speed'"],
    [['import', '.'], 'An API key is needed: give it with --key, or set LAMPLIGHTER_KEY.'],
    [['import', './no-such-folder', '--key', 'k'], 'There is no folder ./no-such-folder.'],
    [['replay', 'x.csv', '--map', 'ts=a,ua=b'], "required option '--terminal <code>' not specified"],
    [['replay', 'x.csv', '--terminal', 'U', '--map', 'ua=b'], '--map must say which column is the instant'],
    [
      ['replay', 'x.csv', '--terminal', 'U', '--map', 'ts=a,ua=b', '--speed', 'fast'],
      'It must be a number above 0 (1 = as recorded, 60 = a minute per second) or max.',
    ],
    [['replay', 'x.csv', '--terminal', 'U', '--map', 'ts=a,ua=b', '--mqtt', '127.0.0.1'], 'It must begin with mqtt://'],
    [['replay', 'x.csv', '--terminal', 'U', '--map', 'ts=a,ua=b'], 'There is no file x.csv.'],
    [['replay', 'x.csv', '--terminal', 'U/+', '--map', 'ts=a,ua=b'], 'It must be one level of a topic'],
    [['simulate', '--city', 'huge'], 'Allowed choices are small, medium, large.'],
    [['simulate', '--key', 'k', '--url', 'http://127.0.0.1:1'], 'Nobody answers at http://127.0.0.1:1'],
    [['import-ieee8500', '.'], "required option '--out <folder>' not specified"],
  ])('lamplighter %j ends with exit code 1 and one clear sentence', async (args, sentence) => {
    const { code, err } = await lamplighter(args);
    expect(code).toBe(1);
    expect(err).toContain(sentence);
    expect(err).not.toContain('    at '); // no stack
  });

  test('replay says that no broker answers', async () => {
    const file = join(folder, 'one-row.csv');
    await writeFile(file, 'a,b\n2026-07-15 10:00:00,220\n');
    const args = ['replay', file, '--terminal', 'U', '--map', 'ts=a,ua=b', '--mqtt', 'mqtt://127.0.0.1:1'];
    const { code, err } = await lamplighter(args);
    expect(code).toBe(1);
    expect(err).toContain('No MQTT broker answers at mqtt://127.0.0.1:1');
  });

  test('a wrong key is told as such', async () => {
    const { code, err } = await lamplighter([
      'import',
      await writeRegister('key'),
      '--url',
      held.service.url,
      '--key',
      'not-the-key-at-all',
    ]);
    expect(code).toBe(1);
    expect(err).toContain('The service does not know this key.');
  });

  test('import takes a folder, and again without harm; exit code 0', async () => {
    const register = await writeRegister('good');
    for (let n = 0; n < 2; n += 1) {
      const { code, out, err } = await lamplighter(['import', register, ...service()]);
      expect(err).toBe('');
      expect(code).toBe(0);
      expect(out).toBe(
        'assets.csv: 4 accepted, 0 rejected\nterminals.csv: 1 accepted, 0 rejected\ncustomers.csv: 2 accepted, 0 rejected\n',
      );
    }
  });

  test('import names the line and the reason of a rejected row, takes the rest, and exits 1', async () => {
    const customers = 'account_no,name,transformer_code\n910,丙,T1\n911,丁,NOWHERE\n912,戊,T1\n';
    const { code, out } = await lamplighter([
      'import',
      await writeRegister('bad', { 'customers.csv': customers }),
      ...service(),
    ]);
    expect(code).toBe(1);
    expect(out).toContain('customers.csv: 2 accepted, 1 rejected');
    expect(out).toMatch(/ {2}line 3: .*NOWHERE/);
  });

  test('replay: every row of a file is stored, a duplicate, rejected, or refused here; the sum is told and checked', async () => {
    const day = 86_400_000;
    const start = Date.now() - 2 * day;
    const row = (minute: number, ua: string): string => `${new Date(start + minute * 60_000).toISOString()},${ua},0.5`;
    const rows = [
      ...Array.from({ length: 40 }, (_, n) => row(n, String(225 + (n % 5)))),
      row(3, '228'), // the same values again
      row(4, '111'), // the same instant, other values
      row(50, '99999'), // out of bounds
      row(51, ''), // a row that measured only a current
      row(52, 'broken'), // refused here
      'yesterday,230,1', // refused here
    ];
    const file = join(folder, 'recorded.csv');
    await writeFile(file, `\uFEFFTime,VL1,IL1\n${rows.join('\n')}\n`);
    const { code, out, err } = await lamplighter([
      'replay',
      file,
      '--terminal',
      'U1',
      '--map',
      'ts=Time,ua=VL1,ia=IL1',
      '--shift',
      '1',
      '--check',
      '--mqtt',
      `mqtt://127.0.0.1:${held.service.mqttPort}`,
      ...service(),
    ]);
    expect(err).toBe('');
    expect(out).toContain('46 rows read, 44 published, 2 refused here');
    expect(out).toContain('  line 46: VL1 "broken" is not a number');
    expect(out).toContain('  line 47: "yesterday" is not an instant');
    expect(out).toContain('41 stored + 1 duplicates + 2 rejected = 44 published');
    expect(code).toBe(0);
    const [reading] = await held.service.db.query<{ count: number; first: number }>(
      'select count(*)::int as count, min(ts) as first from reading',
    );
    expect(reading).toEqual({ count: 41, first: start + day });
  });

  test('simulate: a city of its own goes in through MQTT and the API, and the truth is written', async () => {
    const truth = join(folder, 'truth.jsonl');
    const { code, out, err } = await lamplighter([
      'simulate',
      '--scenario',
      'busy',
      '--seed',
      '3',
      '--history',
      '0.1',
      '--live',
      '1',
      '--truth',
      truth,
      '--mqtt',
      `mqtt://127.0.0.1:${held.service.mqttPort}`,
      ...service(),
    ]);
    expect(err.replaceAll(/^[^:]+: \d+ of \d+\n/gm, '')).toBe(''); // what takes long tells how far it is
    expect(code).toBe(0);
    expect(out).toContain('200 transformers');
    expect(out).toMatch(/stopped: \d+ messages, \d+ calls, 0 of them refused/);
    const records = (await readFile(truth, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { record: string });
    expect(new Set(records.map((record) => record.record))).toContain('outage');
    const stored = await eventually(async () => {
      const [row] = await held.service.db.query<{ n: number }>(
        `select count(*)::int as n from reading r join asset a on a.id = r.transformer_id where a.code like 'T0%'`,
      );
      return (row?.n ?? 0) > 800 ? row?.n : null;
    });
    expect(stored).toBeLessThan(200 * 9);
  });

  test('migrate brings an empty database to this release, and says when there is nothing to do', async () => {
    const database = await createTestDatabase();
    try {
      const again = await lamplighter(['migrate'], { DATABASE_URL: database.url });
      expect(again).toMatchObject({ code: 0, err: '' });
      expect(again.out).toContain('the schema was up to date');
    } finally {
      await database.drop();
    }
    const wrong = await lamplighter(['migrate'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('cannot be used');
  });
});
