import type { Chronic, Season } from '../chronic-voltage.js';
import type { Policy } from '../policy.js';
import type { Place } from './facts.js';
import { countEn } from './texts.js';
import type { Decision, Known } from './warning.js';

const SEASON_NAMES: Readonly<Record<Exclude<Season, 'other'>, string>> = {
  summer: '迎峰度夏',
  winter: '迎峰度冬',
  spring_festival: '春节',
};

const SEASON_NAMES_EN: typeof SEASON_NAMES = {
  summer: 'summer peak',
  winter: 'winter peak',
  spring_festival: 'Spring Festival',
};

const DAYS_CHANGED = { zh: '低电压天数变化', en: 'the number of days with low voltage changed' };

/**
 * Low voltage that comes back day after day: n of the last m days minor, from majorDays on major; over when few are left. Single
 * episodes have warnings of their own; this one is for who plans the cure.
 * @param newest the live warning of this transformer, or else the newest resolved one
 */
export function decideChronic(
  place: Place,
  chronic: Chronic,
  newest: Known | null,
  policy: Policy,
  now: number,
): Decision[] {
  const live = newest === null || newest.status === 'resolved' ? null : newest;
  if (live === null && !chronic.isChronic) return [];
  const { days, season, daysBySeason, episodeIds } = chronic;
  const rule = policy.chronicVoltage;
  const subject = { type: 'transformer', id: place.assetId, code: place.code, name: place.name, area: place.area };
  const evidence = {
    lowDays: days.length,
    ofDays: rule.ofDays,
    minutesPerDay: rule.minutesPerDay,
    limitV: policy.voltage.lowV,
    days,
    season,
    daysBySeason,
    episodeIds,
  };
  if (live !== null && chronic.isOver) {
    const note = {
      zh: `近 ${rule.ofDays} 天低电压只有 ${days.length} 天，不再是长期低电压`,
      en: `low on ${days.length} of the last ${countEn(rule.ofDays, 'day')} only, no longer chronic`,
    };
    return [
      { action: 'revise', ref: live.ref, change: { evidence }, why: DAYS_CHANGED },
      { action: 'resolve', kind: 'chronic_voltage', subject, at: now, note },
    ];
  }
  const name = season === null ? '长期低电压' : `季节性低电压（${SEASON_NAMES[season]}）`;
  return [
    {
      action: 'raise',
      why: DAYS_CHANGED,
      draft: {
        kind: 'chronic_voltage',
        severity: days.length >= rule.majorDays ? 'major' : 'minor',
        subject,
        assetId: place.assetId,
        outageId: null,
        title: `${place.name} ${name}：近 ${rule.ofDays} 天有 ${days.length} 天低于 ${policy.voltage.lowV} V`,
        titleEn: `${place.name} ${season === null ? 'chronic low voltage' : `seasonal low voltage (${SEASON_NAMES_EN[season]})`}: below ${policy.voltage.lowV} V on ${days.length} of the last ${countEn(rule.ofDays, 'day')}`,
        happenedAt: live?.happenedAt ?? now,
        dueAt: null,
        evidence,
        advice:
          season === null
            ? ['列入低电压台区治理清单，明确责任人和期限', '按先调档、再调负荷、后改造的次序治理']
            : ['季节性负荷：先用调档和转移负荷应急，季后恢复', '列入下一个高峰期前的改造计划'],
      },
    },
  ];
}
