/** What a customer, or one of the staff, can be told, and what the template of each kind is given. Times are already text in the customer's language. */

export const NOTICE_KINDS = [
  'fault',
  'over_8h',
  'restored',
  'planned',
  'planned_changed',
  'planned_cancelled',
  'paid',
  'reconnected',
  'dunning',
  'supervision_opened',
  'supervision_escalated',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export const NOTICE_STATES = ['queued', 'sending', 'accepted', 'delivered', 'failed', 'unknown', 'cancelled'] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

export const NOTICE_EVENT_TYPES = ['outage', 'planned_outage', 'reconnection_order', 'dunning_step'] as const;
export type NoticeEventType = (typeof NOTICE_EVENT_TYPES)[number];
/** Of these the staff is told, no customer. */
export const STAFF_EVENT_TYPES = ['supervision_order'] as const;
export type StaffEventType = (typeof STAFF_EVENT_TYPES)[number];

/** Why somebody is phoned; `register_changed`: by the register of today a message would reach them. */
export const CALL_REASONS = ['sms_declined', 'no_mobile', 'sms_failed', 'register_changed'] as const;
export type CallReason = (typeof CALL_REASONS)[number];

/** "Your supply is out": whoever was told one of these is told `restored`. */
export const OUT_KINDS: readonly NoticeKind[] = ['fault', 'over_8h'];

/** The facts of a text, before they are put into words. Instants are epoch milliseconds. */
export interface NoticeFacts {
  fault: { place: string; startedAt: number; cause: string; estimatedRestorationAt: number | null };
  over_8h: { place: string; hours: number; isFault: boolean; estimatedRestorationAt: number | null };
  restored: { place: string; restoredAt: number };
  planned: { place: string; startsAt: number; endsAt: number; reason: string };
  planned_changed: { place: string; startsAt: number; endsAt: number; reason: string };
  planned_cancelled: { place: string; startsAt: number };
  paid: { accountNo: string; paidAt: number; dueAt: number };
  reconnected: { accountNo: string; restoredAt: number };
  /** Yuan with two decimals; days as `2026-06-30`; how to pay in the language of the text. */
  dunning: { accountNo: string; amount: string; dueOn: string; payByOn: string; howToPay: string };
  /** The cause in the language of the text. */
  supervision_opened: { number: string; cause: string; place: string; unit: string; replyDueAt: number | null };
  supervision_escalated: { number: string; cause: string; place: string; unit: string; level: number };
}

/** What every template may use beside its own facts. */
export interface Sender {
  signature: string;
  hotline: string;
}
