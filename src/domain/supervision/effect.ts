import type { OutageState } from '../journal-entry.js';
import { minuteText } from './minute-text.js';

/** What is on record about the cause of an order; an order is closed on this, not on anybody's word. Instants are epoch milliseconds. */
export type EffectFacts =
  | { of: 'outage'; state: OutageState; endedAt: number | null }
  /** A planned work: its window as it stands, or that it was called off. */
  | { of: 'planned_outage'; registered: boolean; startsAt: number; endsAt: number; limitMs: number; now: number }
  | { of: 'reconnection_order'; measuredAt: number | null; claimedAt: number | null; cancelled: boolean }
  | {
      of: 'repair_order';
      restoredAt: number | null;
      observed: boolean;
      /** The customer was called back and is satisfied. */
      satisfiedAt: number | null;
    }
  | { of: 'complaint'; answeredAt: number | null; repeatedAt: number | null; watchUntil: number | null; now: number }
  /** All complaints of one customer on one matter. */
  | {
      of: 'customer';
      unanswered: number;
      answeredAt: number | null;
      repeatedAt: number | null;
      watchUntil: number | null;
      now: number;
    };

/** Whether the cause is cured, measurably: since when, or what is missing. */
export type Effect = { measured: boolean; at: number | null; zh: string; en: string };

const yes = (at: number, zh: string, en: string): Effect => ({ measured: true, at, zh, en });
const no = (zh: string, en: string): Effect => ({ measured: false, at: null, zh, en });

export function measureEffect(facts: EffectFacts): Effect {
  switch (facts.of) {
    case 'outage':
      return ofOutage(facts);
    case 'planned_outage':
      return ofPlannedWork(facts);
    case 'reconnection_order':
      return ofReconnection(facts);
    case 'repair_order':
      return ofRepair(facts);
    case 'complaint':
      return facts.answeredAt === null
        ? no('投诉尚未答复', 'the complaint is not answered')
        : ofWatch({ ...facts, answeredAt: facts.answeredAt });
    case 'customer':
      return facts.unanswered > 0 || facts.answeredAt === null
        ? no(`还有 ${facts.unanswered} 件投诉未答复`, `${facts.unanswered} complaints are not answered`)
        : ofWatch({ ...facts, answeredAt: facts.answeredAt });
  }
  return facts satisfies never;
}

function ofOutage({ state, endedAt }: Extract<EffectFacts, { of: 'outage' }>): Effect {
  if (state === 'discarded' && endedAt === null)
    return no('停电事件作废，无实测恢复', 'the outage was discarded; nothing was measured');
  if (endedAt === null) return no('尚未恢复供电', 'supply is not back');
  // `closed` means that every transformer was measured live; `restored` is a dispatcher's word.
  return state === 'closed'
    ? yes(
        endedAt,
        `${minuteText(endedAt)} 全部台区实测恢复供电`,
        `all transformers measured live at ${minuteText(endedAt)}`,
      )
    : no('已报恢复，尚未全部实测有电', 'restored by word; not every transformer is measured live');
}

function ofPlannedWork(facts: Extract<EffectFacts, { of: 'planned_outage' }>): Effect {
  const { registered, startsAt, endsAt, limitMs, now } = facts;
  if (!registered) return yes(now, '停电计划已取消', 'the planned work was called off');
  if (endsAt - startsAt <= limitMs)
    return yes(now, '停电计划已缩短到时限以内', 'the planned work was cut down to the limit');
  return no(
    '计划停电时间仍超过时限，或停电尚未结束',
    'the planned work is still longer than the limit, or is not over',
  );
}

function ofReconnection(facts: Extract<EffectFacts, { of: 'reconnection_order' }>): Effect {
  const { measuredAt, claimedAt, cancelled } = facts;
  if (measuredAt !== null)
    return yes(measuredAt, `${minuteText(measuredAt)} 实测复电`, `supply measured back at ${minuteText(measuredAt)}`);
  if (cancelled) return no('复电单已取消（付款冲正）', 'the order was cancelled: its payment was reversed');
  return claimedAt === null
    ? no('尚未复电', 'supply is not back')
    : no('现场报告已复电，尚无实测', 'back by the word of the crew; nothing measured yet');
}

function ofRepair({ restoredAt, observed, satisfiedAt }: Extract<EffectFacts, { of: 'repair_order' }>): Effect {
  if (restoredAt === null) return no('尚未修复', 'the fault is not mended');
  const when = minuteText(restoredAt);
  if (observed) return yes(restoredAt, `${when} 台区实测恢复供电`, `the transformer was measured live at ${when}`);
  return satisfiedAt === null
    ? no(
        '现场报告已修复，尚无实测，也未经客户回访确认',
        'mended by the word of the crew; neither measured nor confirmed by the customer',
      )
    : yes(
        satisfiedAt,
        `${minuteText(satisfiedAt)} 回访客户确认`,
        `confirmed by the customer at ${minuteText(satisfiedAt)}`,
      );
}

function ofWatch(facts: {
  answeredAt: number;
  repeatedAt: number | null;
  watchUntil: number | null;
  now: number;
}): Effect {
  const { answeredAt, repeatedAt, watchUntil, now } = facts;
  if (repeatedAt !== null)
    return no(
      `答复后于 ${minuteText(repeatedAt)} 再次投诉`,
      `complained again at ${minuteText(repeatedAt)}, after the answer`,
    );
  if (watchUntil !== null && now < watchUntil)
    return no(
      `已答复，需观察到 ${minuteText(watchUntil)} 无重复投诉`,
      `answered; without a repeat it counts from ${minuteText(watchUntil)} on`,
    );
  return yes(watchUntil ?? answeredAt, '已答复，观察期内无重复投诉', 'answered, and no repeat since');
}
