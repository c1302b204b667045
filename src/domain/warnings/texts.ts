import { balancePhases } from '../advice/phase-balance.js';
import type { EpisodeKind, OutageNature } from '../journal-entry.js';

/** What a warning says to the person who acts on it. Advice is Chinese, as the dispatch centres read it; programs read kind and evidence. */

export const EPISODE_NAMES: Readonly<Record<EpisodeKind, string>> = {
  low_voltage: '低电压',
  high_voltage: '高电压',
  phase_loss: '缺相',
  broken_neutral: '疑似断零',
  unbalance: '三相不平衡',
  overload: '重过载',
};

export const NATURE_NAMES: Readonly<Record<OutageNature, string>> = {
  fault: '故障停电',
  planned: '计划停电',
  temporary: '临时停电',
  rationing: '错峰限电',
};

export const NATURE_NAMES_EN: Readonly<Record<OutageNature, string>> = {
  fault: 'fault outage',
  planned: 'planned outage',
  temporary: 'temporary outage',
  rationing: 'rationing',
};

/** First steps by the picture of the phases; the arithmetic of a tap move needs a day of load and is not given here. */
export function episodeAdvice(kind: EpisodeKind, phases: string, picture: Record<string, unknown>): string[] {
  switch (kind) {
    case 'low_voltage':
      return phases.length === 1
        ? [`只有 ${phases} 相偏低：核对三相负荷，把单相用户调到较轻的相`, '检查该相接户线和零线接头']
        : [
            '查看同一馈线其他台区：多台同时偏低，先查变电站母线电压和线路调压',
            '负载率低于 80 %：考虑调整变压器档位（低往低调，停电操作）',
            '负载率达到 80 %：转移负荷或增容布点',
          ];
    case 'high_voltage':
      return ['轻载时段偏高：考虑调整变压器档位（高往高调，停电操作）', '中午偏高：核对分布式光伏接入容量'];
    case 'phase_loss':
      return ['检查高压熔断器和低压开关的缺相', '提醒三相用户停用电动机，防止缺相运行烧毁'];
    case 'broken_neutral':
      return ['立即现场检查零线，家用电器有烧毁危险', '必要时先停电再处理'];
    case 'unbalance':
      return unbalanceAdvice(picture);
    default: // overload
      return ['转移负荷', '安排增容布点'];
  }
}

/**
 * Which phase to move from and to, by the currents measured at the worst. A neutral that carries twice what the phases leave over carries
 * harmonics of third order or has a fault, and moving customers does not help.
 */
function unbalanceAdvice({ ia, ib, ic, neutralA, ...limits }: Record<string, unknown>): string[] {
  if (typeof ia !== 'number' || typeof ib !== 'number' || typeof ic !== 'number') return ['调整三相负荷'];
  const { neutralPercent, neutralLimitPercent } = limits;
  const isNeutralOver =
    typeof neutralPercent === 'number' &&
    typeof neutralLimitPercent === 'number' &&
    neutralPercent > neutralLimitPercent;
  // Of currents 120 degrees apart.
  const leftOverA = Math.sqrt(Math.max(0, ia * ia + ib * ib + ic * ic - ia * ib - ib * ic - ic * ia));
  const isOdd = isNeutralOver && typeof neutralA === 'number' && neutralA > 2 * leftOverA;
  const { moves } = balancePhases({ A: ia, B: ib, C: ic });
  const balance = moves
    .map(({ from, to, amperes }) => `从 ${from} 相调 ${Math.round(amperes)} A 到 ${to} 相`)
    .join('，');
  const measured = `实测 A ${Math.round(ia)} A、B ${Math.round(ib)} A、C ${Math.round(ic)} A`;
  return [
    ...(isOdd
      ? [
          `中性线 ${Math.round(neutralA)} A 远大于三相不平衡所致的 ${Math.round(leftOverA)} A（${measured}）：检查三次谐波和零线`,
        ]
      : []),
    ...(balance === '' || (isOdd && !isUnbalanced(limits)) ? [] : [`调整单相用户：${balance}（${measured}）`]),
  ];
}

const isUnbalanced = ({ unbalancePercent, limitPercent }: Record<string, unknown>): boolean =>
  typeof unbalancePercent === 'number' && typeof limitPercent === 'number' && unbalancePercent > limitPercent;

export function outageAdvice(nature: OutageNature): string[] {
  return nature === 'fault'
    ? ['确认故障原因，填写预计恢复时间', '派出抢修队伍并跟踪到达和修复', '通知受影响客户，重要客户电话联系']
    : ['核对停电公告和短信是否送达', '按批准的时间跟踪送电，延期须先通知客户'];
}

export const EXPECTED_ADVICE = [
  '核实抢修或检修进度，更新预计恢复时间',
  '准备预警通知单和预警短信',
  '研究转供电、发电车等临时供电办法',
];
export const OVER_ADVICE = [
  '签发预警通知单，督办抢修复电',
  '向受影响客户发送预警短信，说明新的预计恢复时间',
  '客户经理逐户联系重要客户',
];

/** `1 小时 20 分钟`; whole minutes. */
export function formatDuration(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} 分钟`;
  return rest === 0 ? `${hours} 小时` : `${hours} 小时 ${rest} 分钟`;
}

/** `1 h 20 min`; whole minutes. */
export function formatDurationEn(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** `1 customer`, `2 customers`. */
export const countEn = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
