import { CATEGORY_NAMES, CATEGORY_NAMES_EN } from '../complaints/complaint.js';
import type { JournalEntry, Severity } from '../journal-entry.js';
import type { Policy } from '../policy.js';
import type { Words } from '../words.js';
import type { ComplaintFacts, Facts, OrderFacts, Place } from './facts.js';
import { countEn, formatDuration, formatDurationEn } from './texts.js';
import { graver, liveOf } from './warning.js';
import type { Decision, Draft, Records, Subject } from './warning.js';

type Entry<Type extends JournalEntry['type']> = Extract<JournalEntry, { type: Type }>;

/** Customers stand in warnings by account number and place, never by name. */
const ofAccount = (type: string, id: number, accountNo: string, place: Place): Subject => ({
  type,
  id,
  code: accountNo,
  name: place.name,
  area: place.area,
});

function reconnectionDraft(order: OrderFacts, at: number, stage: string, severity: Severity, policy: Policy): Draft {
  const over = severity === 'critical';
  return {
    kind: over ? 'reconnection_overdue' : 'reconnection_due_soon',
    severity,
    subject: ofAccount('reconnection_order', order.id, order.accountNo, order.place),
    assetId: order.place.assetId,
    outageId: null,
    title: over
      ? `户号 ${order.accountNo} 复电超时：交清已满 ${formatDuration(order.dueAt - order.paidAt)}仍未复电`
      : `户号 ${order.accountNo} 复电时限将到：剩余 ${formatDuration(order.dueAt - at)}`,
    titleEn: over
      ? `Account ${order.accountNo} not reconnected ${formatDurationEn(order.dueAt - order.paidAt)} after payment: limit passed`
      : `Account ${order.accountNo} to be reconnected: ${formatDurationEn(order.dueAt - at)} left`,
    happenedAt: at,
    dueAt: order.dueAt,
    evidence: { paidAt: order.paidAt, dueAt: order.dueAt, limitHours: policy.reconnection.limitHours, stage },
    advice: over
      ? ['立即派人现场复电，并向客户说明原因', '查明超时责任']
      : ['核对复电指令是否下发、开关是否合上', '远程复电不成，转现场复电'],
  };
}

/** Shares of the limit warn (`50%`, `75%`, ...): the last is major, the one before it minor, earlier ones for information. */
export function decideReconnectionStage(
  entry: Entry<'deadline_fired'>,
  facts: Facts,
  policy: Policy,
  records: Records,
): Decision[] {
  const order = facts.orders.get(entry.subjectId);
  const { stage, dueAt } = entry.data;
  if (order === undefined || (order.restoredAt !== null && order.restoredAt < dueAt)) return [];
  if (stage === 'due') return overdue(order, dueAt, policy, records);
  if (liveOf(records, 'reconnection_overdue', 'reconnection_order', order.id) !== null) return [];
  const stages = policy.reconnection.warnAtShares
    .toSorted((a, b) => a - b)
    .map((share) => `${Math.round(share * 100)}%`);
  const fromEnd = stages.length - stages.indexOf(stage);
  // What was warned of already, by a forecast for example, does not get lighter with time.
  const before = liveOf(records, 'reconnection_due_soon', 'reconnection_order', order.id)?.severity ?? 'info';
  const severity = graver(before, fromEnd === 1 ? 'major' : fromEnd === 2 ? 'minor' : 'info');
  return [
    {
      action: 'raise',
      draft: reconnectionDraft(order, dueAt, stage, severity, policy),
      why: { zh: `复电时限已过 ${stage}`, en: `${stage} of the limit has passed` },
    },
    ...(order.restoredAt === null
      ? []
      : endReconnection(order.id, order.restoredAt, { zh: '已复电', en: 'supply is back' })),
  ];
}

/** The limit has passed, as the deadline or the order's own module says; whichever comes first raises. */
export function decideBreach(
  entry: Entry<'reconnection_breached'>,
  facts: Facts,
  policy: Policy,
  records: Records,
): Decision[] {
  const order = facts.orders.get(entry.subjectId);
  return order === undefined ? [] : overdue(order, entry.data.dueAt, policy, records);
}

function overdue(order: OrderFacts, at: number, policy: Policy, records: Records): Decision[] {
  const subject = { type: 'reconnection_order', id: order.id };
  if (records.newest('reconnection_overdue', subject.type, subject.id) !== null) return [];
  return [
    {
      action: 'raise',
      draft: reconnectionDraft(order, at, 'due', 'critical', policy),
      why: { zh: '超过复电时限', en: 'the limit has passed' },
    },
    {
      action: 'resolve',
      kind: 'reconnection_due_soon',
      subject,
      at,
      note: { zh: '已超过时限，转为复电超时预警', en: 'the limit has passed; the warning of that goes on' },
    },
    ...(order.restoredAt === null
      ? []
      : endReconnection(order.id, order.restoredAt, {
          zh: '得知时已复电',
          en: 'supply was back when it became known',
        })),
  ];
}

export const decideMet = (entry: Entry<'reconnection_met'>): Decision[] =>
  endReconnection(
    entry.subjectId,
    entry.data.restoredAt,
    entry.data.source === 'measured'
      ? { zh: '已复电（实测有电）', en: 'supply is back (measured)' }
      : { zh: '已复电（开关实测已合）', en: 'supply is back (the switch is measured closed)' },
  );

const endReconnection = (orderId: number, at: number, note: Words): Decision[] =>
  (['reconnection_due_soon', 'reconnection_overdue'] as const).map((kind) => ({
    action: 'resolve' as const,
    kind,
    subject: { type: 'reconnection_order', id: orderId },
    at,
    note,
  }));

/** Messages of one event that did not reach their customers, or perhaps did not: one warning with two counts. */
export function decideUndeliverable(entry: Entry<'notice_settled'>, facts: Facts, records: Records): Decision[] {
  const notice = facts.notices.get(entry.subjectId);
  const { state } = entry.data;
  if (notice === undefined || !['call_list', 'failed', 'unknown'].includes(state)) return [];
  const known = liveOf(records, 'notice_undeliverable', notice.event.type, notice.event.id);
  const count = (name: string, isThis: boolean): number => Number(known?.evidence[name] ?? 0) + (isThis ? 1 : 0);
  const unknown = count('unknown', state === 'unknown');
  const failed = count('failed', state !== 'unknown');
  const draft: Draft = {
    kind: 'notice_undeliverable',
    severity: 'info',
    subject: notice.event,
    assetId: notice.assetId,
    outageId: notice.outageId,
    title: `${notice.event.name} 短信未送达 ${failed} 条，是否送达不明 ${unknown} 条`,
    titleEn: `${notice.event.name} messages not delivered: ${failed}, perhaps not: ${unknown}`,
    happenedAt: entry.happenedAt,
    dueAt: null,
    evidence: { failed, unknown },
    advice: ['转人工电话通知', '核对客户手机号码'],
  };
  return [{ action: 'raise', draft, why: { zh: '又有短信未送达', en: 'another message was not delivered' } }];
}

/** A terminal that stayed silent. In an open outage silence is expected and says nothing new. */
export function decideOffline(entry: Entry<'deadline_fired'>, facts: Facts): Decision[] {
  const transformer = facts.transformers.get(entry.subjectId);
  if (transformer === undefined || transformer.supply !== 'unknown' || transformer.inOpenOutage) return [];
  const { place, supplySinceAt, lastHeardAt } = transformer;
  const draft: Draft = {
    kind: 'terminal_offline',
    severity: 'minor',
    subject: { type: 'transformer', id: place.assetId, code: place.code, name: place.name, area: place.area },
    assetId: place.assetId,
    outageId: null,
    title: `${place.name} 终端离线，供电状态不明`,
    titleEn: `${place.name} terminal offline, supply unknown`,
    happenedAt: supplySinceAt ?? entry.data.dueAt,
    dueAt: null,
    evidence: { unknownSinceAt: supplySinceAt, lastHeardAt },
    advice: ['召测终端；同一基站多台离线，先查通信', '召测下属电表：有应答即为终端故障，不是停电'],
  };
  return [{ action: 'raise', draft, why: { zh: '终端持续离线', en: 'the terminal stays offline' } }];
}

/** Supply is known again: the terminal is back, or the transformer is out, which is another warning. */
export const decideSupplyKnown = (entry: Entry<'supply_changed'>): Decision[] =>
  entry.data.to === 'unknown'
    ? []
    : [
        {
          action: 'resolve',
          kind: 'terminal_offline',
          subject: { type: 'transformer', id: entry.subjectId },
          at: entry.happenedAt,
          note:
            entry.data.to === 'live'
              ? { zh: '终端恢复通信', en: 'the terminal is heard again' }
              : { zh: '已知停电，由停电事件跟踪', en: 'known to be without supply; the outage goes on' },
        },
      ];

/** A call is a sensor: many callers below one asset without a known event; and one customer who has to call again and again. */
export function decideComplaint(entry: Entry<'complaint_received'>, facts: Facts, policy: Policy): Decision[] {
  const complaint = facts.complaints.get(entry.subjectId);
  if (complaint === undefined) return [];
  return [...cluster(complaint, policy), ...repeat(complaint, policy)];
}

/** Calls that puzzled have found their event: a cluster ends with the last of its calls that is explained. */
export function decideLinked(entry: Entry<'complaint_linked' | 'complaint_link_decided'>, facts: Facts): Decision[] {
  const { eventType, eventId, status } = entry.data;
  if (status === 'proposed' || status === 'rejected') return [];
  const clusters = facts.complaints.get(entry.subjectId)?.liveClusters ?? [];
  return clusters
    .filter(({ unexplained }) => unexplained === 0)
    .map(({ assetId }) => ({
      action: 'resolve',
      kind: 'complaint_cluster',
      subject: { type: 'asset', id: assetId },
      at: entry.happenedAt,
      note: {
        zh: `来电均已找到对应事件（${eventType} ${eventId}）`,
        en: `an event explains all the calls (${eventType.replaceAll('_', ' ')} ${eventId})`,
      },
    }));
}

function cluster(complaint: ComplaintFacts, policy: Policy): Decision[] {
  const found = complaint.cluster;
  if (found === null || found.callers < policy.warnings.clusterCustomers) return [];
  const { place } = found;
  const draft: Draft = {
    kind: 'complaint_cluster',
    severity: 'major',
    subject: { type: 'asset', id: place.assetId, code: place.code, name: place.name, area: place.area },
    assetId: place.assetId,
    outageId: null,
    title: `${place.name} ${found.callers} 户集中来电，尚无对应事件`,
    titleEn: `${place.name} calls of ${countEn(found.callers, 'customer')}, no event that explains them`,
    happenedAt: found.firstAt,
    dueAt: null,
    evidence: {
      callers: found.callers,
      complaintIds: found.complaintIds,
      windowMinutes: policy.warnings.clusterWindowMinutes,
    },
    advice: ['召测该范围的终端和电表', '核实是否停电或电压异常，确认后登记停电事件'],
  };
  return [{ action: 'raise', draft, why: { zh: '又有客户来电', en: 'another customer called' } }];
}

function repeat(complaint: ComplaintFacts, policy: Policy): Decision[] {
  const { customer, repeats } = complaint;
  if (customer === null || repeats.length < policy.warnings.repeatComplaints) return [];
  const draft: Draft = {
    kind: 'repeat_complaint',
    severity: 'major',
    subject: ofAccount('customer', customer.id, customer.accountNo, customer.place),
    assetId: customer.place.assetId,
    outageId: null,
    title: `户号 ${customer.accountNo} 就${CATEGORY_NAMES[complaint.category]}第 ${repeats.length} 次投诉`,
    titleEn: `Account ${customer.accountNo} complaint no. ${repeats.length} about ${CATEGORY_NAMES_EN[complaint.category]}`,
    happenedAt: complaint.receivedAt,
    dueAt: null,
    evidence: {
      category: complaint.category,
      complaints: repeats,
      windowDays: policy.warnings.repeatWindowDays,
    },
    advice: ['报局领导和省公司市场部门督办', '与客户面谈，一次解决根本原因'],
  };
  return [{ action: 'raise', draft, why: { zh: '再次投诉', en: 'complained again' } }];
}
