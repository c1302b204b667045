import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ModulesContainer } from '@nestjs/core';
import type { Page } from 'playwright-core';
import { Clock } from '../../src/clock.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { ENDPOINT } from '../../src/modules/http/endpoint.js';
import type { EndpointSpec } from '../../src/modules/http/endpoint.js';
import { CALL_ROLES } from '../../web/src/model/calls.js';
import { CHROMIUM, openBrowser, takePictures } from '../support/browser.js';
import { eventually, useService } from '../support/service.js';

const inBrowser = CHROMIUM === null ? describe.skip : describe;

describe('what a key may do on the screens', () => {
  const held = useService({ clock: new Clock() });
  let page: Page;
  let close: () => Promise<void> = async () => undefined;
  const now = Date.now();
  const keys: Record<'viewer' | 'dispatcher', string> = { viewer: '', dispatcher: '' };
  const post = async (path: string, body: object | string): Promise<void> => {
    const answer = await held.service.call<object>('POST', path, body);
    expect({ path, body: answer.body, ok: answer.status < 300 }).toMatchObject({ ok: true });
  };

  beforeAll(async () => {
    await post('/network/assets', 'code,kind,name,area\nT1,transformer,一号台区,城东');
    await post(
      '/network/customers',
      'account_no,transformer_code,name,mobile\n0600000001,T1,张三,13812345678\n0600000002,T1,李四,13987654321',
    );
    const contact = { externalId: 'C1', role: 'tenant', name: '王五', phone: '13700001111', source: '租约' };
    await post('/accounts/0600000001/contacts', { ...contact, validFrom: now - 30 * DAY_MS });
    const unheard = { ...contact, externalId: 'C2', role: 'owner', name: '赵六', phone: null };
    await post('/accounts/0600000001/contacts', { ...unheard, validFrom: now - 40 * DAY_MS });
    await post('/arrears', { accountNo: '0600000001', amount: 120.5, dueOn: '2026-01-20' });
    await post('/arrears', { accountNo: '0600000002', amount: 50, dueOn: '2026-01-20' });
    const cutAt = now - 2 * DAY_MS;
    const cut = { externalId: 'D2', accountNo: '0600000002', reason: 'arrears' };
    await post('/disconnections', { ...cut, plannedAt: cutAt, disconnectedAt: cutAt });
    const payment = { externalId: 'P2', accountNo: '0600000002', amount: 50, settled: true };
    await post('/payments', { ...payment, paidAt: now - 2 * HOUR_MS });
    await post('/repair-orders', {
      externalId: 'R1',
      address: '滨江路 8 号',
      transformerCode: 'T1',
      callerPhone: '13600002222',
      symptom: '家里没电',
      extent: 'premises',
      at: now - 20 * MINUTE_MS,
    });
    for (const role of ['viewer', 'dispatcher'] as const) {
      const { body } = await held.service.call<{ key: string }>('POST', '/api-keys', { name: role, roles: [role] });
      keys[role] = body.key;
    }
  });
  afterAll(() => close());

  it('is told by the service, whatever the caller asked to be masked', async () => {
    const me = (role: 'viewer' | 'dispatcher') => held.service.call('GET', '/me', undefined, keys[role]);
    expect((await me('viewer')).body).toEqual({ name: 'viewer', roles: ['viewer'], personalData: false });
    expect((await me('dispatcher')).body).toEqual({ name: 'dispatcher', roles: ['dispatcher'], personalData: true });
    const headers = { authorization: `Bearer ${keys.dispatcher}`, 'personal-data': 'masked' };
    const masked = await fetch(`${held.service.url}/api/v1/me`, { headers });
    expect(await masked.json()).toMatchObject({ personalData: true });
  });

  it("knows the same roles of every call behind a button as the service's routes", () => {
    const specs = [...held.service.app.get(ModulesContainer).values()].flatMap((module) =>
      [...module.controllers.values()].flatMap(({ metatype }) => {
        const { prototype } = metatype as { prototype: Record<string, object> };
        return Object.getOwnPropertyNames(prototype).flatMap(
          (name) => (Reflect.getMetadata(ENDPOINT, prototype[name] ?? {}) as EndpointSpec | undefined) ?? [],
        );
      }),
    );
    for (const [call, roles] of Object.entries(CALL_ROLES)) {
      const spec = specs.find(({ method, path }) => `${method} ${path}` === call);
      expect({ call, roles: [spec?.access ?? 'no such route'].flat().sort() }).toEqual({
        call,
        roles: [...roles].sort(),
      });
    }
  });

  it('lists whom to phone about an account, in clear only for roles that may, and on record', async () => {
    await held.service.db.query('delete from personal_data_access');
    const phones = (role: 'viewer' | 'dispatcher') =>
      held.service.call<{ items: object[] }>('GET', '/accounts/0600000001/phones', undefined, keys[role]);
    expect((await phones('viewer')).body.items).toEqual([
      { role: 'customer', name: '张*', phone: '138****5678' },
      { role: 'tenant', name: '王*', phone: '137****1111' },
    ]);
    expect(await held.service.db.query('select actor from personal_data_access')).toEqual([]);
    expect((await phones('dispatcher')).body.items).toEqual([
      { role: 'customer', name: '张三', phone: '13812345678' },
      { role: 'tenant', name: '王五', phone: '13700001111' },
    ]);
    expect(await held.service.db.query('select actor, route from personal_data_access')).toEqual([
      { actor: 'dispatcher', route: 'GET /accounts/:accountNo/phones' },
    ]);
    expect((await held.service.call('GET', '/accounts/4711/phones')).status).toBe(404);
  });

  inBrowser('in a browser', () => {
    const recorded = () =>
      held.service.db.query<{ actor: string; accountNo: string | null }>(
        `select p.actor, c.account_no as "accountNo" from personal_data_access p left join customer c on c.id = p.customer_id order by p.id`,
      );
    const enter = async (role: 'viewer' | 'dispatcher', path: string): Promise<void> => {
      await page.goto('about:blank'); // a changed hash alone loads no page
      await page.goto(`${held.service.url}${path}#key=${keys[role]}`);
      await page.locator('[data-live=live]').waitFor();
    };

    beforeAll(async () => {
      const browser = await openBrowser();
      close = browser.close;
      page = await browser.context.newPage();
    });

    it('shows a viewer no button that the service would refuse, but why, and no way to a number', async () => {
      await enter('viewer', '/arrears');
      await page.locator('[data-arrears="0600000001"]').click();
      const detail = page.locator('.promise-detail');
      await detail.locator('[data-may-not]').waitFor();
      expect(await detail.locator('[data-may-not]').innerText()).toMatch(/需要调度员或外部系统权限/);
      expect(await detail.getByRole('button', { name: '登记催费' }).count()).toBe(0);
      expect(await detail.getByRole('button', { name: '显示号码' }).count()).toBe(0);
      expect(await detail.innerText()).toContain('138****5678');
      await takePictures(page, 'viewer-arrears');
      await enter('viewer', '/planned');
      await page.locator('[data-may-not="POST /planned-outages"]').waitFor();
      expect(await page.getByRole('button', { name: '登记计划' }).count()).toBe(0);
      await enter('viewer', '/policy');
      await page.locator('[data-may-not="POST /policy"]').waitFor();
      await enter('viewer', '/reliability');
      await page.locator('[data-may-not="POST /reports/reliability/publish"]').waitFor();
      await enter('viewer', '/service');
      await page.locator('[data-may-not="GET /reports/service"]').waitFor();
    });

    it('shows a dispatcher the number of whom to call when asked, and only then, on record', async () => {
      await held.service.db.query('delete from personal_data_access');
      await enter('dispatcher', '/arrears');
      await page.locator('[data-arrears="0600000001"]').click();
      const detail = page.locator('.promise-detail');
      await detail.getByRole('button', { name: '登记催费' }).waitFor();
      expect(await recorded()).toEqual([]);
      await detail.getByRole('button', { name: '显示号码' }).click();
      await detail.locator('[data-phone=tenant]', { hasText: '王五 13700001111' }).waitFor();
      expect(await detail.locator('[data-phone=customer] a').getAttribute('href')).toBe('tel:13812345678');
      expect(await recorded()).toEqual([{ actor: 'dispatcher', accountNo: '0600000001' }]);
      await takePictures(page, 'phones');
      await detail.getByRole('button', { name: '隐藏' }).click();
      await detail.locator('[data-phone]').first().waitFor({ state: 'detached' });

      await enter('dispatcher', '/reconnections');
      await page.locator('[data-dark]').click();
      await detail.getByRole('button', { name: '显示号码' }).click();
      await detail.locator('[data-phone=customer]', { hasText: '13987654321' }).waitFor();
      expect((await recorded()).at(-1)).toEqual({ actor: 'dispatcher', accountNo: '0600000002' });
    });

    it('has the service write about a debt, and says which rule is against a message to nowhere, and its source', async () => {
      await enter('dispatcher', '/arrears');
      await page.locator('[data-arrears="0600000001"]').click();
      const detail = page.locator('.promise-detail');
      const send = async (): Promise<void> => {
        await detail.getByRole('button', { name: '发送催费短信' }).click();
        await page.locator('.ant-popconfirm-buttons .ant-btn-primary').last().click();
      };
      await send();
      await page.locator('[data-arrears="0600000001"] [data-dunning=remote]').waitFor();
      await detail.getByLabel('发给').click();
      await page.locator('.ant-select-item-option', { hasText: '房东 赵*' }).click();
      await send();
      const refused = detail.locator('.ant-alert-error');
      await refused.waitFor();
      expect(await refused.innerText()).toMatch(/联系人 C2 没有号码[\s\S]*来源: own: a message needs a number/);
      await takePictures(page, 'dunning-refused');
    });

    it('shows who called about a repair, on record also where the register does not know the caller', async () => {
      await held.service.db.query('delete from personal_data_access');
      await enter('dispatcher', '/repairs');
      await page.locator('[data-repair]').click();
      const detail = page.locator('.promise-detail');
      await detail.getByRole('button', { name: '显示号码' }).click();
      await detail.locator('[data-phone=caller]', { hasText: '13600002222' }).waitFor();
      await eventually(async () => (await recorded()).length === 1);
      expect(await recorded()).toEqual([{ actor: 'dispatcher', accountNo: null }]);
    });
  });
});
