import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Clock } from '../../src/clock.js';
import { CHROMIUM, openConsole } from '../support/browser.js';
import { tellSupply } from '../support/grid.js';
import { eventually, useService } from '../support/service.js';

const HOUR_MS = 3_600_000;
const inBrowser = CHROMIUM === null ? describe.skip : describe;

inBrowser('the screens beside the board, in a browser', () => {
  const held = useService({ clock: new Clock() });
  let close: () => Promise<void> = async () => undefined;
  let page: Page;
  let complaints: readonly string[] = [];
  const startedAt = Date.now() - 3 * HOUR_MS;

  beforeAll(async () => {
    const { service } = held;
    const assets = ['code,kind,parent_code,name,area', 'S1,substation,,城东变电站,城东', 'F1,feeder,S1,滨江线,城东'];
    const transformers = ['T1,transformer,F1,一号台区,城东', 'T2,transformer,F1,二号台区,城东'];
    await service.call('POST', '/network/assets', [...assets, ...transformers].join('\n'));
    await service.call('POST', '/network/customers', 'account_no,transformer_code\n0600000010,T1\n0600000020,T2');
    const rows = await service.db.query<{ id: number }>(
      `select id from asset where kind = 'transformer' order by code`,
    );
    await tellSupply(
      service.db,
      rows.map((row) => ({ transformerId: row.id, to: 'dead', at: startedAt })),
    );
    await tellSupply(service.db, [{ transformerId: rows[0]?.id ?? 0, to: 'live', at: startedAt + 2 * HOUR_MS }]);
    ({ page, complaints, close } = await openConsole(service.url, '/'));
  });
  afterAll(() => close());

  it('draws how an outage came back step by step, at an address of its own', async () => {
    await page.locator('[data-outage] .as-link').first().click();
    await page.locator('.restoration .bar-back').waitFor();
    expect(await page.locator('.restoration .bar-out').count()).toBe(1);
    expect(await page.locator('.restoration figcaption').innerText()).toBe('2 户停电，已分 1 步恢复，仍停 1 户');
    expect(new URL(page.url()).searchParams.get('outage')).toMatch(/^\d+$/);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('saves the list as a file for spreadsheets, in the time of the utility', async () => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('[data-export=outages]').click()]);
    const text = await readFile(await file.path(), 'utf8');
    const begun = new Date(startedAt + 8 * HOUR_MS).toISOString().slice(0, 19).replace('T', ' ');
    expect(text.startsWith('\uFEFFid,state,nature,')).toBe(true);
    expect(text).toContain(`,滨江线,城东,${begun},`);
  });

  it('answers a call taker by account number, and says so when there is no such account', async () => {
    await page.getByRole('link', { name: '来电与设备查询' }).click();
    const field = page.locator('.lookup-field input');
    await field.fill('0600 0000 20');
    await field.press('Enter');
    await page.locator('.answer', { hasText: '0600000020' }).getByText('对客户这样说').waitFor();
    await page.locator('.answer-events').getByRole('button', { name: '查看停电' }).first().waitFor();
    await page.locator('.lookup-field input').fill('9999999999');
    await page.locator('.lookup-field input').press('Enter');
    await page.getByText('台账中没有这个户号').waitFor();
  });

  it('cancels a planned outage after asking', async () => {
    const { service } = held;
    const window = { startsAt: '2030-05-01T08:00', endsAt: '2030-05-01T18:00' };
    await service.call('POST', '/planned-outages', {
      externalId: 'JX-1',
      assets: ['F1'],
      nature: 'planned',
      ...window,
    });
    await page.getByRole('link', { name: '计划停电' }).click();
    const row = page.locator('[data-planned="JX-1"]');
    await row.getByText('10 小时 00 分').waitFor();
    await row.getByRole('button', { name: '取消计划' }).click();
    await page.locator('.ant-popconfirm-buttons .ant-btn-primary').click();
    await eventually(async () => {
      const { body } = await service.call<{ items: { state: string }[] }>('GET', '/planned-outages');
      return body.items[0]?.state === 'cancelled';
    });
  });

  it('is dark when the system is, and light on paper', async () => {
    // A browser tells a page of a changed medium when it draws the next frame; a screenshot makes it draw one.
    const theme = async () => {
      await page.screenshot();
      return page.evaluate('document.documentElement.dataset.theme');
    };
    await page.emulateMedia({ colorScheme: 'dark' });
    await eventually(async () => (await theme()) === 'dark');
    await page.emulateMedia({ media: 'print' });
    await eventually(async () => (await theme()) === 'light');
    expect(await page.locator('.screens').isVisible()).toBe(false);
  });

  it('met no refused style or script on the way', () => {
    // The account that does not exist is told as a failed load.
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
  });
});
