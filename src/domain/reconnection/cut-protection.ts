import { formatInstant } from '../instants.js';
import type { Words } from '../words.js';
import { dayAt } from '../working-calendar.js';
import { covers, cutAtOf } from './cut-facts.js';
import type { CutFacts, CutFinding, ProtectionKind, Stretch } from './cut-facts.js';
import type { CutLaw, Judge } from './cut-law.js';

/** The rules about what is in the way of a cut: protected customers, trouble with the supply, disputes, hours and days. */

type Finding = Omit<CutFinding, 'rule'>;

const blocking = (step: string, words: Words, remedy: Words, source: string): Finding => ({
  step,
  kind: 'blocking',
  field: 'plannedAt',
  ...words,
  remedy,
  source,
});

const NAMES: Readonly<Record<Exclude<ProtectionKind, 'dispute'>, Words>> = {
  life_support: { zh: '生命支持设备用户', en: 'a customer with life support' },
  supply_guarantee: { zh: '保电期', en: 'a period of guaranteed supply (保电)' },
  hardship: { zh: '特困保护户', en: 'a customer in hardship' },
  extreme_heat: { zh: '高温天气', en: 'extreme heat' },
  extreme_cold: { zh: '严寒天气', en: 'extreme cold' },
  disaster: { zh: '自然灾害', en: 'a disaster' },
  other: { zh: '禁止停电期', en: 'a period without cuts' },
};

const SCOPES = {
  account: { zh: '本户', en: 'of this account' },
  area: { zh: '本区域', en: 'in this area' },
  everywhere: { zh: '全网', en: 'everywhere' },
} as const;

/** Until when, in words. */
const until = ({ to }: Stretch): Words =>
  to === null
    ? { zh: '未定截止时间', en: 'without an end' }
    : { zh: `至 ${formatInstant(to)}`, en: `until ${formatInstant(to)}` };

const inForce = (facts: CutFacts): CutFacts['protections'] =>
  facts.protections.filter((one) => covers(one, cutAtOf(facts)));

function protectionFindings(facts: CutFacts, isWanted: (kind: ProtectionKind) => boolean): Finding[] {
  return inForce(facts).flatMap((one) => {
    if (one.kind === 'dispute' || !isWanted(one.kind)) return [];
    const [name, scope, end] = [NAMES[one.kind], SCOPES[one.scope], until(one)];
    const why = one.why === '' ? '' : `: ${one.why}`;
    return [
      blocking(
        one.kind,
        { zh: `${name.zh}（${scope.zh}，${end.zh}）${why}`, en: `${name.en} ${scope.en}, ${end.en}${why}` },
        one.to === null
          ? { zh: '解除保护登记之前不得停电', en: 'do not cut before the protection is lifted' }
          : { zh: `${formatInstant(one.to)} 之后重新安排`, en: `plan it anew for after ${formatInstant(one.to)}` },
        'own: internal practice of utilities, protected persons and periods are on record with their reason',
      ),
    ];
  });
}

/** Apart from other protections because it holds whatever the reason of the cut: a life may hang on it. */
export const lifeSupport: Judge = (facts) => protectionFindings(facts, (kind) => kind === 'life_support');

export const protection: Judge = (facts) => protectionFindings(facts, (kind) => kind !== 'life_support');

export const outage: Judge = (facts) =>
  facts.outages
    .filter((one) => covers(one, cutAtOf(facts)))
    .map(({ id, from }) =>
      blocking(
        'outage',
        {
          zh: `该户所在台区自 ${formatInstant(from)} 停电（事件 ${id}）`,
          en: `the supply of this customer has been out since ${formatInstant(from)} (outage ${id})`,
        },
        { zh: '恢复供电后重新安排', en: 'plan it anew once supply is back' },
        'own: a cut during an outage cannot be told from it, by the customer or by the crew',
      ),
    );

/** What is owed must not be in doubt, and a customer with bad voltage must not be cut for the bill of it. */
export const dispute: Judge = (facts, { policy, sourceOf }) => {
  const cutAt = cutAtOf(facts);
  const open = facts.complaints.filter((complaint) => complaint.receivedAt <= cutAt);
  const remedy = { zh: '办结并答复客户后再停电', en: 'settle it and answer the customer first' };
  return [
    ...inForce(facts)
      .filter(({ kind }) => kind === 'dispute')
      .map((one) =>
        blocking(
          'dispute',
          { zh: `电费争议未决（${until(one).zh}）`, en: `what is owed is in dispute, ${until(one).en}` },
          remedy,
          sourceOf('disputeCategories'),
        ),
      ),
    ...open
      .filter(({ category }) => policy.disputeCategories.includes(category))
      .map(({ id }) =>
        blocking(
          'dispute',
          { zh: `电费或计量投诉 ${id} 未办结`, en: `complaint ${id} about the bill or the meter is open` },
          remedy,
          sourceOf('disputeCategories'),
        ),
      ),
    ...open
      .filter(({ category }) => policy.voltageCategories.includes(category))
      .map(({ id }) =>
        blocking(
          'voltage_complaint',
          { zh: `供电质量投诉 ${id} 未办结`, en: `complaint ${id} about the voltage is open` },
          remedy,
          sourceOf('voltageCategories'),
        ),
      ),
  ];
};

export const hours: Judge = (facts, { policy: { fromHour, toHour }, sourceOf }) => {
  const hour = new Date(cutAtOf(facts)).getHours();
  if (hour >= fromHour && hour < toHour) return [];
  return [
    blocking(
      'no_cut_hours',
      { zh: `${fromHour} 时至 ${toHour} 时以外不停电`, en: `no cuts outside ${fromHour}:00 to ${toHour}:00` },
      { zh: `安排在 ${fromHour} 时至 ${toHour} 时之间`, en: `plan it between ${fromHour}:00 and ${toHour}:00` },
      sourceOf('fromHour'),
    ),
  ];
};

/** A public holiday, or a day that the utility has closed; null = neither. */
function closedDay(moment: number, { policy, calendar }: CutLaw): Words | null {
  const { date, holiday } = dayAt(moment, calendar);
  if (holiday !== null) return { zh: `${date} ${holiday.zh}放假`, en: `${date} is a public holiday (${holiday.en})` };
  return policy.closedDates.includes(date) ? { zh: `${date} 为禁停日`, en: `${date} is a day without cuts` } : null;
}

export const days: Judge = (facts, law) => {
  const cutAt = cutAtOf(facts);
  const { date, why } = dayAt(cutAt, law.calendar);
  const remedy = { zh: '安排在工作日', en: 'plan it for a working day' };
  const closed = closedDay(cutAt, law);
  if (closed !== null) return [blocking('no_cut_day', closed, remedy, law.sourceOf('closedDates'))];
  const isCutDay = why === 'made_up' || law.policy.weekdays.includes(new Date(cutAt).getDay() || 7);
  const next = closedDay(new Date(cutAt).setHours(36), law); // noon of the next day, whatever the clocks do
  return [
    ...(isCutDay
      ? []
      : [
          blocking(
            'no_cut_day',
            { zh: `${date} 为休息日，不停电`, en: `${date} is a day of rest` },
            remedy,
            law.sourceOf('weekdays'),
          ),
        ]),
    ...(next === null || law.policy.beforeHolidays
      ? []
      : [
          blocking(
            'no_cut_eve',
            { zh: `次日不得停电：${next.zh}`, en: `the day before one without cuts: ${next.en}` },
            remedy,
            law.sourceOf('beforeHolidays'),
          ),
        ]),
  ];
};

/** Nobody is cut twice. */
export const state: Judge = (facts) =>
  facts.cuts
    .filter((one) => covers(one, cutAtOf(facts)))
    .map(({ id, from }) =>
      blocking(
        'already_cut',
        {
          zh: `该户已于 ${formatInstant(from)} 停电（记录 ${id}）`,
          en: `the customer has been cut since ${formatInstant(from)} (disconnection ${id})`,
        },
        { zh: '核对户号；已复电的先登记复电', en: 'check the account; if it was restored, record that first' },
        'own: one cut at a time, so that one payment restores it',
      ),
    );
