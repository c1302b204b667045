import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Clock } from '../../src/clock.js';
import { DAY_MS, HOUR_MS } from '../../src/domain/instants.js';
import { append } from '../../src/modules/journal/append.js';
import { CHROMIUM, openConsole, takePictures } from '../support/browser.js';
import { tellSupply } from '../support/grid.js';
import { eventually, useService } from '../support/service.js';
import { insertVoltages } from '../support/voltages.js';

const inBrowser = CHROMIUM === null ? describe.skip : describe;

inBrowser('decisions on outages and what was done about voltage, in a browser', () => {
  const held = useService({ clock: new Clock() });
  let close: () => Promise<void> = async () => undefined;
  let page: Page;
  let complaints: readonly string[] = [];
  const ids = new Map<string, number>();

  beforeAll(async () => {
    const { service } = held;
    const assets = [
      'code,kind,parent_code,name,area,manager,tap_position,tap_count,tap_step_percent',
      'S1,substation,,城东变电站,城东,,,,',
      'F1,feeder,S1,10kV 滨江线,城东,王工,,,',
      'T1,transformer,F1,滨江一号台区,城东,,3,5,2.5',
      'T2,transformer,F1,滨江二号台区,城东,,,,',
      'T3,transformer,F1,滨江三号台区,城东,,,,',
      'F2,feeder,S1,10kV 学府线,城东,,,,',
      'T9,transformer,F2,学府一号台区,城东,,3,5,2.5',
    ];
    expect((await service.call('POST', '/network/assets', assets.join('\n'))).status).toBe(200);
    await service.call('POST', '/network/customers', 'account_no,transformer_code\n1,T1\n2,T2\n3,T3\n4,T9');
    for (const row of await service.db.query<{ id: number; code: string }>('select id, code from asset'))
      ids.set(row.code, row.id);
    const at = Date.now() - HOUR_MS;
    await tellSupply(
      service.db,
      ['T1', 'T2', 'T3'].map((code) => ({ transformerId: ids.get(code) ?? 0, to: 'dead' as const, at })),
    );
    await eventually(async () => (await service.db.query('select 1 from outage')).length === 1);
    ({ page, complaints, close } = await openConsole(service.url, '/'));
  });
  afterAll(() => close());

  it('names who answers for an outage, and takes down what is being done', async () => {
    await page.locator('[data-outage] .as-link').first().click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('客户经理 王工').waitFor();
    await drawer.getByLabel('处理进展').fill('已到现场，正在更换熔断器');
    await drawer.getByLabel('报告人').fill('抢修一班');
    await drawer.getByRole('button', { name: '添加' }).click();
    await drawer.locator('.plain-list', { hasText: '正在更换熔断器' }).waitFor();
    await takePictures(page, 'outage-detail');
  });

  it('splits transformers off, goes to the new outage and shows where it comes from', async () => {
    const drawer = page.getByRole('dialog');
    const first = new URL(page.url()).searchParams.get('outage');
    await drawer.locator('tr', { hasText: 'T3' }).getByRole('checkbox').check();
    await drawer.getByRole('button', { name: '拆出所选 1 个台区' }).click();
    await page.locator('.ant-popconfirm-buttons .ant-btn-primary').click();
    await drawer.locator(`[data-relative="${first}"]`, { hasText: '来自' }).waitFor();
    await drawer.getByText('滨江三号台区').first().waitFor();
    const { body } = await held.service.call<{ items: { transformers: { code: string }[] }[] }>('GET', '/outages');
    expect(body.items.map(({ transformers }) => transformers.map(({ code }) => code).join()).toSorted()).toEqual([
      'T1,T2',
      'T3',
    ]);
    await takePictures(page, 'outage-split');
    await drawer.locator(`[data-relative="${first}"] .as-link`).click();
    await drawer.getByText('其中仍停（嵌套）或拆出').waitFor();
    await drawer.locator('[data-decision=split]').getByRole('button', { name: '撤销' }).click();
    await page.locator('.ant-popconfirm-buttons .ant-btn-primary').click();
    await drawer.locator('[data-decision=split] .taken-back').waitFor();
    await drawer.getByText('台区 3 个').waitFor();
    await takePictures(page, 'outage-undone');
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
  });

  it('records a tap move on a voltage warning and judges it by the hours before and after', async () => {
    const { service } = held;
    const transformerId = ids.get('T9') ?? 0;
    const now = Date.now();
    const moved = now - 2 * DAY_MS;
    await insertVoltages(service.db, [transformerId], {
      from: now - 4 * DAY_MS,
      to: moved,
      eveningV: 192,
      otherV: 222,
    });
    await insertVoltages(service.db, [transformerId], { from: moved, to: now, eveningV: 204, otherV: 228 });
    await service.db.inTx((tx) =>
      append(tx, [
        {
          type: 'episode_opened',
          subjectType: 'episode',
          subjectId: 1,
          happenedAt: now - HOUR_MS,
          data: {
            transformerId,
            kind: 'low_voltage',
            phase: 'A',
            severity: 'minor',
            startedAt: now - HOUR_MS,
            endedAt: null,
            worstValue: 192,
            policyVersion: 1,
          },
        },
      ]),
    );
    const row = page.locator('[data-warning]', { hasText: '学府一号台区' }).filter({ hasText: '低电压' });
    await row.first().locator('.as-link').click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('button', { name: '登记处置' }).click();
    await eventually(async () => (await drawer.getByLabel('原档位').inputValue()) === '3');
    await drawer.getByLabel('新档位').fill('3');
    await drawer.getByLabel('完成时间').fill(new Date(moved + 8 * HOUR_MS).toISOString().slice(0, 16));
    await drawer.getByLabel('执行人').fill('配电二班');
    await drawer.locator('.action-form').getByRole('button', { name: '登记' }).click();
    await drawer.getByText('is the same tap').waitFor();
    await takePictures(page, 'action-form');
    await drawer.getByLabel('新档位').fill('4');
    await drawer.locator('.action-form').getByRole('button', { name: '登记' }).click();
    const measure = drawer.locator('[data-verdict=improved]', { hasText: '调分接头 3 → 4' });
    await measure.waitFor();
    expect(await measure.innerText()).toMatch(/192\.0 – 222\.0 V[\s\S]*204\.0 – 228\.0 V/);
    await measure.scrollIntoViewIfNeeded();
    await takePictures(page, 'action-judged');
    const [asset] = await service.db.query<{ tap: number }>(`select tap_position as tap from asset where code = 'T9'`);
    expect(asset?.tap).toBe(4);
  });

  it('met no refused style or script on the way', () => {
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
  });
});
