import { CORROBORATED } from '../corroboration.js';
import type { Evidence } from '../corroboration.js';
import type { JournalEntry } from '../journal-entry.js';
import type { Facts, OutageFacts } from './facts.js';
import { countEn } from './texts.js';
import type { Decision, Draft } from './warning.js';

type Entry<Type> = Extract<JournalEntry, { type: Type }>;

/**
 * An outage that only silence and its corroboration speak for is warned of as suspected; once a loss of it is measured, the warning of
 * the outage itself takes over. How it ends otherwise, the rules for outages say.
 */
export function decideSuspicion(
  entry: Entry<'outage_opened' | 'outage_changed' | 'outage_reopened' | 'outage_confirmed'>,
  facts: Facts,
): Decision[] {
  const outage = facts.outages.get(entry.subjectId);
  if (outage === undefined) return [];
  if (entry.type === 'outage_confirmed')
    return [
      {
        action: 'resolve',
        kind: 'outage_suspected',
        subject: { type: 'outage', id: outage.id },
        at: entry.happenedAt,
        note: { zh: '已测得停电，由停电预警继续跟踪', en: 'measured by now; the warning of the outage goes on' },
      },
    ];
  const suspicion = outage.suspicion ?? null;
  if (suspicion === null || entry.data.state !== 'suspected' || outage.state !== 'suspected') return [];
  return [
    {
      action: 'raise',
      draft: draftOf(outage, suspicion),
      why: { zh: '失联有佐证', en: 'the silence is corroborated' },
    },
  ];
}

function draftOf(outage: OutageFacts, suspicion: readonly Evidence[]): Draft {
  const { id, root, startedAt, customersAffected, nature } = outage;
  return {
    kind: 'outage_suspected',
    severity: nature === 'fault' ? 'minor' : 'info',
    subject: { type: 'outage', id, code: root.code, name: root.name, area: root.area },
    assetId: root.assetId,
    outageId: id,
    title: `${root.name} 疑似停电：${suspicion.map(words).join('；')}，影响 ${customersAffected} 户`,
    titleEn: `${root.name} outage suspected: ${suspicion.map(wordsEn).join('; ')}, ${countEn(customersAffected, 'customer')}`,
    happenedAt: startedAt,
    dueAt: null,
    evidence: { source: CORROBORATED, startedAt, customersAffected, corroboration: suspicion },
    advice: ['召测下属电表：有应答即为通信故障，不是停电', '电话核实来电客户，确认后在停电事件中认定'],
  };
}

function words(evidence: Evidence): string {
  switch (evidence.by) {
    case 'dead_neighbours':
      return `${evidence.silent} 台失联，相邻 ${evidence.dead} 台已测得停电`;
    case 'callers':
      return `${evidence.silent} 台全部失联，${evidence.callers} 户来电，周边 ${evidence.restReports} 台正常`;
    case 'planned_work':
      return `${evidence.silent} 台在批准的停电时间内失联`;
    default: // still_out; another sort would not compile
      return `${evidence.callers} 户来电称复电后仍停电，${evidence.supply === 'unmetered' ? '台区无终端' : '台区终端失联'}`;
  }
}

function wordsEn(evidence: Evidence): string {
  switch (evidence.by) {
    case 'dead_neighbours':
      return `${evidence.silent} silent, ${countEn(evidence.dead, 'neighbour')} measured dead`;
    case 'callers':
      return `all ${evidence.silent} silent, calls of ${countEn(evidence.callers, 'customer')}, ${evidence.restReports} around report as usual`;
    case 'planned_work':
      return `${evidence.silent} silent within an approved window`;
    default: // still_out; another sort would not compile
      return `${countEn(evidence.callers, 'customer')} still without supply by their word, ${evidence.supply === 'unmetered' ? 'no terminal there' : 'the terminal is silent'}`;
  }
}

/** Many terminals of one area are silent across feeders: one warning for the area instead of one for each. */
export function decideCommunication(entry: Entry<'communication_lost' | 'communication_restored'>): Decision[] {
  const subject = {
    type: 'area',
    id: entry.subjectId,
    code: entry.data.area,
    name: entry.data.area,
    area: entry.data.area,
  };
  if (entry.type === 'communication_restored')
    return [
      {
        action: 'resolve',
        kind: 'terminal_offline',
        subject,
        at: entry.happenedAt,
        note: { zh: '通信已恢复', en: 'communication is back' },
      },
    ];
  const { sinceAt, transformerIds, feeders } = entry.data;
  const draft: Draft = {
    kind: 'terminal_offline',
    severity: 'major',
    subject,
    assetId: null,
    outageId: null,
    title: `${entry.data.area} 大面积终端离线：${transformerIds.length} 台，跨 ${feeders} 条馈线，按通信故障处理`,
    titleEn: `${entry.data.area} ${countEn(transformerIds.length, 'terminal')} offline across ${countEn(feeders, 'feeder')}, taken for lost communication`,
    happenedAt: sinceAt,
    dueAt: null,
    evidence: { unknownSinceAt: sinceAt, feeders, transformerIds },
    advice: ['联系通信运营商核查基站和专网', '召测抽查：有应答即为通信恢复'],
  };
  return [
    {
      action: 'raise',
      draft,
      why: { zh: '失联终端跨馈线分布，符合通信故障', en: 'silent across feeders, as when communication is lost' },
    },
  ];
}
