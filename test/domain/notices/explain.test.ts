import { describe, expect, it } from '@jest/globals';
import { explainNotices } from '../../../src/domain/notices/explain.js';
import type { ExplainFacts } from '../../../src/domain/notices/explain.js';

const T = Date.parse('2026-07-15T10:00:00+08:00');
const event = {
  state: 'confirmed',
  nature: 'fault',
  momentary: false,
  mergedIntoId: null,
  startedAt: T,
  endedAt: null,
};
const facts: ExplainFacts = {
  eventType: 'outage',
  customer: { mobile: '13800000000', sms: true, isCut: false },
  event,
  reached: true,
  notices: [],
};
const notice: ExplainFacts['notices'][number] = {
  kind: 'fault',
  state: 'accepted',
  channel: 'sms',
  provider: 'http',
  attempts: 1,
  lastError: null,
  queuedAt: T,
  nextAttemptAt: T,
  settledAt: T,
  ofThisEvent: true,
};
const over = { ...event, state: 'closed', endedAt: T };
const cancelled = { ...notice, state: 'cancelled' as const, lastError: 'supply was back before this was sent' };

const cases: [string, Partial<ExplainFacts>, string[]][] = [
  ['no such event', { event: null }, ['no_such_event']],
  ['another transformer', { reached: false }, ['not_reached']],
  ['nothing yet', {}, ['not_digested']],
  ['told', { notices: [notice] }, ['fault_accepted']],
  ['on the call list', { notices: [{ ...notice, state: 'queued', channel: 'call_list' }] }, ['fault_to_call']],
  ['waiting for a retry', { notices: [{ ...notice, state: 'queued', lastError: 'HTTP 503' }] }, ['fault_queued']],
  ['only suspected', { event: { ...event, state: 'suspected' } }, ['not_confirmed']],
  ['discarded', { event: { ...event, state: 'discarded' } }, ['discarded']],
  [
    'merged',
    { event: { ...event, state: 'discarded', mergedIntoId: 9 }, notices: [notice] },
    ['fault_accepted', 'merged'],
  ],
  ['momentary', { event: { ...over, momentary: true } }, ['momentary']],
  ['planned work', { event: { ...event, nature: 'planned' } }, ['planned_work']],
  ['known late', { event: over }, ['known_late']],
  ['back before it was sent', { event: over, notices: [cancelled] }, ['fault_cancelled']],
  ['wants no SMS', { customer: { mobile: '1', sms: false, isCut: false } }, ['sms_declined']],
  ['has no mobile', { customer: { mobile: null, sms: true, isCut: false } }, ['no_mobile']],
  ['cut off', { customer: { mobile: '1', sms: true, isCut: true } }, ['disconnected']],
  ['called off', { eventType: 'planned_outage', event: { ...event, state: 'cancelled' } }, ['called_off']],
  ['registered late', { eventType: 'planned_outage' }, ['registered_late']],
  ['collected by others', { eventType: 'dunning_step', event: { ...event, state: 'reached' } }, ['taken_by_others']],
  ["another account's order", { eventType: 'reconnection_order', reached: false }, ['not_reached']],
];

describe('explainNotices', () => {
  it.each(cases)('explains: %s', (_, given, codes) => {
    const reasons = explainNotices({ ...facts, ...given });
    expect(reasons.map(({ code }) => code)).toEqual(codes);
    for (const { text } of reasons) expect(text).toMatch(/^\S.*\.$/);
  });

  it('says when, by whom, and why not', () => {
    expect(explainNotices({ ...facts, notices: [notice] })[0]?.text).toBe(
      'fault: taken by http at 2026-07-15T10:00:00+08:00.',
    );
    expect(explainNotices({ ...facts, event: over, notices: [cancelled] })[0]?.text).toContain('supply was back');
  });
});
