import type { Frequency, RuleResult } from '../frequent-outage.js';
import type { Place } from './facts.js';
import { countEn, NATURE_NAMES, NATURE_NAMES_EN } from './texts.js';
import type { Decision, Known } from './warning.js';

const COUNT_CHANGED = { zh: '停电次数变化', en: 'the number of outages changed' };

/**
 * A transformer that was cut often: early level minor, the hit major; one warning that goes up and down with the count and ends when
 * no rule is met any more. Its evidence lists what was counted, and what was not with the reason.
 * What a person resolved comes back only with an outage that it had not counted.
 * @param newest the live warning of this transformer, or else the newest resolved one
 */
export function decideFrequent(place: Place, frequency: Frequency, newest: Known | null, now: number): Decision[] {
  const subject = { type: 'transformer', id: place.assetId, code: place.code, name: place.name, area: place.area };
  const { level, rules, counted, excluded } = frequency;
  const evidence = {
    level,
    rules,
    counted,
    excluded,
  };
  if (level === null) {
    if (newest === null || newest.status === 'resolved') return [];
    const note = {
      zh: '窗口内的停电次数已低于频繁停电预警线',
      en: 'fewer outages in the window than the rules for frequent outages ask for',
    };
    return [
      { action: 'revise', ref: newest.ref, change: { evidence }, why: COUNT_CHANGED },
      { action: 'resolve', kind: 'frequent_outage', subject, at: now, note },
    ];
  }
  if (newest?.status === 'resolved' && counted.every(({ outageId }) => countedOf(newest).has(outageId))) return [];
  const met = rules.filter(({ isMet }) => isMet);
  const last = counted.at(-1);
  const [leading] = met;
  return [
    {
      action: 'raise',
      why: COUNT_CHANGED,
      draft: {
        kind: 'frequent_outage',
        severity: level === 'frequent' ? 'major' : 'minor',
        subject,
        assetId: place.assetId,
        outageId: last?.outageId ?? null,
        title: `${place.name} ${leading === undefined ? '' : countText(leading)}，${level === 'frequent' ? '已达频繁停电' : '接近频繁停电'}`,
        titleEn: `${place.name} ${leading === undefined ? '' : `${countTextEn(leading)}, `}${level === 'frequent' ? 'frequent outages' : 'close to frequent outages'}`,
        happenedAt: last?.endedAt ?? now,
        dueAt: null,
        evidence,
        advice:
          level === 'frequent'
            ? [
                '查明重复停电的共同原因，制定治理措施',
                '按 30、60、90 天回访治理效果',
                '主动联系投诉客户，说明停电记录和整改',
              ]
            : ['避免再次安排计划停电，能带电作业的不停电', '巡视该线路的隐患，检查最近几次停电的原因'],
      },
    },
  ];
}

function countText({ unit, length, counted, plannedOnly }: RuleResult): string {
  const what = plannedOnly ? NATURE_NAMES.planned : '停电';
  if (unit === 'year') return `本年${what} ${counted} 次`;
  return `近 ${length} ${unit === 'day' ? '天' : '个月'}${what} ${counted} 次`;
}

function countTextEn({ unit, length, counted, plannedOnly }: RuleResult): string {
  const what = countEn(counted, plannedOnly ? NATURE_NAMES_EN.planned : 'outage');
  return unit === 'year' ? `${what} this year` : `${what} in ${countEn(length, unit)}`;
}

const countedOf = (known: Known): Set<number> =>
  new Set(((known.evidence.counted ?? []) as readonly { outageId: number }[]).map(({ outageId }) => outageId));
