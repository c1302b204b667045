import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeStillOut, saysNoSupply, saysStillOut } from '../../src/domain/still-out.js';
import type { Restored } from '../../src/domain/still-out.js';

const RULES = { callers: 1, cluster: 3 };

describe('customers who say that supply is still away', () => {
  it.each<[string, Restored, string | null]>([
    ['nobody says so', { supply: 'unknown', callers: 0, isDecided: false }, null],
    [
      'one, on a live transformer: trouble of his own',
      { supply: 'live', callers: 1, isDecided: false },
      'single_customer',
    ],
    ['two, on a live transformer: their own', { supply: 'live', callers: 2, isDecided: false }, 'single_customer'],
    [
      'three, on a live transformer: its low-voltage side',
      { supply: 'live', callers: 3, isDecided: false },
      'low_voltage_side',
    ],
    ['one, on a silent transformer: it goes on', { supply: 'unknown', callers: 1, isDecided: false }, 'reopened'],
    [
      'one, on a transformer without a terminal: it goes on',
      { supply: 'unmetered', callers: 1, isDecided: false },
      'reopened',
    ],
    ['one, on a transformer measured dead: it goes on', { supply: 'dead', callers: 1, isDecided: false }, 'reopened'],
    [
      'one, where a person closed the outage: the person decides',
      { supply: 'unknown', callers: 9, isDecided: true },
      'decided',
    ],
    [
      'on a live transformer of an outage that a person closed',
      { supply: 'live', callers: 1, isDecided: true },
      'single_customer',
    ],
  ])('%s', (_, restored, verdict) => {
    expect(judgeStillOut(restored, RULES)?.verdict ?? null).toBe(verdict);
  });

  it('never open again what is measured live or what a person closed, whoever calls', () => {
    const supply = fc.constantFrom('live', 'dead', 'unknown', 'unmetered') as fc.Arbitrary<Restored['supply']>;
    fc.assert(
      fc.property(
        supply,
        fc.nat(50),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (is, callers, isDecided, needed) => {
          const verdict = judgeStillOut({ supply: is, callers, isDecided }, { callers: needed, cluster: 3 })?.verdict;
          if (verdict !== 'reopened') return;
          expect(is).not.toBe('live');
          expect(isDecided).toBe(false);
          expect(callers).toBeGreaterThanOrEqual(needed);
        },
      ),
    );
  });

  it.each<[string, boolean]>([
    ['我们小区还是没电', true],
    ['说已经恢复供电了，我家还没来电', true],
    ['停电三个小时了', true],
    ['昨晚停电，刚才来电了，要求赔偿', false],
    ['已恢复供电，停电没有通知', false],
    ['已经来电，感谢', false],
    ['still no power after the others are back', true],
    ['power is back, thank you', false],
    ['', true],
  ])('a call about an outage: %s', (text, expected) => {
    expect(saysStillOut(text)).toBe(expected);
  });

  it.each<[string, boolean]>([
    ['家里没有电', true],
    ['表箱冒火花', false],
    ['电压低，空调带不动', false],
    ['已经来电了', false],
  ])('a fault report: %s', (text, expected) => {
    expect(saysNoSupply(text)).toBe(expected);
  });
});
