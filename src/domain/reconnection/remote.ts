import type { RemoteStep } from '../journal-entry.js';
import type { Policy } from '../policy.js';

/** A try to close a customer's switch from afar, as far as its rules need it. */
export interface RemoteTry {
  state: 'waiting' | 'sending' | 'succeeded' | 'refused' | 'timed_out' | 'cancelled';
  attempts: number;
}

/** A reason why the command must not be sent. */
export interface Obstacle {
  rule: 'switched_off' | 'no_remote_switch' | 'no_terminal' | 'not_acknowledged' | 'not_due' | 'under_way';
  zh: string;
  en: string;
  source: string;
}

export interface RemoteFacts {
  hasSwitch: boolean;
  hasTerminal: boolean;
  category: Policy['remoteReconnection']['askCategories'][number];
  /** What the customer agreed to; null = nothing on record. */
  agreed: boolean | null;
  /** The customer said that it is safe now. */
  isAcknowledged: boolean;
  /** Supply is neither back, nor said to be, and the promise stands. */
  isOwed: boolean;
  isUnderWay: boolean;
}

/** True when direct re-energising could hurt, so that the customer must say that it is safe. */
export const mustAsk = ({ agreed, category }: Pick<RemoteFacts, 'agreed' | 'category'>, policy: Policy): boolean =>
  agreed === null ? policy.remoteReconnection.askCategories.includes(category) : !agreed;

/** Every reason at once; none = send. */
export function obstacles(facts: RemoteFacts, policy: Policy, sources: Readonly<Record<string, string>>): Obstacle[] {
  const found: [boolean, Obstacle['rule'], string, string, string][] = [
    [
      !policy.remoteReconnection.enabled,
      'switched_off',
      '远程复电未启用',
      'remote reconnection is switched off in the policy (remoteReconnection.enabled)',
      sources['remoteReconnection.enabled'] ?? 'policy',
    ],
    [!facts.isOwed, 'not_due', '无未完成的复电工单', 'no supply is owed on this order any more', 'order'],
    [
      facts.isUnderWay,
      'under_way',
      '远程复电正在执行',
      'a try is under way already; never two at once',
      'own: never twice',
    ],
    [
      !facts.hasSwitch,
      'no_remote_switch',
      '该户无远程开关',
      'the register knows no remote switch of this customer',
      'register',
    ],
    [!facts.hasTerminal, 'no_terminal', '台区无终端', 'no terminal serves this transformer', 'register'],
    [
      mustAsk(facts, policy) && !facts.isAcknowledged,
      'not_acknowledged',
      '直接合闸可能危及人身或生产，须客户确认',
      'direct re-energising could hurt; the customer must acknowledge first',
      sources['remoteReconnection.askCategories'] ?? 'policy',
    ],
  ];
  return found.filter(([applies]) => applies).map(([, rule, zh, en, source]) => ({ rule, zh, en, source }));
}

/** What may arrive while a try is under way. */
export type RemoteInput =
  | { kind: 'answer'; ok: boolean; switchClosed: boolean; error: string }
  | { kind: 'retry_due'; isSent: boolean }
  | { kind: 'limit' }
  /** Supply is back, or nothing is promised any more. `isDone`: the command was sent, and the supply was measured. */
  | { kind: 'not_owed'; reason: string; isDone: boolean };

export interface RemoteOutcome {
  state: RemoteTry['state'];
  /** What the journal says; null = nothing happened. */
  step: RemoteStep | null;
  reason: string;
  /** The same command again, with its rid. */
  resend: boolean;
  /** A crew must go. */
  fallBack: boolean;
}

const SETTLED = new Set<RemoteTry['state']>(['succeeded', 'refused', 'timed_out', 'cancelled']);

/**
 * One step of a try. Only an answer that names the closed switch succeeds. After the end everything is only written down; no command is
 * ever sent again then, and the command itself has expired.
 */
export function stepRemote(current: RemoteTry, input: RemoteInput): RemoteOutcome {
  const stay = { state: current.state, step: null, reason: '', resend: false, fallBack: false };
  if (SETTLED.has(current.state)) {
    if (input.kind !== 'answer' || (current.state === 'succeeded' && input.ok)) return stay;
    return { ...stay, step: 'late_answer', reason: input.ok ? 'done' : input.error };
  }
  switch (input.kind) {
    case 'answer':
      if (!input.ok) return { ...stay, state: 'refused', step: 'refused', reason: input.error, fallBack: true };
      if (input.switchClosed) return { ...stay, state: 'succeeded', step: 'succeeded' };
      return { ...stay, step: 'answer_without_state', reason: 'the answer does not say that the switch is closed' };
    case 'retry_due':
      return input.isSent && current.state === 'sending' ? { ...stay, step: 'resent', resend: true } : stay;
    case 'limit':
      return {
        ...stay,
        state: 'timed_out',
        step: 'timed_out',
        reason: current.state === 'waiting' ? 'nobody acknowledged in time' : 'no answer in time',
        fallBack: true,
      };
    default: {
      const state = input.isDone ? 'succeeded' : 'cancelled';
      return { ...stay, state, step: state, reason: input.reason };
    }
  }
}

/** When the same command is sent again without an answer, after the first sending; only what lies before the end. */
export function retryAt(attempt: number, now: number, endsAt: number, policy: Policy): number | null {
  const pauseSeconds = policy.remoteReconnection.retrySeconds[attempt - 1];
  if (pauseSeconds === undefined) return null;
  const at = now + pauseSeconds * 1_000;
  return at < endsAt ? at : null;
}
