import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { Clock } from '../../src/clock.js';
import { CHROMIUM, openBrowser } from '../support/browser.js';
import { tellSupply } from '../support/grid.js';
import { ADMIN_KEY, eventually, useService } from '../support/service.js';

const HOUR_MS = 3_600_000;

/** Set to a folder to keep pictures of the screens. */
const PICTURES = process.env.CONSOLE_PICTURES ?? null;

if (CHROMIUM === null) {
  console.warn('NO CHROMIUM: the console is NOT tested in a browser. Install chromium, or set CHROMIUM to its path.');
}
const inBrowser = CHROMIUM === null ? describe.skip : describe;

inBrowser(`the console in a browser${CHROMIUM === null ? ' (SKIPPED: there is no Chromium)' : ''}`, () => {
  const held = useService({ clock: new Clock() });
  let context: BrowserContext;
  let close: () => Promise<void> = async () => undefined;
  let page: Page;
  /** What the browser complained about: refused styles, failed scripts. */
  const complaints: string[] = [];

  const picture = async (name: string): Promise<void> => {
    if (PICTURES === null) return;
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  };

  const transformerId = async (code: string): Promise<number> => {
    const [row] = await held.service.db.query<{ id: number }>('select id from asset where code = $1', [code]);
    return row?.id ?? 0;
  };

  beforeAll(async () => {
    const { service } = held;
    const assets = [
      'code,kind,parent_code,name,area',
      'S1,substation,,城东变电站,城东',
      'F1,feeder,S1,10kV 滨江线,城东',
      'T1,transformer,F1,滨江一号台区,城东',
      'T2,transformer,F1,滨江二号台区,城东',
      'F2,feeder,S1,10kV 学府线,城西',
      'T3,transformer,F2,学府一号台区,城西',
      'T4,transformer,F2,学府二号台区,城西',
    ];
    expect((await service.call('POST', '/network/assets', assets.join('\n'))).status).toBe(200);
    const customers = [1, 2, 3, 4, 5, 6].map((n) => `060000000${n},T${n <= 3 ? 1 : n - 2}`);
    const body = ['account_no,transformer_code', ...customers].join('\n');
    expect((await service.call('POST', '/network/customers', body)).status).toBe(200);
    ({ context, close } = await openBrowser());
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${message.text()} at ${JSON.stringify(message.location())}`);
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
  });
  afterAll(() => close());

  it('counts down to 8 hours and tells of the passing by itself', async () => {
    const { service } = held;
    await page.goto(`${service.url}/#key=${ADMIN_KEY}`);
    expect(page.url()).toBe(`${service.url}/`);
    await page.locator('[data-live=live]').waitFor();
    const startedAt = Date.now() - 8 * HOUR_MS + 10_000;
    await tellSupply(service.db, [{ transformerId: await transformerId('T1'), to: 'dead', at: startedAt }]);

    const row = page.locator('[data-outage]', { hasText: '滨江一号台区' });
    await row.waitFor();
    const countdown = row.locator('.countdown');
    expect(await countdown.getAttribute('data-closeness')).toBe('last-hour');
    const first = await countdown.innerText();
    expect(first).toMatch(/^00:\d\d$/);
    await eventually(async () => (await countdown.innerText()) !== first);
    await picture('countdown');

    // Nothing is reloaded: the clock runs out here, the sweep fires there, and its warning comes over the stream.
    await page.locator('[data-warning]', { hasText: '超 8 小时停电' }).filter({ hasText: '紧急' }).waitFor();
    await row.locator('[data-closeness=over]').waitFor();
    expect(await countdown.innerText()).toContain('已超 8 小时');
    await eventually(async () => (await page.locator('[data-tile=over-long] .tile-value').innerText()) === '1');
    await picture('over');
  });

  it('brings a new outage in, marked as new', async () => {
    const { service } = held;
    await tellSupply(service.db, [{ transformerId: await transformerId('T3'), to: 'dead', at: Date.now() - HOUR_MS }]);
    const row = page.locator('[data-outage].fresh', { hasText: '学府一号台区' });
    await row.waitFor();
    expect(await row.locator('.countdown').getAttribute('data-closeness')).toBe('calm');
    await eventually(async () => (await page.locator('[data-tile=customers] .tile-value').innerText()) === '4');
  });

  it('acknowledges a warning and hands it on, as the API then shows', async () => {
    const { service } = held;
    const row = page.locator('[data-warning]', { hasText: '超 8 小时停电' }).filter({ hasText: '紧急' });
    const id = Number(await row.getAttribute('data-warning'));
    const shown = async () =>
      (
        await service.call<{ status: string; assignee: string | null; comments: { note: string }[] }>(
          'GET',
          `/warnings/${id}`,
        )
      ).body;
    await row.getByRole('button', { name: '确认' }).click();
    await eventually(async () => (await shown()).status === 'acknowledged');
    await page.locator(`[data-warning="${id}"].status-acknowledged`).waitFor();

    await page.locator(`[data-warning="${id}"] .as-link`).press('Enter');
    const drawer = page.getByRole('dialog');
    await drawer.getByText('依据').waitFor();
    await drawer.getByLabel('负责人').fill('李工');
    await drawer.getByLabel('说明').fill('现场抢修中');
    await drawer.getByRole('button', { name: '派发' }).click();
    await eventually(async () => (await shown()).assignee === '李工');
    expect((await shown()).comments.at(-1)?.note).toContain('现场抢修中');
    await drawer.locator('.ant-timeline', { hasText: '现场抢修中' }).waitFor();
    await picture('drawer');
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
  });

  it('lets a dispatcher say the cause and when supply is expected back, in the time of the utility', async () => {
    const { service } = held;
    const row = page.locator('[data-outage]', { hasText: '滨江一号台区' });
    const id = Number(await row.getAttribute('data-outage'));
    await row.getByRole('button').click();
    const drawer = page.getByRole('dialog');
    await drawer.getByLabel('原因').fill('电缆外力破坏');
    await drawer.getByLabel('预计复电').fill('2030-01-02T03:04');
    await picture('outage');
    await drawer.getByRole('button', { name: '保存' }).click();
    await row.getByText('电缆外力破坏').waitFor();
    const { body } = await service.call<{ cause: string; estimatedRestorationAt: string }>('GET', `/outages/${id}`);
    expect(body).toMatchObject({ cause: '电缆外力破坏', estimatedRestorationAt: '2030-01-02T03:04:00+08:00' });
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
  });

  it('makes up for what happened while the line was broken', async () => {
    const { service } = held;
    // Runs in the page: notes every state that the badge shows from now on.
    await page.evaluate(`{
      const badge = document.querySelector('[data-live]');
      window.seenStates = [];
      new MutationObserver(() => window.seenStates.push(badge.dataset.live)).observe(badge, { attributeFilter: ['data-live'] });
    }`);
    (service.app.getHttpServer() as Server).closeAllConnections();
    await tellSupply(service.db, [{ transformerId: await transformerId('T4'), to: 'dead', at: Date.now() - HOUR_MS }]);
    const states = () => page.evaluate<string[]>('window.seenStates');
    await eventually(async () => (await states()).length === 2);
    expect(await states()).toEqual(['reconnecting', 'live']);
    await eventually(async () => (await page.locator('[data-tile=customers] .tile-value').innerText()) === '5');
  });

  it('shows a complaint with the event it is traced to, and lets a person confirm the link', async () => {
    const { service } = held;
    await page.getByRole('link', { name: '投诉溯源' }).click();
    const text = '家里停电一整天了，什么时候来电？';
    const complaint = { externalId: 'K1', channel: 'hotline', category: 'outage', accountNo: '0600000001', text };
    await service.call('POST', '/complaints', { ...complaint, receivedAt: Date.now() });
    const row = page.locator('.ant-table-row', { hasText: text });
    await row.getByText('自动关联').waitFor();
    await row.click();
    const link = page.locator('[data-link^="outage/"]');
    await link.getByRole('button', { name: '确认关联' }).click();
    await row.getByText('已确认').waitFor();
    await picture('link');
    const { body } = await service.call<{ items: { links: { status: string }[] }[] }>('GET', '/complaints');
    expect(body.items[0]?.links.map((one) => one.status)).toContain('confirmed');
    await page.getByRole('link', { name: '调度看板' }).click();
  });

  it('speaks English, too, and keeps its screens at addresses of their own', async () => {
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('Customers without supply').waitFor();
    await page.locator('[data-warning]', { hasText: '滨江一号台区 fault outage over 8 h, 3 customers' }).waitFor();
    await page.locator('[data-warning]', { hasText: 'fault outage, 3 customers' }).locator('.as-link').press('Enter');
    const drawer = page.getByRole('dialog');
    const history = drawer.locator('.ant-timeline', { hasText: 'the outage changed: decided by bootstrap' });
    await history.waitFor();
    expect(await history.innerText()).not.toMatch(/\p{Script=Han}/u);
    await picture('drawer-en');
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'Promises' }).click();
    expect(new URL(page.url()).pathname).toBe('/reconnections');
    await page.reload();
    await page.getByRole('heading', { name: 'Reconnection orders' }).waitFor();
    await page.locator('.tail-journal [data-entry=warning_acknowledged]').first().waitFor();
    await picture('reconnections');
    await page.getByRole('link', { name: 'Complaints' }).click();
    await page.getByRole('heading', { name: 'Complaints' }).waitFor();
    await page.locator('.ant-table-row', { hasText: '家里停电一整天了' }).click();
    const evidence = page.locator('[data-link^="outage/"] .link-evidence');
    expect(await evidence.innerText()).toMatch(/customer's transformer[\s\S]*a call about an outage fits an outage/);
    await picture('complaints');
    await page.getByRole('button', { name: '中文' }).click();
  });

  it('asks for another key when the one it has is refused', async () => {
    await page.goto(`${held.service.url}/#key=nobody-knows-this-key`);
    await page.getByText('密钥无效或已被撤销').waitFor();
    await picture('login');
    await page.getByLabel('API 密钥').fill(ADMIN_KEY);
    await page.keyboard.press('Enter');
    await page.locator('[data-live=live]').waitFor();
  });

  it('met no refused style or script on the way', () => {
    // The refused key and the broken line of the tests before are told as failed loads.
    expect(complaints.filter((text) => !/401|INCOMPLETE_CHUNKED/.test(text))).toEqual([]);
  });

  it('serves its page with a strict policy and its files for ever', async () => {
    const { url } = held.service;
    const response = await fetch(`${url}/complaints`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    const html = await response.text();
    const nonce = /nonce-([^']+)'/.exec(policy)?.[1] ?? '-';
    expect(html).toContain(`nonce="${nonce}"`);
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? '';
    const asset = await fetch(`${url}${script}`);
    expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    for (const path of ['/api/v1/nothing', '/assets/nothing.js', '/..%2fpackage.json', '/nothing.txt']) {
      expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 404]);
    }
  });
});
