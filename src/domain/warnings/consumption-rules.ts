import { spanOf } from '../consumption/month.js';
import type { JournalEntry } from '../journal-entry.js';
import type { Facts } from './facts.js';
import { countEn } from './texts.js';
import type { Decision } from './warning.js';

/**
 * One warning for a transformer and kind, however many of its customers are to be looked at: one reader's walk. It changes with their
 * number and ends with the last of them. The list of findings has every customer with every month's reason.
 */
export function decideConsumption(
  entry: Extract<JournalEntry, { type: 'consumption_findings_changed' }>,
  facts: Facts,
): Decision[] {
  const place = facts.transformers.get(entry.subjectId)?.place;
  if (place === undefined) return [];
  const { kind, open, accounts, month } = entry.data;
  const subject = { type: 'transformer', id: place.assetId, code: place.code, name: place.name, area: place.area };
  const warning = kind === 'zero' ? 'zero_consumption' : 'abnormal_consumption';
  if (open === 0 || month === null) {
    return [
      {
        action: 'resolve',
        kind: warning,
        subject,
        at: entry.happenedAt,
        note: { zh: '已无待核查的客户', en: 'nobody is left to be checked' },
      },
    ];
  }
  return [
    {
      action: 'raise',
      why: { zh: '待核查客户变化', en: 'who is to be checked has changed' },
      draft: {
        kind: warning,
        severity: 'info',
        subject,
        assetId: place.assetId,
        outageId: null,
        title:
          kind === 'zero'
            ? `${place.name} ${open} 户长期零电量，待核查`
            : `${place.name} ${open} 户居民用电量突增，待核查`,
        titleEn: `${place.name} ${countEn(open, kind === 'zero' ? 'customer' : 'home')} ${kind === 'zero' ? 'at zero for months' : 'far above usual use'}, to be checked`,
        happenedAt: Math.min(spanOf(month).to, entry.happenedAt),
        dueAt: null,
        evidence: { open, accounts, month },
        advice:
          kind === 'zero'
            ? ['现场核实是否空置、表计故障或绕越计量', '确无用电的按规定通知客户办理销户']
            : ['核对抄表示数和估抄记录', '现场核查表后漏电、表计接线和用电性质', '核实后告知客户原因，避免电费争议'],
      },
    },
  ];
}
