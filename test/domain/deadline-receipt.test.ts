import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { receiptOf } from '../../src/domain/deadline-receipt.js';
import { explainReceipt } from '../../src/domain/receipt-words.js';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';

const start = Date.parse('2026-07-15T10:00:00+08:00');
const given = { startMeaning: 'paid in full', start, limitMs: 12 * HOUR_MS, profile: 'csg', source: 'promise, art. 9' };

describe('receipt of a deadline', () => {
  it('adds the share of the limit and the pauses to the start', () => {
    expect(receiptOf(given).due).toBe(start + 12 * HOUR_MS);
    expect(receiptOf({ ...given, share: 0.75 }).due).toBe(start + 9 * HOUR_MS);
    const pauses = [
      { from: start - HOUR_MS, to: start + HOUR_MS, why: 'storm' },
      { from: start + 12 * HOUR_MS, to: start + 13 * HOUR_MS, why: 'still inside, moved by the first' },
      { from: start + 20 * HOUR_MS, to: start + 21 * HOUR_MS, why: 'after the due instant' },
    ];
    expect(receiptOf({ ...given, pauses }).due).toBe(start + 14 * HOUR_MS);
  });

  it('never lets a pause bring the due instant forward', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.nat(1e8), (offset, length) => {
        const pause = { from: start + offset, to: start + offset + length, why: '' };
        const { due } = receiptOf({ ...given, pauses: [pause] });
        expect(due).toBeGreaterThanOrEqual(start + 12 * HOUR_MS);
        expect(due).toBeLessThanOrEqual(start + 12 * HOUR_MS + length);
      }),
    );
  });

  it('tells its arithmetic in words and numbers, in both languages', () => {
    const pauses = [{ from: start + HOUR_MS, to: start + HOUR_MS + 90 * MINUTE_MS, why: '不可抗力' }];
    const receipt = receiptOf({ ...given, share: 0.5, pauses });
    const steps = explainReceipt({ ...receipt, ticket: 7 }, receipt.due);
    expect(steps.map((step) => step.zh)).toEqual([
      '计时起点：2026-07-15T10:00:00+08:00（paid in full）',
      '时限：12 小时',
      '本阶段：时限的 50% = 6 小时',
      '规则集：csg',
      '时限依据：promise, art. 9',
      '暂停：2026-07-15T11:00:00+08:00 至 2026-07-15T12:30:00+08:00，+1 小时 30 分钟（不可抗力）',
      'ticket：7',
      '到期：2026-07-15T17:30:00+08:00',
    ]);
    expect(steps.at(-1)?.en).toBe('Due: 2026-07-15T17:30:00+08:00');
    expect(steps[2]?.en).toBe('This stage: 50 % of the limit = 6 h');
  });

  it('explains a receipt of which it knows little by what it has', () => {
    expect(explainReceipt({ note: 'by hand' }, start).map((step) => step.en)).toEqual([
      'Pauses: none',
      'note: by hand',
      'Due: 2026-07-15T10:00:00+08:00',
    ]);
  });
});
