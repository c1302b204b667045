import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext } from 'playwright-core';
import { Clock } from '../../src/clock.js';
import { DAY_MS, HOUR_MS } from '../../src/domain/instants.js';
import { append } from '../../src/modules/journal/append.js';
import { CHROMIUM, openBrowser } from '../support/browser.js';
import { episodeEntry } from '../support/episodes.js';
import { ADMIN_KEY, eventually, useService } from '../support/service.js';
import { insertVoltages } from '../support/voltages.js';

const PICTURES = process.env.CONSOLE_PICTURES ?? null;
const inBrowser = CHROMIUM === null ? describe.skip : describe;

inBrowser("a warning's advice in the console", () => {
  const held = useService({ clock: new Clock() });
  let context: BrowserContext;
  let close: () => Promise<void> = async () => undefined;

  beforeAll(async () => {
    const { service } = held;
    await service.call(
      'POST',
      '/network/assets',
      'code,kind,parent_code,name,area,capacity_kva,tap_position,tap_count,tap_step_percent\n' +
        'S,substation,,,,,,,\nF,feeder,S,,,,,,\nT1,transformer,F,滨江一号台区,城东,315,3,5,2.5',
    );
    const [row] = await service.db.query<{ id: number }>(`select id from asset where code = 'T1'`);
    const transformerId = row?.id ?? 0;
    const now = Date.now();
    await insertVoltages(service.db, [transformerId], { from: now - 7 * DAY_MS, to: now, eveningV: 196, otherV: 196 });
    const startedAt = now - HOUR_MS;
    await service.db.inTx((tx) =>
      append(
        tx,
        (['A', 'B', 'C'] as const).map((phase, index) =>
          episodeEntry('episode_opened', index + 1, transformerId, { phase, startedAt, worstValue: 196 }),
        ),
      ),
    );
    ({ context, close } = await openBrowser());
  });
  afterAll(() => close());

  it('says which tap to take, and unfolds the arithmetic of every tap', async () => {
    const { service } = held;
    await eventually(async () => {
      const rows = await service.db.query(`select from warning where advised <> '[]'`);
      return rows.length > 0;
    });
    const page = await context.newPage();
    await page.goto(`${service.url}/#key=${ADMIN_KEY}`);
    await page.locator('[data-warning]', { hasText: '滨江一号台区' }).first().click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('分接开关由 III 档调到').waitFor();
    await drawer.getByText('计算过程').click();
    const lines = drawer.locator('.arithmetic tr');
    await lines.last().waitFor();
    expect(await lines.count()).toBe(7);
    expect(await lines.nth(5).innerText()).toContain('201 .. 201 V, 3 V ✓');
    if (PICTURES !== null) {
      mkdirSync(PICTURES, { recursive: true });
      await page.waitForTimeout(500);
      await page.screenshot({ path: join(PICTURES, 'advice.png') });
    }
  });
});
