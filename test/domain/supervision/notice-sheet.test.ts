import { describe, expect, it } from '@jest/globals';
import { Config } from '../../../src/config.js';
import { LANGUAGES } from '../../../src/domain/register/customer-rows.js';
import { KIND_TEXTS } from '../../../src/domain/supervision/sheet-texts.js';
import type { SheetOrder } from '../../../src/domain/supervision/sheet-view.js';
import { causeOf, SUPERVISED_KINDS } from '../../../src/domain/supervision/causes.js';
import { NoticeSheets } from '../../../src/modules/supervision/notice-sheets.js';

const START = Date.parse('2026-07-15T00:00:00+08:00');
const HOUR = 3_600_000;

const order: SheetOrder = {
  number: '2026-000017',
  cause: 'long_outage',
  kind: 'outage_over_8h',
  subject: { type: 'outage', code: 'F1', name: '城东线', area: '城东' },
  title: '城东线 故障停电已超过 8 小时，影响 412 户',
  happenedAt: START + 8 * HOUR,
  dueAt: START + 8 * HOUR,
  openedAt: START + 8 * HOUR,
  unit: '城东供电分局',
  person: '赵工',
  routeNote: null,
  level: 1,
  replyDueAt: START + 10 * HOUR,
  state: 'open',
  closedOn: null,
  facts: {
    nature: 'fault',
    startedAt: START,
    estimatedRestorationAt: null,
    customersAffected: 412,
    limitHours: 8,
    stages: [],
  },
  effect: { measured: false, zh: '尚未恢复供电', en: 'supply is not back' },
  trail: [{ at: START + 8 * HOUR, by: 'system', zh: '签发', en: 'issued' }],
};
const sheets = new NoticeSheets(Config.read({}));
const htmlOf = (over: Partial<SheetOrder>, language: 'zh-CN' | 'en' = 'zh-CN'): string =>
  sheets.render({ ...order, ...over }, language, START + 9 * HOUR).html;
/** The words of the page, without its marks. */
const textOf = (html: string): string =>
  html
    .replace(/<style[\s\S]*<\/style>/, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

describe('the warning note (预警通知单)', () => {
  it('has number, date, unit, person, facts, limit, what is asked, a box for the reply and the record', () => {
    const text = textOf(htmlOf({}));
    for (const part of [
      '预警通知单',
      '2026-000017',
      '签发：2026-07-15 08:00',
      '责任单位 城东供电分局',
      '责任人 赵工',
      '停电性质 故障停电',
      '影响户数 412',
      '停电开始 2026-07-15 00:00',
      '回复时限 2026-07-15 10:00',
      '第 1 级',
      '立即核实抢修（检修）进度',
      '原因 措施',
      '2026-07-15 08:00 系统 签发',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('预计恢复 '); // nothing is printed of what is not known
  });

  it('is in English when asked, without a Chinese word of its own', () => {
    const html = htmlOf(
      { unit: 'East branch', person: 'Zhao', subject: { ...order.subject, name: 'East line', area: 'east' } },
      'en',
    );
    expect(textOf(html)).toContain('Outage that has lasted too long: East line F1');
    expect(html.replace('供电服务', '').replace(/<style[\s\S]*<\/style>/, '')).not.toMatch(/[\u4e00-\u9fff]/);
  });

  it('says that no unit is responsible instead of leaving the field empty', () => {
    const routeNote = { zh: '停电问题（城西）没有责任单位', en: 'no unit is responsible' };
    expect(textOf(htmlOf({ unit: null, person: null, routeNote }))).toContain('停电问题（城西）没有责任单位');
  });

  it('shows text of people as text, whatever it looks like', () => {
    const evil = `<script>alert(1)</script>"onload='x' & {{number}}`;
    const html = htmlOf({
      title: evil,
      unit: evil,
      person: evil,
      subject: { type: 'outage', code: evil, name: evil, area: evil },
      facts: { nature: evil, reason: evil },
      trail: [{ at: START, by: evil, zh: evil, en: evil }],
    });
    expect(html).not.toContain('<script');
    expect(html.match(/&lt;script&gt;/g)?.length).toBeGreaterThanOrEqual(8);
  });

  it('allows itself nothing but its own style', () => {
    const first = sheets.render(order, 'zh-CN', START);
    const nonce = /nonce="([^"]+)"/.exec(first.html)?.[1] ?? '';
    // Handlebars writes the = and + of base64 as entities, which a browser reads back.
    const read = nonce.replaceAll('&#x3D;', '=').replaceAll('&#x2B;', '+');
    expect(first.contentSecurityPolicy).toContain(`style-src 'nonce-${read}'`);
    expect(first.contentSecurityPolicy).toContain(`default-src 'none'`);
    expect(sheets.render(order, 'zh-CN', START).contentSecurityPolicy).not.toBe(first.contentSecurityPolicy);
  });

  it.each(SUPERVISED_KINDS.flatMap((kind) => LANGUAGES.map((language) => [kind, language] as const)))(
    'can be printed for %s in %s',
    (kind, language) => {
      const text = textOf(
        htmlOf({ kind, cause: causeOf(kind), state: 'closed', closedOn: 'word', facts: {} }, language),
      );
      expect(text).toContain(language === 'en' ? KIND_TEXTS[kind] : order.title);
      expect(text).toContain(language === 'en' ? 'closed on a word' : '已办结（未经实测）');
    },
  );
});
