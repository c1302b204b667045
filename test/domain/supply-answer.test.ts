import { describe, expect, it } from '@jest/globals';
import { adviseCallTaker } from '../../src/domain/accounts/supply-advice.js';
import { answerSupply } from '../../src/domain/accounts/supply-answer.js';
import type { SupplyFacts } from '../../src/domain/accounts/supply-facts.js';
import { sayCause } from '../../src/domain/accounts/supply-texts.js';

const NOW = Date.parse('2026-07-15T10:00:00+08:00');
const HOUR = 3_600_000;

const quiet: SupplyFacts = {
  supply: 'live',
  supplySince: null,
  phase: 'B',
  disconnection: null,
  outages: [],
  planned: [],
  episodes: [],
};
const outage: SupplyFacts['outages'][number] = {
  id: 1,
  state: 'confirmed',
  nature: 'fault',
  cause: '树障',
  startedAt: NOW - HOUR,
  endedAt: null,
  estimatedRestorationAt: NOW + HOUR,
};
const cut: NonNullable<SupplyFacts['disconnection']> = {
  id: 2,
  reason: 'arrears',
  disconnectedAt: NOW - HOUR,
  claimedAt: null,
  claimedBy: null,
  order: null,
};
const claimed = { ...cut, claimedAt: NOW - HOUR / 2, claimedBy: '复电一班' };
const window = { id: 3, nature: 'planned' as const, reason: '更换电缆', startsAt: NOW, endsAt: NOW + 2 * HOUR };
const lowB = {
  id: 4,
  kind: 'low_voltage' as const,
  phase: 'B' as const,
  severity: 'major' as const,
  startedAt: NOW - HOUR,
};
const answer = (change: Partial<SupplyFacts>) => answerSupply({ ...quiet, ...change }, NOW);

describe("what the call taker sees of a customer's supply", () => {
  it.each<[string, Partial<SupplyFacts>, string, string, number | null]>([
    ['nothing on record', {}, 'none', 'live', null],
    ['a silent transformer is unknown, never dead', { supply: 'unknown' }, 'silent', 'unknown', null],
    ['a dead transformer before its outage is recognised', { supply: 'dead' }, 'dead', 'dead', null],
    [
      'a cut comes before an outage',
      { disconnection: cut, outages: [outage], supply: 'dead' },
      'disconnection',
      'dead',
      null,
    ],
    ['a restoration that is only claimed is not known', { disconnection: claimed }, 'disconnection', 'unknown', null],
    [
      'an outage explains what a cut that is claimed to be over does not',
      { disconnection: claimed, outages: [outage], supply: 'dead' },
      'outage',
      'dead',
      NOW + HOUR,
    ],
    [
      'an outage comes before a window and an episode',
      { supply: 'dead', outages: [outage], planned: [window], episodes: [lowB] },
      'outage',
      'dead',
      NOW + HOUR,
    ],
    [
      'an outage without an estimate takes the end of the window',
      { supply: 'dead', outages: [{ ...outage, estimatedRestorationAt: null }], planned: [window] },
      'outage',
      'dead',
      NOW + 2 * HOUR,
    ],
    [
      'an estimate that has passed is no estimate',
      { supply: 'dead', outages: [{ ...outage, estimatedRestorationAt: NOW }] },
      'outage',
      'dead',
      null,
    ],
    [
      'a suspected outage of a silent transformer stays unknown',
      { supply: 'unknown', outages: [{ ...outage, state: 'suspected' }] },
      'outage',
      'unknown',
      NOW + HOUR,
    ],
    [
      'an outage that is over is no cause',
      { outages: [{ ...outage, state: 'restored', endedAt: NOW - 1 }] },
      'none',
      'live',
      null,
    ],
    ['a window with supply measured is not out', { planned: [window] }, 'planned', 'live', null],
    ['a window that ends now is over', { planned: [{ ...window, endsAt: NOW }] }, 'none', 'live', null],
    [
      'a window that begins later is not told as the cause',
      { planned: [{ ...window, startsAt: NOW + 1 }] },
      'none',
      'live',
      null,
    ],
    ["an episode of the customer's phase", { episodes: [lowB] }, 'episode', 'live', null],
    ['an episode of another phase is not this customer', { episodes: [{ ...lowB, phase: 'A' }] }, 'none', 'live', null],
    [
      'an episode of any phase concerns a customer whose phase is not known',
      { phase: null, episodes: [{ ...lowB, phase: 'A' }] },
      'episode',
      'live',
      null,
    ],
    ["the customer's own phase is lost", { episodes: [{ ...lowB, kind: 'phase_loss' }] }, 'episode', 'dead', null],
  ])('%s', (_, change, kind, supply, until) => {
    const result = answer(change);
    expect([result.cause.kind, result.supply, result.estimatedRestorationAt]).toEqual([kind, supply, until]);
  });

  it('says it in the language of the call', () => {
    const { cause } = answer({ supply: 'dead', outages: [outage] });
    expect(sayCause(cause, 'zh-CN')).toBe('故障停电，7月15日 09:00 起，原因：树障');
    expect(sayCause(cause, 'en')).toBe('fault outage since 2026-07-15 09:00: 树障');
  });

  it('tells a word from a measurement', () => {
    const { cause } = answer({ disconnection: claimed });
    expect(sayCause(cause, 'zh-CN')).toBe('欠费停电，7月15日 09:00 起；复电一班报 7月15日 09:30 已复电，未经实测确认');
    expect(sayCause(cause, 'en')).toMatch(/复电一班 says it was restored 2026-07-15 09:30, claimed, not confirmed/);
  });

  it.each<[string, Partial<SupplyFacts>, RegExp]>([
    ['a fault report when supply is claimed but not there', { disconnection: claimed }, /仍无电：登记故障报修/],
    ['how to pay while nothing is paid', { disconnection: cut }, /12 小时内复电/],
    [
      'until when after payment',
      { disconnection: { ...cut, order: { id: 1, state: 'open', paidAt: NOW, dueAt: NOW + 12 * HOUR } } },
      /最迟 7月15日 22:00 复电/,
    ],
    [
      'an apology when the promise is broken',
      { disconnection: { ...cut, order: { id: 1, state: 'breached', paidAt: NOW, dueAt: NOW } } },
      /致歉/,
    ],
    ['no fault order for theft', { disconnection: { ...cut, reason: 'theft' } }, /不派故障报修工单/],
    ['the estimate in an outage', { supply: 'dead', outages: [outage] }, /预计 7月15日 11:00/],
    ['a fault report where nothing is known', { supply: 'unknown' }, /登记故障报修/],
  ])('advises %s', (_, change, expected) => {
    expect(adviseCallTaker(answer(change), 'zh-CN', 12).join('\n')).toMatch(expected);
  });
});
