import { describe, expect, it } from '@jest/globals';
import { judgeAction } from '../../../src/domain/advice/judge-action.js';
import type { Side } from '../../../src/domain/advice/judge-action.js';

const LIMITS = { minimumHours: 24, changeShare: 0.01 };
const side = (lowShare: number, highShare: number, hours = 72): Side => {
  const phase = { p05: 200, p95: 230, readings: 100, lowShare, highShare };
  return { hours, phases: { A: phase, B: phase, C: null } };
};

describe('did an action help?', () => {
  it.each([
    ['the low share falls: improved', side(0.2, 0), side(0.01, 0), 'improved'],
    ['the high share falls: improved', side(0, 0.7), side(0, 0.1), 'improved'],
    ['less than a point of difference: unchanged', side(0.2, 0), side(0.195, 0), 'unchanged'],
    ['the share rises: worse', side(0.02, 0), side(0.05, 0), 'worse'],
    ['low is cured, but as much is high now: unchanged', side(0.2, 0), side(0, 0.2), 'unchanged'],
    ['low is cured at the cost of a little high: not an improvement', side(0.2, 0), side(0, 0.05), 'unchanged'],
    ['too little of the time after it has passed: pending', side(0.2, 0), side(0, 0, 23), 'pending'],
    [
      'nothing was measured before: pending',
      { hours: 30, phases: { A: null, B: null, C: null } },
      side(0, 0),
      'pending',
    ],
  ] as const)('%s', (_, before, after, verdict) => {
    const judged = judgeAction(before, after, LIMITS);
    expect(judged.verdict).toBe(verdict);
    expect(judged.reason).not.toBe('');
  });

  it('gives its reason with the numbers', () => {
    expect(judgeAction(side(0.2, 0), side(0.05, 0), LIMITS).reason).toBe(
      '越下限 20 % → 5 %，越上限 0 % → 0 %，合计变化 15 个百分点',
    );
  });
});
