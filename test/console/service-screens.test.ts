import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Clock } from '../../src/clock.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { CHROMIUM, openConsole, takePictures } from '../support/browser.js';
import { useService } from '../support/service.js';

const inBrowser = CHROMIUM === null ? describe.skip : describe;

inBrowser('calls, arrears, consumption, service and complaints in a browser', () => {
  const held = useService({ clock: new Clock() });
  let close: () => Promise<void> = async () => undefined;
  let page: Page;
  let complaints: readonly string[] = [];
  const now = Date.now();
  const post = async (path: string, body: object | string): Promise<void> => {
    const answer = await held.service.call<{ detail?: string; rejected?: unknown }>('POST', path, body);
    expect({ path, ok: answer.status < 300, detail: answer.body.detail ?? answer.body.rejected ?? [] }).toEqual({
      path,
      ok: true,
      detail: [],
    });
  };

  beforeAll(async () => {
    const assets = [
      'code,kind,parent_code,name,area,setting',
      'S1,substation,,城东变电站,城东,urban',
      'F1,feeder,S1,10kV 滨江线,城东,urban',
      'T1,transformer,F1,滨江一号台区,城东,urban',
    ];
    await post('/network/assets', assets.join('\n'));
    const customers = ['0600000001,T1,张三,', '0600000002,T1,李四,', '0600000003,T1,王五,8520003'];
    await post('/network/customers', ['account_no,transformer_code,name,landline', ...customers].join('\n'));
    const months = Array.from({ length: 9 }, (_, index) =>
      new Date(Date.UTC(2026, 1 + index)).toISOString().slice(0, 7),
    );
    const energy = months.map((month, index) => `0600000002,${month},${index === 0 ? 90 : 0}`);
    await post('/consumption', ['account_no,month,kwh', ...energy].join('\n'));
    // More than a page of the screen holds, and less overdue than the others.
    const many = Array.from({ length: 60 }, (_, index) => `07000000${String(index).padStart(2, '0')}`);
    await post('/network/customers', ['account_no,transformer_code', ...many.map((no) => `${no},T1`)].join('\n'));
    await post('/arrears/import', ['account_no,amount,due_on', ...many.map((no) => `${no},10,2026-10-20`)].join('\n'));
    const cutAt = now - DAY_MS;
    await post('/arrears', { accountNo: '0600000003', amount: 88, dueOn: '2026-09-20' });
    await post('/arrears', { accountNo: '0600000001', amount: 120.5, dueOn: '2026-01-20' });
    await post('/disconnections', {
      externalId: 'D1',
      accountNo: '0600000001',
      reason: 'arrears',
      plannedAt: cutAt,
      disconnectedAt: cutAt,
    });
    await post('/complaints', {
      externalId: 'K1',
      channel: 'hotline',
      category: 'outage',
      accountNo: '0600000003',
      text: '昨晚停电',
      receivedAt: now - HOUR_MS,
    });
    // One repair that is over, and a second that is not: stars need more cases, the row and its cases do not.
    await post('/repair-orders', {
      externalId: 'R1',
      accountNo: '0600000003',
      symptom: '家里没电',
      extent: 'premises',
      at: now - 3 * HOUR_MS,
    });
    const { body } = await held.service.call<{ items: { id: number }[] }>('GET', '/repair-orders');
    const order = body.items[0]?.id ?? 0;
    await post(`/repair-orders/${order}/dispatched`, { at: now - 3 * HOUR_MS + 2 * MINUTE_MS, by: '抢修一班' });
    await post(`/repair-orders/${order}/arrived`, { at: now - 2.5 * HOUR_MS, by: '抢修一班' });
    await post(`/repair-orders/${order}/repaired`, { at: now - 2 * HOUR_MS, by: '抢修一班' });
    ({ page, complaints, close } = await openConsole(held.service.url, '/repairs'));
  });
  afterAll(() => close());

  it('gives a call taker the words to say where the cause is known, and an order all the same when one is wanted', async () => {
    await page.getByRole('button', { name: '受理报修' }).click();
    const intake = page.locator('[data-intake]');
    const take = intake.getByRole('button', { name: '受理', exact: true });
    await intake.getByLabel('故障现象').fill('家里没电');
    expect(await take.isDisabled()).toBe(true);
    await intake.getByLabel('户号').fill('0600000001');
    await take.click();
    const known = intake.locator('[data-answer=known]');
    await known.waitFor();
    expect(await known.innerText()).toMatch(/欠费停电[\s\S]*请这样答复客户[\s\S]*\S/);
    await takePictures(page, 'intake-known');
    await intake.getByLabel('仍需派单的理由').fill('客户称已缴费');
    await intake.getByRole('button', { name: '仍要派单' }).click();
    const order = intake.locator('[data-answer=order]');
    await order.waitFor();
    expect(await order.innerText()).toContain('客户称已缴费');
    await page.locator('[data-repair]', { hasText: '0600000001' }).waitFor();
    await intake.getByRole('button', { name: '受理下一个来电' }).click();
    await intake.getByLabel('户号').fill('0600000002');
    await intake.getByLabel('故障现象').fill('电线落地冒火花');
    await intake.getByText('邻近几户').click();
    await take.click();
    await order.waitFor();
    await page.locator('[data-repair]', { hasText: '0600000002' }).waitFor();
    await takePictures(page, 'intake-order');
  });

  it('rates crews with the formula printed, and shows the cases behind a row', async () => {
    await page.getByRole('link', { name: '报表' }).click();
    await page.getByRole('link', { name: '服务质量' }).click();
    const crew = page.locator('[data-service-row="抢修一班"]');
    await crew.waitFor();
    expect(await page.locator('[data-formula]').innerText()).toMatch(/得分 = [\s\S]*权重: 到场/);
    await crew.getByRole('button').click();
    await crew.locator('[data-case]').waitFor();
    expect(await crew.locator('[data-case]').innerText()).toMatch(/城东[\s\S]*按时/);
    await takePictures(page, 'service', { onPaper: true });
    const download = page.waitForEvent('download');
    await page.locator('[data-workbook=service]').click();
    expect((await download).suggestedFilename()).toMatch(/^service.*\.xlsx$/);
  });

  it('lists who owes, whom to call, and takes a step of collection down', async () => {
    await page.getByRole('link', { name: '服务承诺' }).click();
    await page.getByRole('link', { name: '欠费催收' }).click();
    const account = page.locator('[data-arrears="0600000003"]');
    await account.waitFor();
    expect(await account.innerText()).toMatch(/¥ 88\.00[\s\S]*应缴 2026-09-20/);
    await page.getByText('电话名单').click();
    await account.waitFor();
    await account.click();
    const detail = page.locator('.promise-detail');
    await detail.locator('[data-finding]').first().waitFor();
    await detail.getByText('现场催费').click();
    await detail.getByLabel('催费人').fill('催费一班');
    await takePictures(page, 'arrears');
    await detail.getByRole('button', { name: '登记催费' }).click();
    await account.locator('[data-dunning=onsite]', { hasText: '已联系' }).waitFor();
    await detail.getByRole('button', { name: '发送催费短信' }).click();
    await page.locator('.ant-popconfirm-buttons .ant-btn-primary').click();
    await account.locator('[data-dunning=remote]').waitFor();
  });

  it('prints the whole list, not only the rows that the screen had', async () => {
    const paper = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(paper.match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThanOrEqual(4);
  });

  it('lists whom no message reaches with the reason, shows the number when asked, and notes that somebody phoned', async () => {
    await page.getByRole('link', { name: '电话通知' }).click();
    const call = page.locator('[data-call]', { hasText: '0600000003' });
    await call.waitFor();
    expect(await call.innerText()).toMatch(/\*[\s\S]*没有手机号[\s\S]*催费[\s\S]*欠电费88\.00元/);
    await call.click();
    const detail = page.locator('.promise-detail');
    await detail.getByRole('button', { name: '显示号码' }).click();
    expect(await detail.locator('[data-phone=notice] a').getAttribute('href')).toBe('tel:8520003');
    expect(await detail.locator('[data-phone]').count()).toBe(1);
    await takePictures(page, 'call-list', { onPaper: true });
    await detail.getByLabel('通话说明').fill('家属接听，答应转告');
    await detail.getByRole('button', { name: '已电话通知' }).click();
    await call.waitFor({ state: 'detached' });
    await page.getByText('已通知', { exact: true }).click();
    await call.click();
    await page.getByText('家属接听，答应转告').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await call.getByText('no mobile number').waitFor();
    await takePictures(page, 'call-list-en');
    await page.getByRole('button', { name: '中文' }).click();
  });

  it('shows why a month of no consumption counts, and books what was found on site', async () => {
    await page.getByRole('link', { name: '报表' }).click();
    await page.getByRole('link', { name: '电量核查' }).click();
    const finding = page.locator('[data-finding-of="0600000002"]');
    await finding.click();
    await page.locator('[data-month="2026-09"]', { hasText: '零电量' }).waitFor();
    await takePictures(page, 'consumption');
    await page.getByLabel('核查说明').fill('门锁');
    await page.getByRole('button', { name: '空置' }).click();
    await finding.waitFor({ state: 'detached' });
    await page.getByText('已核查').click();
    await page.locator('[data-finding-of="0600000002"]', { hasText: '空置' }).waitFor();
  });

  it('counts complaints, and those that no warning came before, down to the complaint', async () => {
    await page.getByRole('link', { name: '投诉统计' }).click();
    const total = page.locator('[data-report-row=total]');
    await page.locator('[data-report-row=outage]', { hasText: '停电问题' }).waitFor();
    expect(await total.innerText()).toMatch(/^合计\s+1\s+1\s/);
    await takePictures(page, 'complaint-report');
    await page.getByRole('link', { name: '漏预警' }).click();
    await page.locator('[data-missed=K1]', { hasText: '未发现事件' }).waitFor();
    await takePictures(page, 'missed-warnings');
    await page.getByRole('button', { name: 'English' }).click();
    await page.locator('[data-missed=K1]', { hasText: 'No event fits the call' }).waitFor();
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByText('投诉后才预警').last().click();
    await page.getByText('没有漏预警的投诉').waitFor();
  });

  it('stops a clock with its reason and evidence, and lets it run again', async () => {
    await page.getByRole('link', { name: '服务承诺' }).click();
    await page.getByRole('link', { name: '全部时限' }).click();
    const answer = page.locator('[data-deadline=complaint_answer]').first();
    await answer.click();
    await page.getByLabel('暂停原因').first().fill('等待客户补充材料');
    await page.getByLabel('凭据').first().fill('录音 2026-1122');
    await takePictures(page, 'pause');
    await page.getByRole('button', { name: '暂停计时' }).first().click();
    await page.locator('.ant-message-success', { hasText: '已暂停计时' }).waitFor();
    await page.getByText('暂停', { exact: true }).first().click();
    await answer.click();
    await page.locator('[data-receipt]', { hasText: '录音 2026-1122' }).first().waitFor();
    await page.getByRole('button', { name: '恢复计时' }).first().click();
    await page.locator('.ant-message-success', { hasText: '已恢复计时' }).waitFor();
    await answer.waitFor({ state: 'detached' });
  });

  it('met no refused style or script on the way', () => {
    expect(complaints).toEqual([]);
  });
});
