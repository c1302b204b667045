import type { JournalEntry } from '../journal-entry.js';
import type { Words } from '../words.js';
import type { Facts } from './facts.js';
import { formatDuration, formatDurationEn } from './texts.js';
import type { Decision, Draft, Records } from './warning.js';

type Entry<Type extends JournalEntry['type']> = Extract<JournalEntry, { type: Type }>;

const KINDS = ['reconnection_due_soon', 'reconnection_overdue'] as const;
const SUBJECT = 'reconnection_order';

/** Both warnings of an order end. */
const endAll = (orderId: number, at: number, note: Words): Decision[] =>
  KINDS.map((kind) => ({ action: 'resolve', kind, subject: { type: SUBJECT, id: orderId }, at, note }));

/** The crew's word stops the escalation; the order stays in the list of unconfirmed ones. */
export const decideClaimed = (entry: Entry<'reconnection_claimed'>): Decision[] =>
  endAll(entry.subjectId, entry.data.claimedAt, {
    zh: `现场报告已复电（${entry.data.by}），尚无实测确认`,
    en: `reported as reconnected (${entry.data.by}), not confirmed by measurement`,
  });

export const decideOrderCancelled = (entry: Entry<'reconnection_cancelled'>): Decision[] =>
  endAll(entry.subjectId, entry.happenedAt, {
    zh: `不再承诺复电：${entry.data.reason}`,
    en: `reconnection is not promised any more: ${entry.data.reason}`,
  });

/** A crew said that supply is back and the switch was measured open: at once, and an overdue warning that the word had ended goes on. */
export function decideClaimRefuted(
  entry: Entry<'reconnection_claim_refuted'>,
  facts: Facts,
  records: Records,
): Decision[] {
  const { claimedAt, refutedAt } = entry.data;
  const why = { zh: '现场报告已复电，开关实测仍断开', en: 'reported as reconnected, its switch is measured open' };
  const overdue = records.newest('reconnection_overdue', SUBJECT, entry.subjectId);
  if (overdue !== null) return [{ action: 'revise', ref: overdue.ref, change: {}, why, reopen: true }];
  const draft = soon(entry.subjectId, facts, {
    severity: 'major',
    title: (accountNo) => `户号 ${accountNo} 报告已复电，开关实测仍断开`,
    titleEn: (accountNo) => `Account ${accountNo} reported as reconnected, its switch is measured open`,
    happenedAt: refutedAt,
    evidence: { claimedAt, refutedAt },
    advice: ['核实现场：户号、表位是否弄错', '重新派人复电'],
  });
  return draft === null ? [] : [{ action: 'raise', draft, why }];
}

/** At the pace of its queue the order will miss its limit: earlier than any stage may say so. */
export function decideForecast(entry: Entry<'reconnection_forecast_missed'>, facts: Facts): Decision[] {
  const { dueAt, expectedAt, arithmetic } = entry.data;
  const lateMs = expectedAt - dueAt;
  const draft = soon(entry.subjectId, facts, {
    severity: 'minor',
    title: (accountNo) => `户号 ${accountNo} 预计超时复电：按当前进度晚 ${formatDuration(lateMs)}`,
    titleEn: (accountNo) =>
      `Account ${accountNo} will be reconnected ${formatDurationEn(lateMs)} late at the present pace`,
    happenedAt: entry.happenedAt,
    evidence: { expectedAt, arithmetic: arithmetic.zh, arithmeticEn: arithmetic.en },
    advice: ['增派复电班组，或把该户提前', '有远程开关的先远程复电'],
  });
  return draft === null
    ? []
    : [{ action: 'raise', draft, why: { zh: '按排队进度预计超时', en: 'too late at the pace of its queue' } }];
}

function soon(
  orderId: number,
  facts: Facts,
  given: Pick<Draft, 'severity' | 'happenedAt' | 'advice' | 'evidence'> &
    Record<'title' | 'titleEn', (accountNo: string) => string>,
): Draft | null {
  const order = facts.orders.get(orderId);
  if (order === undefined || order.restoredAt !== null) return null;
  const { accountNo, place, paidAt, dueAt } = order;
  const { title, titleEn, evidence, ...rest } = given;
  return {
    ...rest,
    kind: 'reconnection_due_soon',
    subject: { type: SUBJECT, id: orderId, code: accountNo, name: place.name, area: place.area },
    assetId: place.assetId,
    outageId: null,
    title: title(accountNo),
    titleEn: titleEn(accountNo),
    dueAt,
    evidence: { paidAt, dueAt, ...evidence },
  };
}
