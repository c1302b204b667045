import { describe, expect, it } from '@jest/globals';
import { CHROMIUM, openBrowser } from '../support/browser.js';
import { ADMIN_KEY, eventually, useService } from '../support/service.js';

(CHROMIUM === null ? describe.skip : describe)('the warning note in a browser', () => {
  const held = useService();

  it('shows itself with its own style only, fits its page, and is printed on A4', async () => {
    const { db, url } = held.service;
    const title = '城东线 <b>故障停电</b>已超过 8 小时';
    await db.query(
      `with w as (
         insert into warning (kind, severity, subject_type, subject_id, subject_code, subject_name, area, title, happened_at, known_at,
           policy_version, evidence)
         values ('outage_over_8h', 'critical', 'outage', 1, 'F1', '城东线', '城东', $1, now(), now(), 1, '{"nature": "fault"}')
         returning id)
       insert into journal (type, subject_type, subject_id, happened_at, known_at, actor, data)
       select 'warning_raised', 'warning', id, now(), now(), 'system', '{"kind": "outage_over_8h"}' from w`,
      [title],
    );
    await eventually(async () => {
      const list = await held.service.call<{ items: object[] }>('GET', '/supervision-orders');
      return list.body.items.length === 1;
    });
    const browser = await openBrowser();
    try {
      const page = await browser.context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      await page.setExtraHTTPHeaders({ authorization: `Bearer ${ADMIN_KEY}` });
      await page.setViewportSize({ width: 794, height: 1123 }); // A4 at 96 dots per inch
      await page.goto(`${url}/api/v1/supervision-orders/1/notice-sheet`);
      expect(complaints).toEqual([]); // a style that the policy refuses would be told of here
      expect(await page.evaluate('getComputedStyle(document.querySelector("h1")).color')).toBe('rgb(187, 0, 0)');
      expect(await page.locator('.title td').textContent()).toBe(title);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(794);
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
      const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, x, y]) => [
        Math.round(Number(x)),
        Math.round(Number(y)),
      ]);
      expect(boxes.length).toBeGreaterThan(0);
      for (const [width, height] of boxes) {
        expect(Math.abs((width ?? 0) - 595)).toBeLessThanOrEqual(1);
        expect(Math.abs((height ?? 0) - 842)).toBeLessThanOrEqual(1);
      }
    } finally {
      await browser.close();
    }
  });
});
