import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classify } from '../../src/domain/complaints/category.js';
import { CATEGORIES } from '../../src/domain/complaints/complaint.js';
import type { ComplaintCategory } from '../../src/domain/complaints/complaint.js';

const CALLS: readonly [text: string, category: ComplaintCategory][] = [
  ['家里停电了，什么时候来电？', 'outage'],
  ['没有通知就停电，整个小区都没电', 'outage'],
  ['空调带不动，灯很暗', 'supply_quality'],
  ['灯忽明忽暗，电压不稳', 'supply_quality'],
  ['报修三个小时抢修的人还没来', 'repair_quality'],
  ['电表走得快，要求校验', 'metering'],
  ['这个月电费怎么这么高', 'price_and_fee'],
  ['昨天交了电费还没电', 'reading_and_dunning'],
  ['催费短信发错人了', 'reading_and_dunning'],
  ['装表接电拖了半个月', 'meter_installation'],
  ['充电桩报装一个月了没人管', 'connection_works'],
  ['你们说我窃电，用电检查没有证据', 'inspection'],
  ['95598打不通，没人接', 'service_channel'],
  ['电工态度恶劣，骂人', 'service_conduct'],
  ['电工私下收钱才给装表', 'industry_ethics'],
];

/** Own sentences about other trades, with words that also occur in ours. */
const STRANGERS = [
  '物业公司乱收费，态度恶劣，打电话没人接，还推诿扯皮',
  '公交线路改道没有通知，请尽快回复电话',
  '学校违规收费，收费标准不公开，要求退费',
  '水电站影响河道，村民多次反映无果',
  '道路施工通宵作业，路灯不亮，请有关部门处理',
  '开发商拖延交房，售楼处工作人员骂人',
];

describe('the category of a complaint', () => {
  it.each(CALLS)('hears in “%s” a matter of %s', (text, category) => {
    const found = classify(text, true);
    expect(found.category).toBe(category);
    expect(found.confidence).toBeGreaterThanOrEqual(0.5);
    expect(found.terms.length).toBeGreaterThan(0);
  });

  it.each(STRANGERS)('is not sure of “%s”', (text) => {
    expect(classify(text).confidence).toBeLessThanOrEqual(0.2);
  });

  it('is less sure of one word about electricity in a long letter than in a short call', () => {
    const letter = `${'关于小区绿化和停车的问题，希望有关部门协调处理。'.repeat(30)}另外上周停电一次。`;
    expect(classify(letter).confidence).toBeLessThan(0.3);
    expect(classify('上周停电一次。').confidence).toBeGreaterThan(0.5);
  });

  it('says nothing of a text that says nothing', () => {
    expect(classify('你好')).toEqual({ category: 'service_channel', confidence: 0, terms: [] });
  });

  it('gives a category and a confidence between 0 and 1 for any text, and repetition makes it no surer', () => {
    const words = fc.constantFrom(
      '停电',
      '电压低',
      '电费',
      '态度',
      '抢修',
      '没人接',
      '公园',
      '，',
      '95598',
      '交了钱没电',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), fc.string(), (parts, noise) => {
        const text = parts.join('') + noise;
        const found = classify(text, true);
        expect(CATEGORIES).toContain(found.category);
        expect(found.confidence).toBeGreaterThanOrEqual(0);
        expect(found.confidence).toBeLessThan(1);
        expect(classify(`${text}。${text}`, true).confidence).toBeGreaterThanOrEqual(found.confidence - 0.35);
      }),
    );
    expect(classify('停电停电停电停电', true).confidence).toBe(classify('停电', true).confidence);
  });
});
