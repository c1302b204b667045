import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mustAsk, obstacles, retryAt, stepRemote } from '../../src/domain/reconnection/remote.js';
import type { RemoteFacts, RemoteInput, RemoteTry } from '../../src/domain/reconnection/remote.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';

const { policy: off, sources } = readPolicyFile(builtInPolicyFile('csg'));
const on = { ...off, remoteReconnection: { ...off.remoteReconnection, enabled: true } };
const ready: RemoteFacts = {
  hasSwitch: true,
  hasTerminal: true,
  category: 'residential',
  agreed: null,
  isAcknowledged: false,
  isOwed: true,
  isUnderWay: false,
};
const rules = (change: Partial<RemoteFacts>, policy = on): string[] =>
  obstacles({ ...ready, ...change }, policy, sources).map(({ rule }) => rule);

describe('what stands against closing a switch from afar', () => {
  it.each<[string, Partial<RemoteFacts>, string[]]>([
    ['nothing, for a home with a remote switch', {}, []],
    ['no remote switch', { hasSwitch: false }, ['no_remote_switch']],
    ['nobody to send it to', { hasTerminal: false }, ['no_terminal']],
    ['supply is back or said to be', { isOwed: false }, ['not_due']],
    ['a try is under way', { isUnderWay: true }, ['under_way']],
    ['a factory that was not asked', { category: 'industrial' }, ['not_acknowledged']],
    ['a factory that said that it is safe', { category: 'industrial', isAcknowledged: true }, []],
    ['a factory that agreed to be switched on directly', { category: 'industrial', agreed: true }, []],
    ['a home that wants to be asked', { agreed: false }, ['not_acknowledged']],
    [
      'everything at once',
      { hasSwitch: false, hasTerminal: false, isOwed: false },
      ['not_due', 'no_remote_switch', 'no_terminal'],
    ],
  ])('%s', (_, change, expected) => {
    expect(rules(change)).toEqual(expected);
  });

  it('is the policy itself as long as nobody switched it on', () => {
    expect(rules({}, off)).toEqual(['switched_off']);
    expect(obstacles(ready, off, sources)[0]?.source).toContain('decision of the utility');
    expect(mustAsk({ category: 'important', agreed: null }, on)).toBe(true);
  });
});

const sending: RemoteTry = { state: 'sending', attempts: 1 };
const answer = (ok: boolean, switchClosed = ok): RemoteInput => ({ kind: 'answer', ok, switchClosed, error: 'E7' });

describe('a try', () => {
  it.each<[string, RemoteTry, RemoteInput, object]>([
    [
      'succeeds by an answer that names the closed switch',
      sending,
      answer(true),
      { state: 'succeeded', fallBack: false },
    ],
    [
      'waits on after an answer that does not',
      sending,
      answer(true, false),
      { state: 'sending', step: 'answer_without_state', fallBack: false },
    ],
    ['is refused: a crew goes', sending, answer(false), { state: 'refused', reason: 'E7', fallBack: true }],
    ['sends the same command again', sending, { kind: 'retry_due', isSent: true }, { state: 'sending', resend: true }],
    [
      'does not count a command that has not left yet',
      sending,
      { kind: 'retry_due', isSent: false },
      { resend: false, step: null },
    ],
    [
      'sends nothing while the customer has not said that it is safe',
      { state: 'waiting', attempts: 0 },
      { kind: 'retry_due', isSent: false },
      { resend: false },
    ],
    ['is over at its limit: a crew goes', sending, { kind: 'limit' }, { state: 'timed_out', fallBack: true }],
    [
      'that nobody acknowledged is over at its limit',
      { state: 'waiting', attempts: 0 },
      { kind: 'limit' },
      { state: 'timed_out', reason: 'nobody acknowledged in time', fallBack: true },
    ],
    [
      'is called off when a crew was there first',
      sending,
      { kind: 'not_owed', reason: 'x', isDone: false },
      { state: 'cancelled', fallBack: false },
    ],
    [
      'has succeeded when the closed switch was measured before the answer came',
      sending,
      { kind: 'not_owed', reason: 'x', isDone: true },
      { state: 'succeeded' },
    ],
    [
      'writes a late answer down and does nothing',
      { state: 'timed_out', attempts: 4 },
      answer(true),
      { state: 'timed_out', step: 'late_answer', resend: false, fallBack: false },
    ],
    [
      'that has succeeded needs no word about its answer',
      { state: 'succeeded', attempts: 1 },
      answer(true),
      { step: null },
    ],
  ])('%s', (_, current, input, expected) => {
    expect(stepRemote(current, input)).toMatchObject(expected);
  });

  const input: fc.Arbitrary<RemoteInput> = fc.oneof(
    fc.record({
      kind: fc.constant('answer' as const),
      ok: fc.boolean(),
      switchClosed: fc.boolean(),
      error: fc.constant('E'),
    }),
    fc.record({ kind: fc.constant('retry_due' as const), isSent: fc.boolean() }),
    fc.constant<RemoteInput>({ kind: 'limit' }),
    fc.record({ kind: fc.constant('not_owed' as const), reason: fc.constant('r'), isDone: fc.boolean() }),
  );
  it('sends nothing and calls no crew once it has ended, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 12 }), (inputs) => {
        let current = sending;
        let crews = 0;
        for (const one of inputs) {
          const ended = current.state !== 'sending' && current.state !== 'waiting';
          const outcome = stepRemote(current, one);
          if (ended) expect(outcome).toMatchObject({ state: current.state, resend: false, fallBack: false });
          crews += outcome.fallBack ? 1 : 0;
          current = { state: outcome.state, attempts: current.attempts + (outcome.resend ? 1 : 0) };
        }
        expect(crews).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is sent again after 1, 2 and 4 minutes, and never beyond its end', () => {
    const end = 15 * 60_000;
    expect([1, 2, 3, 4].map((attempt) => retryAt(attempt, 0, end, on))).toEqual([60_000, 120_000, 240_000, null]);
    expect(retryAt(3, 12 * 60_000, end, on)).toBeNull();
  });
});
