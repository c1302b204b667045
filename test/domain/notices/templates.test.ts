import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Config } from '../../../src/config.js';
import { LANGUAGES, NOTICE_KINDS } from '../../../src/domain/notices/notice-kinds.js';
import type { NoticeFacts, NoticeKind } from '../../../src/domain/notices/notice-kinds.js';
import { sizeOf } from '../../../src/domain/notices/sms-segments.js';
import { viewOf } from '../../../src/domain/notices/wording.js';
import { NoticeTexts } from '../../../src/modules/notices/notice-texts.js';
import { compileTemplate } from '../../../src/template-file.js';

const FOLDER = join(import.meta.dirname, '../../../templates/sms');
const t = (text: string): number => new Date(`${text}+08:00`).getTime();

/** The longest text of each kind that is usual, and the shortest: everything optional is missing. */
const full: NoticeFacts = {
  fault: {
    place: '10kV沙溪河线',
    startedAt: t('2026-07-15T08:05'),
    cause: '大风吹倒树木',
    estimatedRestorationAt: t('2026-07-15T16:30'),
  },
  over_8h: { place: '10kV沙溪河线', hours: 8, isFault: true, estimatedRestorationAt: t('2026-07-15T20:00') },
  restored: { place: '10kV沙溪河线', restoredAt: t('2026-07-15T16:12') },
  planned: {
    place: '10kV沙溪河线',
    startsAt: t('2026-07-20T08:00'),
    endsAt: t('2026-07-20T18:00'),
    reason: '更换变压器',
  },
  planned_changed: {
    place: '10kV沙溪河线',
    startsAt: t('2026-07-20T22:00'),
    endsAt: t('2026-07-21T06:00'),
    reason: '天气原因',
  },
  planned_cancelled: { place: '10kV沙溪河线', startsAt: t('2026-07-20T08:00') },
  paid: { accountNo: '0650001234567', paidAt: t('2026-07-15T10:00'), dueAt: t('2026-07-15T22:00') },
  reconnected: { accountNo: '0650001234567', restoredAt: t('2026-07-15T11:40') },
  dunning: {
    accountNo: '0650001234567',
    amount: '12345.60',
    dueOn: '2026-06-30',
    payByOn: '2026-07-30',
    howToPay: '南网在线、微信、支付宝或营业厅',
  },
  supervision_opened: {
    number: '2026-000017',
    cause: '长时间停电',
    place: '10kV沙溪河线 F1',
    unit: '城东供电分局',
    replyDueAt: t('2026-07-15T18:00'),
  },
  supervision_escalated: {
    number: '2026-000017',
    cause: '服务承诺超时',
    place: '10kV沙溪河线 F1',
    unit: '城东供电分局',
    level: 2,
  },
};
const bare: NoticeFacts = {
  ...full,
  fault: { ...full.fault, cause: '', estimatedRestorationAt: null },
  over_8h: { ...full.over_8h, isFault: false, estimatedRestorationAt: null },
  planned: { ...full.planned, reason: '' },
  planned_changed: { ...full.planned_changed, reason: ' ' },
  supervision_opened: { ...full.supervision_opened, unit: '', replyDueAt: null },
  supervision_escalated: { ...full.supervision_escalated, unit: '' },
};
const all = NOTICE_KINDS.flatMap((kind) =>
  LANGUAGES.flatMap((language) => [
    { kind, language, facts: full[kind], how: 'full' },
    { kind, language, facts: bare[kind], how: 'bare' },
  ]),
);

describe('SMS templates', () => {
  const texts = new NoticeTexts(Config.read({}));

  it('has one file for each kind and language, and no other', () => {
    const expected = NOTICE_KINDS.flatMap((kind) => LANGUAGES.map((language) => `${kind}.${language}.hbs`));
    expect(readdirSync(FOLDER).sort()).toEqual([...expected].sort());
  });

  it.each(all)('$kind in $language ($how) is whole, signed, and short', ({ kind, language, facts }) => {
    const { text, segments } = texts.render(kind as NoticeKind, facts as never, language);
    expect(text).toMatch(/^【供电服务】\S/);
    expect(text).toContain('95598');
    expect(text).not.toMatch(/undefined|null|NaN|true|false|\{|\}|&\w+;/);
    expect(text).not.toMatch(/\u00a0|\n| {2}|，，|，。|\( *\)/);
    expect(text.indexOf('【', 1)).toBe(-1);
    expect(segments).toBe(sizeOf(text).segments);
    expect(segments).toBeLessThanOrEqual(2);
  });

  it.each(all)('$kind in $language ($how) fails when a name is missing', ({ kind, language, facts }) => {
    const source = readFileSync(join(FOLDER, `${kind}.${language}.hbs`), 'utf8');
    const render = compileTemplate(source, 'text');
    const view = viewOf(kind as NoticeKind, facts as never, language, { signature: 's', hotline: 'h' });
    expect(() => render(view)).not.toThrow();
    const conditions = [...source.matchAll(/\{\{#if (\w+)\}\}/g)].map((match) => match[1] ?? '');
    for (const name of ['signature', 'hotline', ...conditions]) {
      expect(() => render(Object.fromEntries(Object.entries(view).filter(([key]) => key !== name)))).toThrow();
    }
  });

  it('says what happened, where, when, in the words of the language', () => {
    expect(texts.render('fault', full.fault, 'zh-CN').text).toBe(
      '【供电服务】10kV沙溪河线于7月15日08:05因大风吹倒树木停电，正在组织抢修，预计7月15日16:30恢复供电。不便之处敬请谅解，咨询请拨95598。',
    );
    expect(texts.render('planned', full.planned, 'en').text).toBe(
      '【供电服务】Planned outage at 10kV沙溪河线: 20 Jul 08:00 to 18:00 (更换变压器). Power may return earlier. Info 95598',
    );
    expect(texts.render('planned_changed', full.planned_changed, 'zh-CN').text).toContain('7月20日22:00至7月21日06:00');
    expect(texts.render('paid', full.paid, 'zh-CN').text).toContain('尾号4567');
    expect(texts.render('dunning', full.dunning, 'zh-CN').text).toBe(
      '【供电服务】您的户号（尾号4567）欠电费12345.60元，已于6月30日到期，请在7月30日（含）前通过南网在线、微信、支付宝或营业厅交清。逾期未交将按规定通知后停电。已交费请忽略，咨询请拨95598。',
    );
  });

  it('cuts long free text and takes out what would break the message', () => {
    const { text } = texts.render(
      'fault',
      { ...full.fault, place: '很长'.repeat(30), cause: '【x】\u00a0\n y' },
      'zh-CN',
    );
    expect(text).toContain(`${'很长'.repeat(9)}很…于`);
    expect(text).toContain('因x y停电');
  });
});
