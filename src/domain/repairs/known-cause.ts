import { adviseCallTaker } from '../accounts/supply-advice.js';
import type { SupplyAnswer } from '../accounts/supply-answer.js';
import { sayCause } from '../accounts/supply-texts.js';
import type { EventType } from '../journal-entry.js';
import type { Language } from '../register/customer-rows.js';

/** Causes that need no crew: 计划停电、临时停电、故障停电、错峰限电；欠费、违约用电、窃电停电。 */
export const KNOWN_CAUSES = ['planned', 'temporary', 'fault', 'rationing', 'arrears', 'violation', 'theft'] as const;
export type KnownCauseKind = (typeof KNOWN_CAUSES)[number];

export interface KnownCause {
  cause: KnownCauseKind;
  eventType: EventType;
  eventId: number;
  estimatedRestorationAt: number | null;
}

/** What somebody could be hurt by goes to a crew whatever else is known. */
const HAZARDS: readonly RegExp[] = [
  /断线|落地|倒杆|断杆|掉下来|垂落/,
  /冒烟|起火|着火|火花|打火|爆炸|烧焦|焦味/,
  /漏电|触电|麻电/,
  /\b(fire|smoke|spark|explosion|burning|electrocut\w*|shock|(wire|line|pole)s? (is |are )?down|fallen (wire|line|pole))\b/i,
];

/** The word that speaks of danger, if there is one. */
export function hazardIn(symptom: string): string | null {
  for (const pattern of HAZARDS) {
    const found = pattern.exec(symptom)?.[0];
    if (found !== undefined) return found;
  }
  return null;
}

/**
 * The known cause of a missing supply, or null when a crew must look: a suspected outage is no known cause yet, a window in which the
 * transformer is measured live explains nothing, bad voltage is a fault to mend, and a cut that a crew says it ended is over by its word.
 */
export function knownCauseOf({ supply, cause, estimatedRestorationAt }: SupplyAnswer): KnownCause | null {
  switch (cause.kind) {
    case 'disconnection':
      return cause.fact.claimedAt !== null
        ? null
        : { cause: cause.fact.reason, eventType: 'disconnection', eventId: cause.fact.id, estimatedRestorationAt };
    case 'outage':
      return cause.fact.state === 'suspected' || supply === 'live'
        ? null
        : { cause: cause.fact.nature, eventType: 'outage', eventId: cause.fact.id, estimatedRestorationAt };
    case 'planned':
      return supply === 'live'
        ? null
        : { cause: cause.fact.nature, eventType: 'planned_outage', eventId: cause.fact.id, estimatedRestorationAt };
    case 'episode':
    case 'dead':
    case 'silent':
    case 'none':
      return null;
  }
  return cause satisfies never;
}

/** The customer was cut for what must be ended first. Order of steps: 供电营业规则 (the cause of a cut is removed before supply returns). */
const HOW_TO_RESTORE: Readonly<Record<'violation' | 'theft', Record<Language, string[]>>> = {
  violation: {
    'zh-CN': [
      '告知因违约用电停电，不派抢修',
      '先停止违约用电行为，再持身份证件到营业厅办理',
      '按规定承担违约使用电费后，申请恢复供电，由用电检查人员核实后送电',
    ],
    en: [
      'say that supply was cut for a breach of the contract and that no crew is sent',
      'the breach must end first; then it is settled at a service counter with proof of identity',
      'once the charge for the breach is paid the customer applies for re-supply; an inspector checks and switches on',
    ],
  },
  theft: {
    'zh-CN': [
      '告知因窃电停电，不派抢修',
      '请持身份证件到营业厅接受处理，补交电费并承担违约使用电费',
      '结清后申请恢复供电，计量装置由用电检查人员核验后送电',
    ],
    en: [
      'say that supply was cut for theft of electricity and that no crew is sent',
      'the case is settled at a service counter with proof of identity: electricity and charges are paid',
      'once they are paid the customer applies for re-supply; an inspector checks the meter and switches on',
    ],
  },
};

/** What the call taker says: the cause as a sentence, then what follows from it. */
export function wordsFor(answer: SupplyAnswer, language: Language, limitHours: number): string[] {
  const { cause } = answer;
  const steps =
    cause.kind === 'disconnection' && cause.fact.reason !== 'arrears'
      ? HOW_TO_RESTORE[cause.fact.reason][language]
      : adviseCallTaker(answer, language, limitHours);
  return [sayCause(cause, language), ...steps];
}
