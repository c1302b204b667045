import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { Clock } from '../../src/clock.js';
import { HOUR_MS } from '../../src/domain/instants.js';
import { CHROMIUM, openBrowser, takePictures } from '../support/browser.js';
import { tellSupply } from '../support/grid.js';
import { ADMIN_KEY, eventually, useService } from '../support/service.js';

const inBrowser = CHROMIUM === null ? describe.skip : describe;

interface Order {
  id: number;
  number: string;
  state: string;
}

inBrowser('supervision in a browser', () => {
  const held = useService({ clock: new Clock() });
  let close: () => Promise<void> = async () => undefined;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];
  const orders = async () => (await held.service.call<{ items: Order[] }>('GET', '/supervision-orders')).body.items;
  const listenTo = (watched: Page): void => {
    watched.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    watched.on('pageerror', (error) => complaints.push(String(error)));
  };

  beforeAll(async () => {
    const { service } = held;
    const assets = ['code,kind,parent_code,name,area', 'S1,substation,,城东变电站,城东', 'F1,feeder,S1,滨江线,城东'];
    const transformers = ['T1,transformer,F1,滨江一号台区,城东', 'T2,transformer,F1,滨江二号台区,城东'];
    await service.call('POST', '/network/assets', [...assets, ...transformers].join('\n'));
    await service.call('POST', '/network/customers', 'account_no,transformer_code\n0600000001,T1');
    const [row] = await service.db.query<{ id: number }>(`select id from asset where code = 'T1'`);
    await tellSupply(service.db, [{ transformerId: row?.id ?? 0, to: 'dead', at: Date.now() - 9 * HOUR_MS }]);
    await eventually(async () => (await orders()).length > 0);
    const browser = await openBrowser();
    ({ context, close } = browser);
    page = await context.newPage();
    listenTo(page);
    await page.goto(`${service.url}/supervision#key=${ADMIN_KEY}`);
    await page.locator('[data-live=live]').waitFor();
  });
  afterAll(() => close());

  it('lists the order that a long outage brought about, with what was done so far', async () => {
    const row = page.locator('[data-supervision]').first();
    await row.waitFor();
    expect(await row.innerText()).toContain('滨江一号台区');
    await row.click();
    await page.locator('[data-trail]').first().waitFor();
    await takePictures(page, 'supervision', { onPaper: true });
  });

  it('opens the note that is printed, drawn as its style says', async () => {
    const [order] = await orders();
    const [sheet] = await Promise.all([context.waitForEvent('page'), page.locator('[data-sheet]').first().click()]);
    listenTo(sheet);
    await sheet.getByRole('heading', { name: '预警通知单' }).waitFor();
    expect(await sheet.locator('body').innerText()).toContain(order?.number ?? '-');
    const align = await sheet.evaluate(`getComputedStyle(document.querySelector('header')).textAlign`);
    expect(align).toBe('center');
    await takePictures(sheet, 'notice-sheet');
    await sheet.close();
  });

  it('takes a reply down, and moves the order on', async () => {
    const detail = page.locator('.promise-detail').first();
    await detail.getByLabel('回复人').fill('城东供电所');
    await detail.getByLabel('查明的原因').fill('电缆故障，正在抢修');
    await detail.getByRole('button', { name: '提交' }).click();
    await eventually(async () => (await orders()).some(({ state }) => state === 'replied'));
    await page.locator('.ant-segmented-item', { hasText: '已回复' }).click();
    const row = page.locator('[data-supervision]').first();
    await row.click();
    await page.getByText('正在抢修').first().waitFor();
    await page.locator('.ant-segmented-item', { hasText: '办结' }).last().click();
    await page.getByLabel('办结说明').fill('客户要求保留');
    await page.getByRole('button', { name: '提交' }).click();
    await page.locator('.step-form .ant-alert').waitFor();
    await takePictures(page, 'supervision-refused');
    await page.getByLabel('未实测而办结的理由').fill('转专项工程处理');
  });

  it('says that an order was closed although its row leaves the list before everything is read again', async () => {
    await page.locator('.ant-message-success').waitFor({ state: 'detached' });
    await page.route(/supervision-orders\/\d+$/, async (route) => {
      await page.locator('[data-supervision]').waitFor({ state: 'detached' });
      await route.continue();
    });
    await page.getByRole('button', { name: '提交' }).click();
    await page.locator('.ant-message-success').waitFor();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await eventually(async () => (await orders()).some(({ state }) => state === 'closed'));
  });

  it('marks an order whose effect is measured, as soon as it is, and lists what can be closed', async () => {
    const { service } = held;
    const [row] = await service.db.query<{ id: number }>(`select id from asset where code = 'T2'`);
    const transformerId = row?.id ?? 0;
    await page.locator('.ant-segmented-item', { hasText: '待回复' }).click();
    // Long before the first transformer, so that it is an outage of its own.
    await tellSupply(service.db, [{ transformerId, to: 'dead', at: Date.now() - 20 * HOUR_MS }]);
    const listed = page.locator('[data-supervision]', { hasText: '滨江二号台区' });
    await listed.waitFor();
    await tellSupply(service.db, [{ transformerId, to: 'live', at: Date.now() - HOUR_MS / 6 }]);
    await listed.locator('[data-closable]').waitFor();
    await page.locator('.ant-segmented-item', { hasText: '可办结' }).click();
    await listed.locator('[data-closable]').waitFor();
    expect(await page.locator('[data-supervision]').count()).toBe(1);
    await takePictures(page, 'supervision-closable');
  });

  it('met no refused style or script on the way', () => {
    // What the service refuses is told as a failed load.
    expect(complaints.filter((text) => !/40[09]/.test(text))).toEqual([]);
  });
});
