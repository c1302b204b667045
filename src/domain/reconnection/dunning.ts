import { dayOfDate, dayOfInstant } from './days.js';

/** The three levels of collection (三级催收): by message or telephone from afar, and on site. */
export const DUNNING_STAGES = ['remote', 'phone', 'onsite'] as const;
export type DunningStage = (typeof DUNNING_STAGES)[number];

export const STAGE_NAMES: Readonly<Record<DunningStage, string>> = { remote: '远程', phone: '电话', onsite: '现场' };

/** What became of a step. `unclassified`: the words that were sent say none of the others. */
export const DUNNING_RESULTS = [
  'reached',
  'promised',
  'delivered',
  'refused',
  'not_reached',
  'wrong_contact',
  'unclassified',
] as const;
/** `sending`: the service sends a message itself, and what came of it is not known yet. */
export type DunningResult = (typeof DUNNING_RESULTS)[number] | 'sending';

/** One step as the rules see it. */
export interface DunningFact {
  stage: DunningStage;
  at: number;
  result: DunningResult;
  /** The day by which the customer promised to pay: `2026-07-01`. */
  promisedOn: string | null;
}

/**
 * Words that give the result away, the telling ones first: "nobody there, notice refused" must not count as delivered. Other systems send
 * the collector's own words; what they send is kept as the note.
 */
const WORDS: readonly (readonly [(typeof DUNNING_RESULTS)[number], RegExp])[] = [
  ['wrong_contact', /wrong (contact|number|person|address)|空号|错号|号码(错|有误|不存在)|地址(错|有误)|查无此人/i],
  ['not_reached', /not? (reached|answer)|unreach|nobody|voicemail|无人|未接|没接|关机|停机|未联系|联系不上|未送达/i],
  ['refused', /refus|拒/i],
  ['promised', /promis|承诺|答应|同意(交|缴)/i],
  ['delivered', /deliver|送达|签收|张贴|投递/i],
  ['reached', /reached|spoke|告知|通知|联系|接听/i],
];

/** The result in the closed vocabulary of what another system or a person wrote. */
export function readDunningResult(text: string): (typeof DUNNING_RESULTS)[number] {
  const exact = DUNNING_RESULTS.find((result) => result === text.trim().toLowerCase());
  return exact ?? WORDS.find(([, words]) => words.test(text))?.[0] ?? 'unclassified';
}

/**
 * The last day of the promises to pay that were given, as a count of days; null without one. A promise is believed for so many days after
 * it was given at most, 0 = not at all.
 */
export function promisedUntil(dunning: readonly DunningFact[], promiseDays: number): number | null {
  const days = dunning.flatMap(({ at, result, promisedOn }) =>
    result === 'promised' && promisedOn !== null && promiseDays > 0
      ? [Math.min(dayOfDate(promisedOn), dayOfInstant(at) + promiseDays)]
      : [],
  );
  return days.length === 0 ? null : Math.max(...days);
}
