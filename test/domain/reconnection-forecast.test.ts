import { describe, expect, it } from '@jest/globals';
import { forecastOf } from '../../src/domain/reconnection/forecast.js';
import type { ForecastFacts } from '../../src/domain/reconnection/forecast.js';
import { missingAmount } from '../../src/domain/reconnection/missing-amount.js';
import { settledAt } from '../../src/domain/reconnection/settlement.js';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-07-15T10:00:00+08:00');
const rules = { paceHours: 24, paceRestorations: 3 };
const third: ForecastFacts = { position: 3, restored: 12, typicalMs: 5 * HOUR, paidAt: NOW - HOUR, remoteUntil: null };

describe('the forecast of a restoration', () => {
  it.each<[string, Partial<ForecastFacts>, number | null, string]>([
    [
      'third in the queue of an area that restores one in two hours',
      {},
      NOW + 6 * HOUR,
      'place 3 x 120 min each (12 restored in the area within 24 h)',
    ],
    ['an area without a pace: the typical time since payment', { restored: 2 }, NOW + 4 * HOUR, 'payment + 5.0 h'],
    ['the typical time has passed: now at the earliest', { restored: 0, typicalMs: HOUR / 2 }, NOW, 'payment + 0.5 h'],
    ['nothing to reckon with', { restored: 0, typicalMs: null }, null, 'no forecast: 0 restored'],
    ['the remote switch is tried', { remoteUntil: NOW + HOUR / 4 }, NOW + HOUR / 4, 'the remote switch answers by'],
  ])('%s', (_, change, expected, words) => {
    const { expectedAt, arithmetic } = forecastOf({ ...third, ...change }, NOW, rules);
    expect(expectedAt).toBe(expected);
    expect(arithmetic.en).toContain(words);
  });
});

describe('a payment in part', () => {
  it.each([
    [
      'says what billing says',
      { arrears: 70.5, penalty: 3.2 },
      [120.5],
      [50],
      'missing: 70.50 yuan of arrears and 3.20 yuan of penalty',
    ],
    ['says so when only the penalty is open', { arrears: null, penalty: 3.2 }, [], [], 'missing: 3.20 yuan of penalty'],
    [
      'reckons from the bills on record',
      { arrears: null, penalty: null },
      [120.55, 0.1],
      [50, 0.05],
      'missing: 70.60 yuan of arrears',
    ],
    ['knows of no bill', { arrears: null, penalty: null }, [], [50], 'billing knows what is missing'],
  ])('%s', (_, told, owed, paid, words) => {
    const missing = missingAmount(told, owed, paid);
    expect(missing.en).toContain(words);
    expect(missing.source).toContain('供电营业规则');
  });
});

describe('a bill', () => {
  const bill = { dueOn: '2026-07-01', recordedAt: NOW - 30 * 24 * HOUR, clearedAt: null as number | null };
  const paid = (paidAt: number, isReversed = false) => ({ paidAt, isReversed });
  it.each([
    ['is open without a payment in full', bill, [], null],
    ['is cleared by the earliest one', bill, [paid(NOW), paid(NOW - HOUR)], NOW - HOUR],
    [
      'is not cleared by one from before it was due and on record',
      { ...bill, recordedAt: NOW },
      [paid(NOW - 20 * 24 * HOUR)],
      null,
    ],
    [
      'is cleared by one before its due day when it was on record',
      bill,
      [paid(NOW - 20 * 24 * HOUR)],
      NOW - 20 * 24 * HOUR,
    ],
    ['is owed again when its payment was reversed', { ...bill, clearedAt: NOW }, [paid(NOW, true)], null],
    [
      'passes to the next payment when its own was reversed',
      { ...bill, clearedAt: NOW },
      [paid(NOW, true), paid(NOW + HOUR)],
      NOW + HOUR,
    ],
    ['cleared in another way stays so', { ...bill, clearedAt: NOW - HOUR }, [paid(NOW, true)], NOW - HOUR],
  ])('%s', (_, given, payments, expected) => {
    expect(settledAt(given, payments)).toBe(expected);
  });
});
