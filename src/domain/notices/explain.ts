import { formatInstant } from '../instants.js';
import type { NoticeEventType, NoticeKind, NoticeState } from './notice-kinds.js';

/** What is known about one customer and one event, when somebody asks why a notice came or did not come. */
export interface ExplainFacts {
  eventType: NoticeEventType;
  /** isCut: disconnected for arrears, violation or theft, now. */
  customer: { mobile: string | null; sms: boolean; isCut: boolean };
  /** Null when there is no such event. */
  event: {
    state: string;
    nature: string | null;
    momentary: boolean;
    /** The outage that this one became part of. */
    mergedIntoId: number | null;
    startedAt: number;
    endedAt: number | null;
  } | null;
  /** Whether the event reached the customer's transformer, as the network was then; for an order or a step of collection, whether it is this customer's. */
  reached: boolean;
  notices: readonly {
    kind: NoticeKind;
    state: NoticeState;
    channel: 'sms' | 'call_list';
    provider: string | null;
    attempts: number;
    lastError: string | null;
    queuedAt: number;
    nextAttemptAt: number;
    settledAt: number | null;
    ofThisEvent: boolean;
  }[];
}

/** One reason: a name for programs, a sentence for people. */
export interface Reason {
  code: string;
  text: string;
}

/** Why the customer did or did not get notices of the event, most telling first. Never empty. */
export function explainNotices(facts: ExplainFacts): Reason[] {
  const { event, notices } = facts;
  if (event === null) return [{ code: 'no_such_event', text: 'There is no such event.' }];
  const reasons = notices.map(explainNotice);
  const told = notices.some((notice) => notice.kind === 'fault' || notice.kind === 'over_8h');
  if (event.mergedIntoId !== null)
    reasons.push({
      code: 'merged',
      text: `The outage became part of outage ${event.mergedIntoId}; ask about that one.`,
    });
  if (!facts.reached && notices.length === 0 && event.mergedIntoId === null)
    return [
      {
        code: 'not_reached',
        text:
          facts.eventType === 'reconnection_order' || facts.eventType === 'dunning_step'
            ? 'It is about another account.'
            : "The account's transformer, as the network was then, was not part of this event.",
      },
    ];
  if (facts.eventType === 'outage' && facts.customer.isCut)
    reasons.push({ code: 'disconnected', text: 'The account is cut off: an outage changes nothing for it.' });
  if (facts.eventType === 'outage') reasons.push(...withheldOutage(event, told, notices.length > 0));
  if (facts.eventType === 'dunning_step' && event.state !== 'sending' && notices.length === 0)
    reasons.push({ code: 'taken_by_others', text: 'The step was taken by somebody else; the service sent nothing.' });
  if (facts.eventType === 'planned_outage' && notices.length === 0)
    reasons.push({
      code: event.state === 'cancelled' ? 'called_off' : 'registered_late',
      text:
        event.state === 'cancelled'
          ? 'The work was called off before its first notice was due.'
          : 'The work was registered after its start, or the account was connected after it was registered.',
    });
  if (!facts.customer.sms || (facts.customer.mobile ?? '') === '')
    reasons.push({
      code: facts.customer.sms ? 'no_mobile' : 'sms_declined',
      text: facts.customer.sms
        ? 'The account has no mobile number: its notices go on the call list.'
        : 'The account wants no SMS: its notices go on the call list.',
    });
  return reasons.length > 0
    ? reasons
    : [{ code: 'not_digested', text: 'Nothing was queued so far: the notices follower has not come to it yet.' }];
}

function withheldOutage(event: NonNullable<ExplainFacts['event']>, told: boolean, any: boolean): Reason[] {
  const because = (code: string, text: string): Reason[] => [{ code, text }];
  if (event.mergedIntoId !== null) return [];
  if (event.state === 'discarded') return because('discarded', 'The outage was discarded: it never was one.');
  if (event.momentary)
    return because('momentary', 'Supply was back within the momentary limit; nobody is told of that.');
  if (event.state === 'suspected')
    return because('not_confirmed', 'The outage is only suspected; customers are told when it is confirmed.');
  if (event.nature !== null && event.nature !== 'fault' && !told)
    return because('planned_work', 'This is planned work: it was announced by the notice of the planned outage.');
  if (!told && event.endedAt !== null)
    return because(
      any ? 'back_before_sent' : 'known_late',
      any
        ? 'Supply was back before the first notice went out, so neither "out" nor "restored" was told.'
        : 'Supply was back before the service knew of the outage; late news is not sent.',
    );
  return [];
}

function explainNotice(notice: ExplainFacts['notices'][number]): Reason {
  const what = `${notice.kind}${notice.ofThisEvent ? '' : ' (of an outage that is the same trouble)'}`;
  const why = notice.lastError === null ? '' : ` (${notice.lastError})`;
  const by = notice.provider === null ? '' : ` by ${notice.provider}`;
  const settled = notice.settledAt === null ? '' : ` at ${formatInstant(notice.settledAt)}`;
  const toCall = notice.channel === 'call_list' && notice.state === 'queued';
  const says: Record<NoticeState, string> = {
    queued: toCall
      ? `on the call list since ${formatInstant(notice.queuedAt)}, nobody phoned yet${why}`
      : `to be sent at ${formatInstant(notice.nextAttemptAt)}, after ${notice.attempts} attempts${why}`,
    sending: `is being sent${by}`,
    accepted: `taken${by}${settled}`,
    delivered: `reached the customer${by}${settled}`,
    failed: `could not be sent${why}`,
    unknown: `perhaps sent${by}${settled}, not tried again${why}`,
    cancelled: `not sent${why}`,
  };
  return { code: `${notice.kind}_${toCall ? 'to_call' : notice.state}`, text: `${what}: ${says[notice.state]}.` };
}
