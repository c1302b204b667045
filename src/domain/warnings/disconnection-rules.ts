import type { JournalEntry } from '../journal-entry.js';
import { unitAndPerson } from '../repairs/unit-and-person.js';
import type { DisconnectionFacts, Facts } from './facts.js';
import type { Decision, Draft } from './warning.js';

/** Who answers for a cut: as it was reported, else who owns and who manages the transformer or what it hangs on. */
function accountableFor(cut: DisconnectionFacts): { unit: string | null; person: string | null; basis: string } {
  const { reported, responsible } = cut;
  if (reported.unit !== null || reported.person !== null) return { ...reported, basis: 'report' };
  const [owner, manager] = [unitAndPerson(responsible.owner), unitAndPerson(responsible.manager)];
  return { unit: owner.unit ?? manager.unit, person: manager.person ?? owner.person, basis: 'asset' };
}

/**
 * A cut that was done although something stood against it. When it turns out that nothing did (the collection was recorded late), the
 * warning ends.
 */
export function decideDisconnection(
  entry: Extract<JournalEntry, { type: 'disconnection_recorded' }>,
  facts: Facts,
): Decision[] {
  const cut = facts.disconnections.get(entry.subjectId);
  if (cut === undefined) return [];
  if (cut.broken.length === 0) {
    const subject = { type: 'disconnection', id: cut.id };
    return [
      {
        action: 'resolve',
        kind: 'disconnection_without_dunning',
        subject,
        at: entry.happenedAt,
        note: { zh: '补充资料后，停电符合规定', en: 'with what was added since, the cut is within the rules' },
      },
    ];
  }
  const { unit, person, basis } = accountableFor(cut);
  const draft: Draft = {
    kind: 'disconnection_without_dunning',
    severity: cut.broken.some(({ rule }) => rule === 'life_support') ? 'critical' : 'major',
    subject: { type: 'disconnection', id: cut.id, code: cut.accountNo, name: cut.place.name, area: cut.place.area },
    assetId: cut.place.assetId,
    outageId: null,
    title: `户号 ${cut.accountNo} 停电违反规定：${cut.broken.map(({ zh }) => zh).join('、')}`,
    titleEn: `Account ${cut.accountNo} cut against the rules: ${cut.broken.map(({ en }) => en).join('; ')}`,
    happenedAt: cut.cutAt,
    dueAt: null,
    evidence: {
      reason: cut.reason,
      cutAt: cut.cutAt,
      broken: cut.broken,
      accountable: { unit, person, basis },
    },
    advice: [
      '核实后先复电，并向客户说明',
      `追究责任：${[unit, person].filter((one) => one !== null).join(' ') || '资产未登记设备主人和客户经理，请先登记'}`,
      ...new Set(cut.broken.map(({ remedy }) => remedy.zh)),
    ],
  };
  return [{ action: 'raise', draft, why: { zh: '停电违反规定', en: 'the cut is against the rules' } }];
}
