import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Clock } from '../../src/clock.js';
import { CHROMIUM, openBrowser, takePictures } from '../support/browser.js';
import { buildGrid, tellSupply } from '../support/grid.js';
import { ADMIN_KEY, eventually, useService } from '../support/service.js';

const inBrowser = CHROMIUM === null ? describe.skip : describe;
const HOUR_MS = 3_600_000;
const FEEDERS = 120;

inBrowser('the board of a storm in a browser', () => {
  const held = useService({ clock: new Clock() });
  let close: () => Promise<void> = async () => undefined;
  let page: Page;
  const asked: URL[] = [];

  beforeAll(async () => {
    const { db } = held.service;
    const grid = await buildGrid(db, { feeders: FEEDERS, sections: 1, transformers: 1, customers: 1 });
    // The feeder of the highest number went first.
    const news = Array.from({ length: FEEDERS }, (_, n) => ({
      transformerId: grid.get(`F${n + 1}.A.1`) ?? 0,
      to: 'dead' as const,
      at: Date.now() - HOUR_MS - n * 1_000,
    }));
    await tellSupply(db, news);
    const open = async () => (await held.service.call<{ outages: { open: number } }>('GET', '/board')).body.outages;
    await eventually(async () => (await open()).open === FEEDERS);
    const browser = await openBrowser();
    close = browser.close;
    page = await browser.context.newPage();
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.pathname === '/api/v1/outages') asked.push(url);
    });
    await page.goto(`${held.service.url}/#key=${ADMIN_KEY}`);
    await page.locator('[data-outage]').first().waitFor();
  });
  afterAll(() => close());

  it('opens with the longest outages, without their transformers, and shows all when asked', async () => {
    expect(await page.locator('[data-outage]').first().innerText()).toContain(`name of F${FEEDERS}.A.1`);
    await page.getByRole('heading', { name: '停电中 · 100+' }).waitFor();
    for (const { searchParams } of asked) expect([searchParams.get('brief'), searchParams.get('limit')]).toEqual(['true', '100']); // prettier-ignore
    await takePictures(page, 'board-storm');
    await page.getByRole('button', { name: '显示全部' }).click();
    await page.getByRole('heading', { name: `停电中 · ${FEEDERS}`, exact: true }).waitFor();
  });

  it('looks at all outages when a filter is touched', async () => {
    await page.reload();
    await page.getByRole('heading', { name: '停电中 · 100+' }).waitFor();
    await page.getByLabel('供电区域').focus();
    await page.getByRole('heading', { name: `停电中 · ${FEEDERS}`, exact: true }).waitFor();
  });
});
