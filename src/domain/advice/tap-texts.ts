import { BAND, PHASES, round, step } from './advice.js';
import type { Advice, AdviceLimits, AdviceStep, Picture, TapChanger } from './advice.js';
import { tapHvKv, tapName } from './tap.js';
import type { TapChoice, TapForecast } from './tap.js';

const TAP_RULE = '无励磁分接开关：高往高调，低往低调；停电操作';

interface VoltageRange {
  minV: number;
  maxV: number;
}

const rangeSteps = (
  { percentiles, lowestHour, highestHour }: Picture,
  { minV, maxV }: VoltageRange,
  limits: AdviceLimits,
): AdviceStep[] => [
  step(
    '实测电压范围（p05、p95）',
    'Measured range (p05, p95)',
    'min p05, max p95',
    {
      ...Object.fromEntries(
        PHASES.flatMap((phase) => {
          const one = percentiles[phase];
          return one === null ? [] : [[phase, `${round(one.p05)}, ${round(one.p95)} V`]];
        }),
      ),
      ...(lowestHour === null ? {} : { lowestHour }),
      ...(highestHour === null ? {} : { highestHour }),
    },
    `${round(minV)} .. ${round(maxV)} V`,
  ),
  step(
    '电压极比',
    'Ratio of voltages',
    'Vmax / Vmin <= high / low',
    { maxV: round(maxV), minV: round(minV), highV: limits.highV, lowV: limits.lowV },
    `${round(maxV / minV, 3)} ${maxV / minV > limits.highV / limits.lowV ? '>' : '<='} ${round(limits.highV / limits.lowV, 3)}`,
  ),
];

const forecastStep = (now: TapChanger, { position, hvKv, minV, maxV, marginV, feasible }: TapForecast): AdviceStep =>
  step(
    `${tapName(position)} 档（${round(hvKv, 2)} kV）${position === now.position ? '，现用' : ''}`,
    `Tap ${tapName(position)} (${round(hvKv, 2)} kV)${position === now.position ? ', present' : ''}`,
    `V' = V x Unow / Utap`,
    { nowKv: round(tapHvKv(now, now.position), 3), tapKv: round(hvKv, 3) },
    `${round(minV)} .. ${round(maxV)} V, ${round(marginV)} V ${feasible ? '✓' : '✗'}`,
  );

const hoursText = ({ lowestHour, highestHour }: Picture): string =>
  lowestHour === null || highestHour === null ? '' : `（${lowestHour} 时最低、${highestHour} 时最高）`;
const hoursTextEn = ({ lowestHour, highestHour }: Picture): string =>
  lowestHour === null || highestHour === null
    ? ''
    : ` (lowest about ${lowestHour}:00, highest about ${highestHour}:00)`;

/** The register does not know the tap: the direction and the ratio can be told, a tap cannot. */
export function adviseUnregistered(picture: Picture, range: VoltageRange, limits: AdviceLimits): Advice {
  const arithmetic = rangeSteps(picture, range, limits);
  if (range.maxV / range.minV > limits.highV / limits.lowV) return noFixedTap(picture, range, arithmetic);
  const low = picture.kind === 'low_voltage';
  return {
    kind: 'tap_unregistered',
    text: `电压可用分接开关调回（${low ? '低往低调' : '高往高调'}），但台账没有该变压器的档位：先核对并登记现用档位、档数和每档百分比，再计算`,
    textEn: `A tap move can bring the voltage back (${low ? 'towards the lower' : 'towards the higher'} HV tap), but the register does not know this transformer's tap: record position, number and step first, then compute.`,
    arithmetic,
    source: `${BAND}; ${TAP_RULE}`,
  };
}

export function adviseTap(
  picture: Picture,
  range: VoltageRange,
  now: TapChanger,
  limits: AdviceLimits,
  choice: TapChoice,
): Advice {
  const arithmetic = [...rangeSteps(picture, range, limits), ...choice.forecasts.map((one) => forecastStep(now, one))];
  const source = `${BAND}; ${TAP_RULE}; own: margin ${limits.marginV} V`;
  if (choice.verdict === 'spread') return noFixedTap(picture, range, arithmetic);
  if (choice.verdict === 'none_fits') {
    const { position, marginV } = choice.closest;
    return {
      kind: 'no_fixed_tap',
      text: `没有一个档位能使电压两头各留 ${limits.marginV} V 裕度：最接近的是 ${tapName(position)} 档，裕度 ${round(marginV)} V；考虑有载调压、线路改造或新增布点`,
      textEn: `No tap keeps ${limits.marginV} V away from both limits: tap ${tapName(position)} comes closest with ${round(marginV)} V. Consider on-load regulation, a stronger line or another transformer.`,
      arithmetic,
      source,
    };
  }
  if (choice.verdict === 'stay') {
    return {
      kind: 'field_check',
      text: `现用 ${tapName(now.position)} 档已是最佳，异常时间不足 5 %：不调档，查异常时段的负荷和线路`,
      textEn: `The present tap ${tapName(now.position)} is the best; the voltage is wrong for less than 5 % of the time. Leave the tap, look at load and line at those times.`,
      arithmetic,
      source,
    };
  }
  const { next, best } = choice;
  const steps = Math.abs(best.position - now.position);
  const low = picture.kind === 'low_voltage';
  const more = steps === 1 ? '' : `；最佳为 ${tapName(best.position)} 档，须分 ${steps} 次，每次只调一档`;
  const moreEn = steps === 1 ? '' : ` The best is ${tapName(best.position)}, ${steps} steps away: one step per order.`;
  return {
    kind: 'tap',
    text: `分接开关由 ${tapName(now.position)} 档调到 ${tapName(next.position)} 档（${low ? '低往低调' : '高往高调'}）：预计 ${round(next.minV)} 至 ${round(next.maxV)} V${more}。须停电操作（计划停电不超过 8 h），调后 24 至 72 h 复核`,
    textEn: `Move the tap from ${tapName(now.position)} to ${tapName(next.position)}: ${round(next.minV)} to ${round(next.maxV)} V expected.${moreEn} De-energised switch (planned outage within 8 h); judge again after 24 to 72 h.`,
    arithmetic,
    source,
  };
}

function noFixedTap(picture: Picture, { minV, maxV }: VoltageRange, arithmetic: readonly AdviceStep[]): Advice {
  return {
    kind: 'no_fixed_tap',
    text: `电压高低相差太大${hoursText(picture)}：${round(minV)} 至 ${round(maxV)} V，任何固定档位都不能两头兼顾；考虑有载调压、SVG 或储能，午间偏高时核对光伏接入`,
    textEn: `The voltage swings too far${hoursTextEn(picture)}: ${round(minV)} to ${round(maxV)} V. No fixed tap fits; consider an on-load changer, SVG or storage, and check PV when it is high at noon.`,
    arithmetic,
    source: `${BAND}: 235.4 / 198 = 1.189`,
  };
}
