import { CATEGORY_NAMES, CATEGORY_NAMES_EN } from '../complaints/complaint.js';
import type { ComplaintPromise } from '../complaints/promises.js';
import type { JournalEntry, Severity } from '../journal-entry.js';
import type { Policy } from '../policy.js';
import type { Words } from '../words.js';
import type { ComplaintFacts, Facts } from './facts.js';
import { formatDuration, formatDurationEn } from './texts.js';
import type { Decision, Draft, WarningKind } from './warning.js';

type Entry<Type extends JournalEntry['type']> = Extract<JournalEntry, { type: Type }>;

const OVERDUE = {
  complaint_contact: 'complaint_contact_overdue',
  complaint_answer: 'complaint_answer_overdue',
} as const satisfies Record<ComplaintPromise, WarningKind>;
const NAMES: Readonly<Record<ComplaintPromise, string>> = { complaint_contact: '首次联系', complaint_answer: '答复' };

const NAMES_EN: typeof NAMES = { complaint_contact: 'first contact', complaint_answer: 'answer' };

const isPromise = (kind: string): kind is ComplaintPromise => kind in OVERDUE;

/** A share of a limit has passed, or the limit: nobody contacted, or answered, the customer by then. */
export function decideComplaintStage(entry: Entry<'deadline_fired'>, facts: Facts, policy: Policy): Decision[] {
  const complaint = facts.complaints.get(entry.subjectId);
  const { kind, stage, dueAt } = entry.data;
  if (complaint === undefined || !isPromise(kind)) return [];
  const doneAt = kind === 'complaint_contact' ? complaint.contactedAt : complaint.answeredAt;
  // Done at the due instant itself is in time.
  if (doneAt !== null && doneAt <= dueAt) return [];
  const subject = { type: 'complaint', id: complaint.id };
  if (stage !== 'due') {
    if (doneAt !== null) return [];
    const draft = draftOf(complaint, kind, entry, severityOf(stage, policy));
    return [
      {
        action: 'raise',
        draft,
        why: { zh: `${NAMES[kind]}时限已过 ${stage}`, en: `${stage} of the limit of the ${NAMES_EN[kind]} has passed` },
      },
    ];
  }
  const overdue = OVERDUE[kind];
  return [
    {
      action: 'raise',
      draft: draftOf(complaint, kind, entry, 'major'),
      why: { zh: `超过${NAMES[kind]}时限`, en: `the limit of the ${NAMES_EN[kind]} has passed` },
    },
    {
      action: 'resolve',
      kind: 'complaint_due_soon',
      subject,
      at: dueAt,
      note: { zh: '已超过时限，转为超时预警', en: 'the limit has passed; the warning of that goes on' },
    },
    ...(doneAt === null
      ? []
      : [
          {
            action: 'resolve' as const,
            kind: overdue,
            subject,
            at: doneAt,
            note: { zh: `得知时已${NAMES[kind]}`, en: `the ${NAMES_EN[kind]} was made when it became known` },
          },
        ]),
  ];
}

/** The last share before the limit is minor, earlier ones for information. */
function severityOf(stage: string, policy: Policy): Severity {
  const last = Math.max(...policy.complaintPromises.warnAtShares);
  return stage === `${Math.round(last * 100)}%` ? 'minor' : 'info';
}

function draftOf(
  complaint: ComplaintFacts,
  kind: ComplaintPromise,
  { data: { stage, dueAt } }: Entry<'deadline_fired'>,
  severity: Severity,
): Draft {
  const over = stage === 'due';
  const limitAt = complaint.dueAt[kind] ?? dueAt;
  const name = `投诉 ${complaint.externalId}（${CATEGORY_NAMES[complaint.category]}）`;
  const nameEn = `Complaint ${complaint.externalId} about ${CATEGORY_NAMES_EN[complaint.category]}`;
  return {
    kind: over ? OVERDUE[kind] : 'complaint_due_soon',
    severity,
    subject: {
      type: 'complaint',
      id: complaint.id,
      code: complaint.externalId,
      name: CATEGORY_NAMES[complaint.category],
      area: complaint.customer?.place.area ?? '',
    },
    assetId: complaint.customer?.place.assetId ?? null,
    outageId: null,
    title: over
      ? `${name}${NAMES[kind]}超时：受理已满 ${formatDuration(dueAt - complaint.receivedAt)}`
      : `${name}${NAMES[kind]}时限将到：剩余 ${formatDuration(limitAt - dueAt)}`,
    titleEn: over
      ? `${nameEn}: no ${NAMES_EN[kind]} ${formatDurationEn(dueAt - complaint.receivedAt)} after it came in, limit passed`
      : `${nameEn}: ${formatDurationEn(limitAt - dueAt)} left for the ${NAMES_EN[kind]}`,
    happenedAt: dueAt,
    dueAt: limitAt,
    evidence: { promise: kind, stage, receivedAt: complaint.receivedAt, dueAt: limitAt, channel: complaint.channel },
    advice: over
      ? ['立即联系客户，说明情况和处理时间', '查明超时责任，报上一级']
      : ['联系客户，核实诉求', '责任单位按时限提交处理意见'],
  };
}

/** The customer was contacted, or answered: what warned of that promise ends. */
export function decideComplaintStep(entry: Entry<'complaint_contacted' | 'complaint_answered'>): Decision[] {
  const answered = entry.type === 'complaint_answered';
  const note = answered
    ? { zh: '已答复客户', en: 'the customer has the answer' }
    : { zh: '已联系客户', en: 'the customer was contacted' };
  const kinds: WarningKind[] = answered
    ? ['complaint_due_soon', 'complaint_contact_overdue', 'complaint_answer_overdue']
    : ['complaint_due_soon', 'complaint_contact_overdue'];
  return kinds.map((kind) => resolve(kind, entry, note));
}

/** The clock of a promise stands, or its limit moved on: what had warned of it was too early. */
export function decideComplaintPause(entry: Entry<'deadline_paused' | 'deadline_resumed'>): Decision[] {
  const { kind, dueAt, reason } = entry.data;
  if (entry.subjectType !== 'complaint' || !isPromise(kind)) return [];
  if (dueAt !== null && dueAt <= entry.knownAt) return [];
  const note =
    dueAt === null
      ? { zh: `时限暂停：${reason}`, en: `the clock stands: ${reason}` }
      : { zh: `暂停后时限顺延：${reason}`, en: `the limit moved by a pause: ${reason}` };
  const kinds: WarningKind[] = dueAt === null ? [OVERDUE[kind], 'complaint_due_soon'] : [OVERDUE[kind]];
  return kinds.map((one) => resolve(one, entry, note));
}

const resolve = (kind: WarningKind, entry: JournalEntry, note: Words): Decision => ({
  action: 'resolve',
  kind,
  subject: { type: 'complaint', id: entry.subjectId },
  at: entry.happenedAt,
  note,
});
