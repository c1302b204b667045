import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Clock } from '../../src/clock.js';
import { CHROMIUM, openConsole, takePictures } from '../support/browser.js';
import { eventually, useService } from '../support/service.js';

const inBrowser = CHROMIUM === null ? describe.skip : describe;

interface Policy {
  version: number;
  policy: { outage: { longHours: { value: number; source: string } }; areas?: Record<string, unknown> };
}

inBrowser('the policy in a browser', () => {
  const held = useService({ clock: new Clock() });
  let close: () => Promise<void> = async () => undefined;
  let page: Page;
  let complaints: readonly string[] = [];
  const inForce = async () => (await held.service.call<Policy>('GET', '/policy')).body;

  beforeAll(async () => {
    ({ page, complaints, close } = await openConsole(held.service.url, '/policy'));
  });
  afterAll(() => close());

  it('shows every number with its unit and its source, and finds one', async () => {
    const row = page.locator('[data-setting="voltage.lowV"]');
    await row.waitFor();
    expect(await row.innerText()).toMatch(/低电压限值[\s\S]*198[\s\S]*V[\s\S]*GB\/T 12325/);
    expect(await page.locator('[data-setting="supply.deadBelowShare"] .number').innerText()).toBe('60');
    await takePictures(page, 'policy', { onPaper: true });
    await page.getByLabel('查找项目').fill('缴清后复电时限');
    await eventually(async () => (await page.locator('[data-section]').count()) === 1);
    await page.locator('[data-setting="reconnection.limitHours"]').waitFor();
    await page.getByLabel('查找项目').fill('');
  });

  it('refuses a wrong value at its field, with the bounds; then writes it, from a stated instant on', async () => {
    await page.locator('[data-setting="outage.longHours"]').getByRole('button', { name: '修改' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('新值').fill('-6');
    await form.getByLabel('来源').fill('试行通知第 12 号');
    await form.getByLabel('说明').fill('改为六小时');
    await form.getByRole('button', { name: '检查' }).click();
    await form.locator('.field-error', { hasText: 'outage.longHours' }).waitFor();
    expect(await form.locator('.field-error').innerText()).toMatch(/must be .*0.*10000.*not -6/);
    await takePictures(page, 'policy-refused');

    await form.getByLabel('新值').fill('6');
    await form.getByRole('button', { name: '检查' }).click();
    await form.locator('[data-difference="outage.longHours"]').waitFor();
    await takePictures(page, 'policy-checked');
    expect((await inForce()).version).toBe(1);
    await form.getByRole('button', { name: '写入新版本' }).click();
    await page.locator('[data-version="2"]', { hasText: '改为六小时' }).waitFor();
    expect((await inForce()).policy.outage.longHours).toEqual({ value: 6, source: '试行通知第 12 号' });
    await page.locator('[data-setting="outage.longHours"] .number', { hasText: '6' }).waitFor();

    // An instant to come, for one area only.
    await page.locator('[data-setting="voltage.lowV"]').getByRole('button', { name: '修改' }).click();
    await form.getByLabel('新值').fill('205');
    await form.getByLabel('来源').fill('区域要求');
    await form.getByLabel('区域').fill('城东');
    await form.getByLabel('生效时刻').fill('2020-01-01T00:00');
    await form.getByLabel('说明').fill('城东提高');
    await form.getByRole('button', { name: '写入新版本' }).click();
    await form.locator('.field-error', { hasText: 'past' }).waitFor();
    await form.getByLabel('生效时刻').fill('2099-01-01T00:00');
    await form.getByRole('button', { name: '写入新版本' }).click();
    await page.locator('[data-version="3"]', { hasText: '未生效' }).waitFor();
    expect((await inForce()).version).toBe(2);
    expect(await page.locator('[data-version="1"]').innerText()).toContain('已被取代');
    expect(await page.locator('[data-version="2"]').innerText()).toContain('现行');
  });

  it('shows a version that is not in force, what differs in its areas, and what differs between any two', async () => {
    await page.locator('[data-version="3"] .as-link').click();
    await page.getByText('这一版不是现行版本').waitFor();
    const area = page.locator('[data-area="城东"]');
    expect(await area.innerText()).toMatch(/205[\s\S]*198[\s\S]*区域要求/);
    await page.locator('.policy-compare .ant-select').last().click();
    await page.locator('.ant-select-item-option', { hasText: '第 3 版' }).click();
    await page.locator('[data-difference="areas.城东.voltage.lowV"]').waitFor();
    expect(await page.locator('[data-difference="outage.longHours"]').innerText()).toMatch(/8[\s\S]*6/);
    await takePictures(page, 'policy-versions');
    await page.getByRole('button', { name: '回到现行版本' }).click();
  });

  it('marks the line of a YAML text that is refused; replaces what is yet to begin only with consent', async () => {
    await page.getByRole('button', { name: '以 YAML 修改' }).click();
    const form = page.getByRole('dialog');
    const text =
      "extends: current\nvoltage:\n  highV: { value: 236, source: 't' }\n  lowV: { value: 5000, source: 't' }\n";
    await form.getByLabel('YAML').fill(text);
    await form.getByLabel('说明').fill('试');
    await form.getByRole('button', { name: '检查' }).click();
    await form.locator('.yaml-fault').waitFor();
    expect(await form.locator('.yaml-fault').innerText()).toBe('4');
    expect(await form.locator('.yaml-faults').innerText()).toMatch(/第 4 行 voltage\.lowV .*1000.*5000/);
    await takePictures(page, 'policy-yaml');
    await form.getByLabel('YAML').fill(text.replace('5000', '197'));
    await form.getByRole('button', { name: '写入新版本' }).click();
    // Version 3 is yet to begin: it goes only when a person says so.
    await form.locator('[data-displaced]', { hasText: '第 3 版原定 2099-01-01 00:00:00 起生效' }).waitFor();
    expect((await inForce()).version).toBe(2);
    await takePictures(page, 'policy-displaced');
    await form.getByLabel('仍要取代').check();
    await form.getByRole('button', { name: '写入新版本' }).click();
    await page.locator('[data-version="4"]', { hasText: '现行' }).waitFor();
  });

  it('speaks English, too', async () => {
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Compare versions' }).waitFor();
    expect(await page.locator('[data-setting="voltage.lowMajorV"]').innerText()).toMatch(/low major \(V\)/);
    await takePictures(page, 'policy-en');
    await page.getByRole('button', { name: '中文' }).click();
  });

  it('met no refused style or script on the way', () => {
    // What the service refuses is told as a failed load.
    expect(complaints.filter((text) => !/400|409/.test(text))).toEqual([]);
  });
});
