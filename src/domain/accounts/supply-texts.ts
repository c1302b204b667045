import type { EpisodeKind, OutageNature } from '../journal-entry.js';
import type { Language } from '../register/customer-rows.js';
import type { DisconnectionFact, EpisodeFact, OutageFact, PlannedFact, SupplyCause } from './supply-facts.js';

const pad = (value: number): string => String(value).padStart(2, '0');

/** Day and minute, as it is said on the telephone. */
export function sayInstant(epochMs: number, language: Language): string {
  const date = new Date(epochMs);
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}`;
  return language === 'en'
    ? `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${time}`
    : `${date.getMonth() + 1}月${date.getDate()}日 ${time}`;
}

const NATURE: Record<OutageNature, Record<Language, string>> = {
  fault: { 'zh-CN': '故障停电', en: 'fault outage' },
  planned: { 'zh-CN': '计划停电', en: 'planned outage' },
  temporary: { 'zh-CN': '临时停电', en: 'temporary outage' },
  rationing: { 'zh-CN': '错峰限电', en: 'load rationing' },
};

const EPISODE: Record<EpisodeKind, Record<Language, string>> = {
  low_voltage: { 'zh-CN': '电压偏低', en: 'low voltage' },
  high_voltage: { 'zh-CN': '电压偏高', en: 'high voltage' },
  phase_loss: { 'zh-CN': '缺相', en: 'loss of a phase' },
  broken_neutral: { 'zh-CN': '疑似断零', en: 'suspected broken neutral' },
  unbalance: { 'zh-CN': '三相不平衡', en: 'phase unbalance' },
  overload: { 'zh-CN': '变压器过载', en: 'transformer overload' },
};

const CUT: Record<DisconnectionFact['reason'], Record<Language, string>> = {
  arrears: { 'zh-CN': '欠费停电', en: 'cut for arrears' },
  violation: { 'zh-CN': '违约用电停电', en: 'cut for breach of contract' },
  theft: { 'zh-CN': '窃电停电', en: 'cut for theft of electricity' },
};

type Say<Fact> = (fact: Fact, language: Language) => string;

export const sayDisconnection: Say<DisconnectionFact> = (
  { reason, disconnectedAt, claimedAt, claimedBy, order },
  language,
) => {
  const since = sayInstant(disconnectedAt, language);
  const cut = language === 'en' ? `${CUT[reason].en} since ${since}` : `${CUT[reason][language]}，${since} 起`;
  if (claimedAt !== null) {
    const back = sayInstant(claimedAt, language);
    return language === 'en'
      ? `${cut}; ${claimedBy ?? 'a crew'} says it was restored ${back}, claimed, not confirmed by measurement`
      : `${cut}；${claimedBy ?? '现场人员'}报 ${back} 已复电，未经实测确认`;
  }
  if (order === null) return cut;
  const [paid, due] = [sayInstant(order.paidAt, language), sayInstant(order.dueAt, language)];
  return language === 'en'
    ? `${cut}; paid in full ${paid}, supply promised by ${due}`
    : `${cut}；${paid} 已交清，承诺 ${due} 前复电`;
};

export const sayOutage: Say<OutageFact> = (outage, language) => {
  const name = NATURE[outage.nature][language];
  const since = sayInstant(outage.startedAt, language);
  const end = outage.endedAt === null ? '' : sayInstant(outage.endedAt, language);
  const state = outage.state === 'suspected' ? { 'zh-CN': '（待核实）', en: ' (not yet confirmed)' }[language] : '';
  if (language === 'en')
    return `${name}${state} ${end === '' ? `since ${since}` : `${since} to ${end}`}${outage.cause === '' ? '' : `: ${outage.cause}`}`;
  return `${name}${state}，${end === '' ? `${since} 起` : `${since} 至 ${end}`}${outage.cause === '' ? '' : `，原因：${outage.cause}`}`;
};

export const sayPlanned: Say<PlannedFact> = (planned, language) => {
  const [from, to] = [sayInstant(planned.startsAt, language), sayInstant(planned.endsAt, language)];
  const name = NATURE[planned.nature][language];
  return language === 'en'
    ? `${name} announced ${from} to ${to}${planned.reason === '' ? '' : `: ${planned.reason}`}`
    : `已公告${name}，${from} 至 ${to}${planned.reason === '' ? '' : `，原因：${planned.reason}`}`;
};

export const sayEpisode: Say<EpisodeFact> = ({ kind, phase, startedAt }, language) => {
  const since = sayInstant(startedAt, language);
  if (language === 'en')
    return `${EPISODE[kind].en}${phase === '' ? '' : ` on phase ${phase}`} at the transformer since ${since}`;
  return `台区${EPISODE[kind][language]}${phase === '' ? '' : `（${phase} 相）`}，${since} 起`;
};

/** The first sentence the call taker says. */
export function sayCause(cause: SupplyCause, language: Language): string {
  switch (cause.kind) {
    case 'disconnection':
      return sayDisconnection(cause.fact, language);
    case 'outage':
      return sayOutage(cause.fact, language);
    case 'planned':
      return sayPlanned(cause.fact, language);
    case 'episode':
      return sayEpisode(cause.fact, language);
    case 'dead':
      return {
        'zh-CN': '台区三相无电，正在核实原因',
        en: 'the transformer is without supply, the cause is being looked for',
      }[language];
    case 'silent':
      return {
        'zh-CN': '台区通信中断，供电情况未知',
        en: 'the transformer does not communicate, its supply is not known',
      }[language];
    case 'none':
      return { 'zh-CN': '台区供电正常，无在办停电', en: 'the transformer has supply, no outage is open' }[language];
  }
  return cause satisfies never;
}
