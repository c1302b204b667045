import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Clock } from '../../src/clock.js';
import { DAY_MS, HOUR_MS } from '../../src/domain/instants.js';
import { CHROMIUM, openConsole, takePictures } from '../support/browser.js';
import { reviseSupply, tellSupply } from '../support/grid.js';
import { eventually, useService } from '../support/service.js';
import { insertVoltages } from '../support/voltages.js';

const inBrowser = CHROMIUM === null ? describe.skip : describe;

inBrowser('the reports in a browser', () => {
  const held = useService({ clock: new Clock() });
  let close: () => Promise<void> = async () => undefined;
  let page: Page;
  let complaints: readonly string[] = [];
  const begin = Date.now() - 3 * DAY_MS;
  /** The transformer that was without supply. */
  let dead = 0;
  const day = (epochMs: number): string => new Date(epochMs + 8 * HOUR_MS).toISOString().slice(0, 10);

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
    ];
    await service.call('POST', '/network/assets', assets.join('\n'));
    await service.call('POST', '/network/terminals', 'terminal,transformer_code\nD1,T1\nD2,T2\nD3,T3');
    const customers = ['1,T1', '2,T1', '3,T2', '4,T3'].map((line) => `060000000${line}`);
    await service.call('POST', '/network/customers', ['account_no,transformer_code', ...customers].join('\n'));
    // As if they had hung there all the time; the report counts from when they are known.
    await service.db.query(`update customer_transformer set valid_from = '-infinity'`);
    await service.db.query(`update asset_parent set valid_from = '-infinity'`);
    await service.db.query(
      `insert into transformer_state (transformer_id, known_since) select id, '2020-01-01' from asset where kind = 'transformer'`,
    );
    const rows = await service.db.query<{ id: number }>(
      `select id from asset where kind = 'transformer' order by code`,
    );
    const [one = 0, two = 0, three = 0] = rows.map((row) => row.id);
    dead = one;
    await insertVoltages(service.db, [one, three], { from: begin, to: Date.now(), eveningV: 190, otherV: 222 });
    await insertVoltages(service.db, [two], { from: begin, to: Date.now(), eveningV: 222, otherV: 222 });
    await tellSupply(service.db, [{ transformerId: one, to: 'dead', at: begin + HOUR_MS }]);
    await tellSupply(service.db, [{ transformerId: one, to: 'live', at: begin + 3 * HOUR_MS }]);
    // Nothing is heard of the third for ten hours.
    await service.db.query(
      `insert into supply_interval (transformer_id, state, started_at, ended_at, source)
       values ($1, 'unknown', to_timestamp($2 / 1000.0), to_timestamp($3 / 1000.0), 'silence')`,
      [three, begin, begin + 10 * HOUR_MS],
    );
    await eventually(
      async () => (await service.db.query('select 1 from outage where ended_at is not null')).length === 1,
    );
    ({ page, complaints, close } = await openConsole(service.url, '/reliability'));
  });
  afterAll(() => close());

  it('counts what the API counts for the days that are asked for, with what is unknown', async () => {
    await page.getByLabel('自').fill(day(begin));
    await page.getByLabel('至').fill(day(Date.now()));
    await page.getByText('> 5 分钟').click();
    await page.getByRole('button', { name: '统计' }).click();
    const east = page.locator('[data-report-row="城东"]');
    await page.getByText(`${day(begin)} 至 ${day(Date.now())}`).waitFor();
    await east.waitFor();
    const { body } = await held.service.call<{ items: { key: string; saidiMinutes: number }[] }>(
      'GET',
      `/reports/reliability?from=${day(begin)}T00:00&by=area&sustained=5`,
    );
    const saidi = body.items.find(({ key }) => key === '城东')?.saidiMinutes ?? 0;
    expect(saidi).toBeCloseTo(80, 1); // 2 h of two of three customers
    expect(await east.innerText()).toContain(saidi.toFixed(2));
    expect(await page.locator('[data-report-row="城西"]').innerText()).toMatch(/0\.00\s*\[0\.00 – 600\.00\]/);
    expect(await page.locator('[data-bar="城东"] .tone-fault').getAttribute('width')).not.toBe('0');
    expect(await page.locator('[data-bar="城西"] .whisker').count()).toBe(1);
    await takePictures(page, 'reliability', { onPaper: true });
  });

  it('breaks down by transformer and by month, and saves the table', async () => {
    await page.locator('.ant-segmented-item', { hasText: '按台区' }).click();
    await page.getByRole('button', { name: '统计' }).click();
    await page.locator('[data-report-row="T1"]').waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('[data-export=reliability]').click(),
    ]);
    const text = await readFile(await file.path(), 'utf8');
    expect(text).toMatch(/\r\nT1,滨江一号台区,/);
    const [workbook] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('[data-workbook=reliability]').click(),
    ]);
    expect(workbook.suggestedFilename()).toMatch(/^reliability.*\.xlsx$/);
    expect((await readFile(await workbook.path())).subarray(0, 2).toString()).toBe('PK');
    await page.locator('.ant-segmented-item', { hasText: '按月' }).click();
    await page.getByRole('button', { name: '统计' }).click();
    await page.locator(`[data-report-row="${day(begin).slice(0, 7)}"]`).waitFor();
    await takePictures(page, 'reliability-month');
  });

  it('publishes the total with a note, and later sets beside it what is known now, and why', async () => {
    const { service } = held;
    await page.getByLabel('说明').fill('报监管');
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.locator('.ant-popconfirm-buttons .ant-btn-primary').click();
    const published = page.locator('[data-published]');
    await published.waitFor();
    expect(await published.innerText()).toMatch(/> 5 分钟[\s\S]*无变化[\s\S]*报监管[\s\S]*SAIDI 60\.00/);
    // Supply had been away for one hour, not two.
    await reviseSupply(service.db, dead, begin, (tx) =>
      tx.query(`update supply_interval set ended_at = $2, revision = 1 where transformer_id = $1`, [
        dead,
        new Date(begin + 2 * HOUR_MS),
      ]),
    );
    await eventually(async () => {
      const { body } = await service.call<{ items: { isChanged: boolean }[] }>('GET', '/reports/restatements');
      return body.items[0]?.isChanged === true;
    });
    await page.getByRole('button', { name: '重新对比' }).click();
    await page.locator('[data-published][data-changed=true]').waitFor();
    expect(await published.locator('[data-figure=saidi]').innerText()).toMatch(/60\.00\s+30\.00\s+−30\.00/);
    const reasons = published.locator('[data-restated-outage]');
    expect(await reasons.innerText()).toMatch(/−120\.0\s+0\s[\s\S]*迟到数据/);
    await takePictures(page, 'restated', { onPaper: true });
    await page.getByRole('button', { name: 'English' }).click();
    expect(await reasons.innerText()).toContain('outage changed: late data: backfill');
    await takePictures(page, 'restated-en');
    await page.getByRole('button', { name: '中文' }).click();
  });

  it('shows voltage qualification with its worst first', async () => {
    await page.getByRole('link', { name: '电压合格率' }).click();
    expect(new URL(page.url()).pathname).toBe('/voltage');
    await page.locator('.ant-segmented-item', { hasText: '按台区' }).click();
    await page.getByRole('button', { name: '统计' }).click();
    const row = page.locator('[data-report-row="T2"]');
    await row.waitFor();
    expect(await row.innerText()).toContain('100.000 %');
    expect(await page.locator('[data-bar]').first().getAttribute('data-bar')).not.toBe('T2');
    await takePictures(page, 'voltage', { onPaper: true });
  });

  it('prints a short report on one sheet on its side, and no empty one before it', async () => {
    const paper = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(paper.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    const [, width = 0, height = 0] = /\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/.exec(paper) ?? [];
    expect(Number(width)).toBeGreaterThan(Number(height));
  });

  it('says so when the days are the wrong way round', async () => {
    await page.getByLabel('自').fill('2030-01-02');
    await page.getByLabel('至').fill('2030-01-01');
    expect(await page.getByRole('button', { name: '统计' }).isDisabled()).toBe(true);
    await page.getByLabel('至').fill('2030-01-03');
    await page.getByRole('button', { name: '统计' }).click();
    await page.getByText('must be before to, and in the past').waitFor();
  });

  it('speaks English, too', async () => {
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('link', { name: 'Reliability of supply' }).click();
    await page.getByRole('columnheader', { name: 'SAIDI (min)' }).waitFor();
    await takePictures(page, 'reliability-en');
    await page.getByRole('button', { name: '中文' }).click();
  });

  it('met no refused style or script on the way', () => {
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
  });
});
