import { spawn } from 'node:child_process';

/**
 * What a stranger does: `npm run demo`, then opens the printed address. Passes when within three minutes the board has
 * low-voltage warnings, an outage over 8 h, a restored outage, a reconnection that was met, complaints linked to an outage, and SMS.
 */
const child = spawn('npm', ['run', 'demo'], {
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
  env: { ...process.env, DEMO_EPHEMERAL: '1' },
});
let output = '';
child.stdout.on('data', (chunk) => {
  output += chunk.toString();
  process.stdout.write(chunk);
});
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

async function address() {
  for (let waited = 0; waited < 120_000; waited += 250) {
    const found = /(http:\/\/127\.0\.0\.1:\d+)\/#key=(\S+)/.exec(output);
    if (found !== null) return { url: found[1], key: found[2] };
    if (child.exitCode !== null) throw new Error(`npm run demo ended with ${child.exitCode}`);
    await sleep(250);
  }
  throw new Error('npm run demo printed no address within two minutes');
}

async function main() {
  const { url, key } = await address();
  const get = async (path) =>
    (await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } })).json();
  const page = await fetch(url);
  if (!page.ok || !(await page.text()).includes('<div id="root"')) throw new Error('the console page is not served');
  const hasNotice = async (kind) => {
    for (let cursor = ''; cursor !== null;) {
      const page = await get(`/notices?limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`);
      if (page.items.some((notice) => notice.kind === kind)) return true;
      cursor = page.nextCursor;
    }
    return false;
  };
  const expected = {
    'low-voltage warnings': async () => (await get('/warnings?kind=low_voltage')).items.length > 0,
    'an outage over 8 h': async () => (await get('/warnings?kind=outage_over_8h')).items.length > 0,
    'a restored outage': async () =>
      [...(await get('/outages?state=restored')).items, ...(await get('/outages?state=closed')).items].length > 0,
    'a reconnection that was met': async () => (await get('/reconnection-orders?state=met')).items.length > 0,
    'a complaint linked to an outage': async () => {
      const { items } = await get('/complaints?limit=200');
      return items.some((complaint) => complaint.links.some((link) => link.eventType === 'outage'));
    },
    'an SMS about a fault': () => hasNotice('fault'),
    'an SMS about an outage over 8 h': () => hasNotice('over_8h'),
  };
  const missing = new Set(Object.keys(expected));
  for (let waited = 0; waited < 180_000 && missing.size > 0; waited += 1_000) {
    for (const name of missing) {
      if (await expected[name]()) {
        missing.delete(name);
        console.log(`seen: ${name}`);
      }
    }
    await sleep(1_000);
  }
  if (missing.size > 0) throw new Error(`not seen within three minutes: ${[...missing].join(', ')}`);
}

let code = 0;
try {
  await main();
} catch (error) {
  console.error(String(error));
  code = 1;
}
process.kill(-(child.pid ?? 0), 'SIGINT');
await Promise.race([new Promise((done) => child.once('exit', done)), sleep(30_000)]);
process.exit(code);
