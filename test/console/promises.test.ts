import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Clock } from '../../src/clock.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { CHROMIUM, openConsole, takePictures } from '../support/browser.js';
import { eventually, useService } from '../support/service.js';

const inBrowser = CHROMIUM === null ? describe.skip : describe;

inBrowser('promises in a browser', () => {
  const held = useService({ clock: new Clock() });
  let close: () => Promise<void> = async () => undefined;
  let page: Page;
  let complaints: readonly string[] = [];
  const now = Date.now();
  const clockText = (at: number): string => new Date(at + 8 * HOUR_MS).toISOString().slice(0, 16);
  const post = async (path: string, body: object): Promise<void> => {
    const answer = await held.service.call<{ detail?: string }>('POST', path, body);
    expect({ path, ok: answer.status < 300, detail: answer.body.detail }).toEqual({
      path,
      ok: true,
      detail: undefined,
    });
  };
  /** Cut for arrears two days ago, and paid in full `agoMs` ago. */
  const paid = async (accountNo: string, agoMs: number): Promise<void> => {
    await post('/arrears', { accountNo, amount: 120.5, dueOn: '2026-01-20' });
    const cutAt = now - 2 * DAY_MS;
    const cut = { externalId: `D-${accountNo}`, accountNo, reason: 'arrears', plannedAt: cutAt, disconnectedAt: cutAt };
    await post('/disconnections', cut);
    await post('/payments', {
      externalId: `P-${accountNo}`,
      accountNo,
      paidAt: now - agoMs,
      amount: 120.5,
      settled: true,
    });
  };

  beforeAll(async () => {
    const { service } = held;
    const assets = [
      'code,kind,parent_code,name,area,setting',
      'S1,substation,,城东变电站,城东,urban',
      'F1,feeder,S1,10kV 滨江线,城东,urban',
      'T1,transformer,F1,滨江一号台区,城东,urban',
    ];
    await service.call('POST', '/network/assets', assets.join('\n'));
    const accounts = ['0600000001', '0600000002', '0600000003', '0600000004'];
    const customers = accounts.map((account) => `${account},T1,张三`);
    await service.call('POST', '/network/customers', ['account_no,transformer_code,name', ...customers].join('\n'));
    await paid('0600000001', 2 * HOUR_MS);
    await paid('0600000002', 20 * HOUR_MS);
    await post('/repair-orders', {
      externalId: 'R1',
      accountNo: '0600000003',
      symptom: '家里没电，邻居有电',
      callerPhone: '13800001234',
      at: now - 20 * MINUTE_MS,
    });
    ({ page, complaints, close } = await openConsole(service.url, '/reconnections'));
  });
  afterAll(() => close());

  it('lists who paid and is without supply, what is due first at the top, with the legs and the breach', async () => {
    const rows = page.locator('[data-dark]');
    await eventually(async () => (await rows.count()) === 2);
    expect(await rows.first().innerText()).toMatch(/已超期[\s\S]*0600000002[\s\S]*缴清[\s\S]*下单[\s\S]*尚未复电/);
    expect(await rows.last().locator('[data-closeness]').getAttribute('data-closeness')).toBe('calm');
    await rows.last().click();
    await page.locator('[data-leg=paid]').waitFor();
    await takePictures(page, 'promises', { onPaper: true });
  });

  it('takes a crew down, and drops a customer from the list once the power is measured', async () => {
    const detail = page.locator('.promise-detail');
    await detail.getByRole('button', { name: '派班组' }).click();
    await detail.getByLabel('执行人').fill('营配一班');
    await detail.getByRole('button', { name: '登记' }).click();
    await page.locator('[data-leg=crew_assigned]').waitFor();
    await detail.getByRole('button', { name: '远程合闸' }).click();
    await page.locator('.ant-popconfirm-buttons .ant-btn-primary').click();
    await page.locator('.ant-message-error', { hasText: 'must not be closed from afar' }).waitFor();
    await post('/reconnections', {
      accountNo: '0600000001',
      reconnectedAt: Date.now() - 1_000,
      by: '采集系统',
      source: 'power',
    });
    await eventually(async () => (await page.locator('[data-dark]').count()) === 1);
  });

  it('says in words how a limit came about', async () => {
    await page.locator('[data-dark]').first().click();
    await page.locator('.promise-detail').getByRole('button', { name: '时限说明' }).click();
    const steps = page.getByRole('dialog').locator('.receipt[open] .receipt-steps');
    await steps.waitFor();
    expect(await steps.innerText()).toMatch(/12 小时/);
    await takePictures(page, 'receipt');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('answers whether a supply may be cut, with everything that stands against it and its source', async () => {
    await page.getByRole('link', { name: '停电审核' }).click();
    await page.getByLabel('户号').fill('0600000004');
    await page.getByLabel('计划停电时间').fill(clockText(now + DAY_MS));
    await page.getByRole('button', { name: '检查' }).click();
    const refused = page.locator('[data-cut=refused]');
    await refused.waitFor();
    expect(await refused.locator('[data-finding=dunning]').innerText()).toMatch(/缺少步骤[\s\S]*\S/);
    const { body } = await held.service.call<{ errors: object[] }>('POST', '/disconnections/check', {
      accountNo: '0600000004',
      reason: 'arrears',
      plannedAt: now + DAY_MS,
    });
    expect(await refused.locator('[data-finding]').count()).toBe(body.errors.length);
    await takePictures(page, 'cut-guard', { onPaper: true });
    await page.getByLabel('户号').fill('9999');
    await page.getByRole('button', { name: '检查' }).click();
    await page.locator('.ant-alert', { hasText: '9999' }).waitFor();
  });

  it('leads a repair through its calls, with both clocks of arrival', async () => {
    await page.getByRole('link', { name: '抢修闭环' }).click();
    const row = page.locator('[data-repair]');
    await row.waitFor();
    expect(await row.innerText()).toContain('待派单');
    expect(await row.locator('[data-clock=repair_dispatch]').getAttribute('data-clock-state')).toBe('late');
    await row.click();
    const detail = page.locator('.promise-detail');
    const take = async (step: string, by: string, at: number): Promise<void> => {
      await detail.getByRole('button', { name: step, exact: true }).click();
      await detail.getByLabel('执行人').fill(by);
      await detail.getByLabel('时间').fill(clockText(at));
      await detail.getByRole('button', { name: '登记' }).click();
    };
    await take('派单', '抢修一班', now - 10 * MINUTE_MS);
    await page.locator('[data-state=dispatched]').waitFor();
    await row.locator('[data-clock=repair_arrival_promise][data-clock-state=running]').waitFor();
    await row.locator('[data-clock=repair_arrival_regulation][data-clock-state=running]').waitFor();
    await takePictures(page, 'repairs');
    await take('到场', '抢修一班', now - 6 * MINUTE_MS);
    await page.locator('[data-state=arrived]').waitFor();
    await row.locator('[data-clock=repair_arrival_promise][data-clock-state=in-time]').waitFor();
    await take('修复', '抢修一班', now - 3 * MINUTE_MS);
    await page.locator('[data-state=repaired]').waitFor();
    await detail.getByRole('button', { name: '回访', exact: true }).click();
    await detail.getByLabel('执行人').fill('坐席 7');
    await detail.getByRole('button', { name: '登记' }).click();
    await eventually(async () => (await page.locator('[data-repair]').count()) === 0);
    await page.getByText('已闭环').first().click();
    await page.locator('[data-repair]', { hasText: '满意' }).waitFor();
    await takePictures(page, 'repairs-closed');
  });

  it('lists every promise with an instant', async () => {
    await page.getByRole('link', { name: '全部时限' }).click();
    await page.getByText('已触发').first().click();
    const fired = page.locator('[data-deadline=reconnection]').first();
    await fired.waitFor();
    await fired.click();
    await page.locator('.receipt-steps').first().waitFor();
    await takePictures(page, 'deadlines');
  });

  it('speaks English, too', async () => {
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('link', { name: 'Reconnections' }).click();
    await page.getByRole('heading', { name: 'Paid and still without supply' }).waitFor();
    await takePictures(page, 'promises-en');
    await page.getByRole('button', { name: '中文' }).click();
  });

  it('met no refused style or script on the way', () => {
    // What the service refuses is told as a failed load.
    expect(complaints.filter((text) => !/40[049]/.test(text))).toEqual([]);
  });
});
