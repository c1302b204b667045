import { describe, expect, it } from '@jest/globals';
import { nextStep } from '../../src/domain/reconnection/arrears-ladder.js';
import { readDunningResult } from '../../src/domain/reconnection/dunning.js';
import type { DunningFact } from '../../src/domain/reconnection/dunning.js';
import { readRow } from '../../src/domain/register/column.js';
import { ARREARS_COLUMNS } from '../../src/domain/reconnection/fact-rows.js';
import { POLICY } from '../support/small-city.js';

const policy = POLICY.policy.disconnection;
const NOW = Date.parse('2026-07-15T10:00:00+08:00');
const step = (stage: DunningFact['stage'], day: string, more: Partial<DunningFact> = {}): DunningFact => ({
  stage,
  at: Date.parse(`${day}T09:00:00+08:00`),
  result: 'reached',
  promisedOn: null,
  ...more,
});

describe('the next step of collection', () => {
  it.each<[string, string, DunningFact[], boolean, string, string, number]>([
    ['begins with a message the day after', '2026-07-14', [], true, 'remote', '2026-07-15', 0],
    ['waits for the first day overdue', '2026-07-15', [], true, 'remote', '2026-07-16', 1],
    ['phones whom no message reaches', '2026-07-14', [], false, 'phone', '2026-07-15', 0],
    ['phones after the message', '2026-07-01', [step('remote', '2026-07-03')], true, 'phone', '2026-07-08', 0],
    ['waits for the seventh day', '2026-07-10', [step('remote', '2026-07-12')], true, 'phone', '2026-07-17', 1],
    [
      'does not count steps of an older debt',
      '2026-07-10',
      [step('remote', '2026-07-09')],
      true,
      'remote',
      '2026-07-11',
      0,
    ],
    [
      'visits after a call, also one that nobody answered',
      '2026-06-20',
      [step('remote', '2026-06-22'), step('phone', '2026-07-01', { result: 'not_reached' })],
      true,
      'onsite',
      '2026-07-05',
      0,
    ],
    [
      'serves the notice at last, in time for the first day on which supply may be cut',
      '2026-06-20',
      [step('remote', '2026-06-22'), step('phone', '2026-07-01'), step('onsite', '2026-07-08')],
      true,
      'notice',
      '2026-07-14',
      0,
    ],
    [
      'waits while a promise runs',
      '2026-06-20',
      [step('remote', '2026-06-22'), step('phone', '2026-07-10', { result: 'promised', promisedOn: '2026-07-15' })],
      true,
      'onsite',
      '2026-07-05',
      1,
    ],
  ])('%s', (_, dueOn, dunning, reachable, expected, from, blocks) => {
    const next = nextStep({ dueOn }, dunning, reachable, policy, NOW);
    expect([next.step, next.from, next.blockedBy.length]).toEqual([expected, from, blocks]);
  });
});

describe("a collector's words", () => {
  it.each([
    ['reached', 'reached'],
    ['Not_Reached', 'not_reached'],
    ['已电话告知，客户答应缴费', 'promised'],
    ['承诺交费', 'promised'],
    ['送达停电通知书，客户签收', 'delivered'],
    ['客户拒收通知书，未送达', 'not_reached'],
    ['客户拒绝缴费', 'refused'],
    ['电话无人接听', 'not_reached'],
    ['号码是空号', 'wrong_contact'],
    ['wrong number', 'wrong_contact'],
    ['no answer', 'not_reached'],
    ['promised to pay on Friday', 'promised'],
    ['已联系', 'reached'],
    ['', 'unclassified'],
    ['短信', 'unclassified'],
  ])('%p are %s', (words, expected) => {
    expect(readDunningResult(words)).toBe(expected);
  });
});

describe('a line of a file of bills', () => {
  it.each([
    [
      { account_no: 'A1', amount: '12.50', due_on: '2026-06-30' },
      { account_no: 'A1', amount: 12.5, due_on: '2026-06-30' },
    ],
    [
      { account_no: 'A1', amount: '12.505', due_on: '2026-06-30' },
      { reason: expect.stringContaining('two decimals') as unknown },
    ],
    [
      { account_no: 'A1', amount: '-1', due_on: '2026-06-30' },
      { reason: expect.stringContaining('amount') as unknown },
    ],
    [
      { account_no: 'A1', amount: '1', due_on: '2026-02-30' },
      { reason: expect.stringContaining('is not a day') as unknown },
    ],
    [
      { account_no: 'A1', amount: '1', due_on: '30.6.2026' },
      { reason: expect.stringContaining('is not a day') as unknown },
    ],
  ])('%p', (cells, expected) => {
    expect(readRow(ARREARS_COLUMNS, { line: 2, cells })).toEqual(expected);
  });
});
