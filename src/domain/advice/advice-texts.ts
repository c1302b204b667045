import type { Phase } from '../journal-entry.js';
import { formatInstant } from '../instants.js';
import { BAND, percent, PHASES, round, step } from './advice.js';
import type { Advice, AdviceLimits, AdviceStep, ByPhase, Picture } from './advice.js';
import type { LoadShift } from './load-shift.js';
import { unbalanceOf } from './phase-balance.js';
import type { Move } from './phase-balance.js';

export function adviseNeutral(
  { phases, lowAndHighShare, readings }: NonNullable<Picture['abnormal']>,
  limits: AdviceLimits,
): Advice {
  const volts = PHASES.map((phase) => `${phase} ${phases[phase].meanV === null ? '—' : round(phases[phase].meanV)}`);
  return {
    kind: 'neutral',
    text: `紧急：同一时刻一相偏低、另一相偏高（${volts.join('、')} V），疑似断零或零线虚接，家用电器有烧毁危险；立即现场检查零线，必要时先停电`,
    textEn: `Urgent: one phase low and another high at once (${volts.join(', ')} V): broken or loose neutral, appliances at risk. Check the neutral on site now; switch off first if need be.`,
    arithmetic: [
      step(
        '一低一高同时出现',
        'One low, another high at once',
        'n(Umin < low, Umax > high) / n >= 50 %',
        { lowV: limits.lowV, highV: limits.highV, readings },
        percent(lowAndHighShare),
      ),
    ],
    source: `${BAND}; own: at least half of the abnormal readings`,
  };
}

export function adviseHvSide(
  kind: Picture['kind'],
  { all, alike }: { all: number; alike: number },
  limits: AdviceLimits,
): Advice {
  const low = kind === 'low_voltage';
  return {
    kind: 'hv_side',
    text: `同馈线 ${all} 台有量测台区中 ${alike} 台出口同时${low ? '偏低' : '偏高'}，原因在 10 kV 侧：${low ? '变电站调压、投入电容器，长馈线装线路调压器' : '变电站调压、退出电容器'}；不要逐台调档`,
    textEn: `${alike} of the ${all} measured transformers of the feeder are ${low ? 'low' : 'high'} at their outgoing ends together: the cause is on the 10 kV side. ${low ? 'Raise the bus voltage, switch capacitors on, fit a line regulator on a long feeder' : 'Lower the bus voltage, switch capacitors off'}; do not move taps one by one.`,
    arithmetic: [
      step(
        '同馈线同类异常占比',
        'Share of the feeder that is alike',
        'n_alike / n_measured',
        { alike, measured: all, limit: percent(limits.feederShare) },
        `${percent(alike / all)} >= ${percent(limits.feederShare)}`,
      ),
    ],
    source: 'own: half of the measured transformers of one feeder at their outgoing ends',
  };
}

export function adviseInsufficient(hours: number, { minimumHours }: AdviceLimits, readyAt: number): Advice {
  const missing = Math.max(1, minimumHours - hours);
  const at = formatInstant(readyAt).slice(0, 16).replace('T', ' ');
  return {
    kind: 'insufficient_data',
    text: `近 7 日有 ${hours} 小时量测，还差 ${missing} 小时才有一整天的高峰和低谷，暂不计算档位和负荷；量测不间断时，${at} 给出建议，此前先做下列检查`,
    textEn: `${hours} h were measured in the last 7 days, ${missing} h are missing to a whole day with its peak and its light load: no tap or load is computed yet. If measuring goes on, advice comes at ${at}; until then take the first steps below.`,
    arithmetic: [
      step(
        '有量测的小时数',
        'Hours measured',
        'hours >= minimum',
        { hours, minimumHours },
        `${hours} < ${minimumHours}`,
      ),
    ],
    source: 'own: one day has both the peak and the light load',
  };
}

const showAmperes = (currents: ByPhase<number>): Record<string, number> =>
  Object.fromEntries(PHASES.map((phase) => [`I${phase}`, round(currents[phase])]));

const unbalanceStep = (name: string, stepEn: string, currents: ByPhase<number>, limit: number): AdviceStep =>
  step(
    name,
    stepEn,
    '(Imax - Imin) / Imax',
    { ...showAmperes(currents), limit: percent(limit) },
    percent(unbalanceOf(currents)),
  );

export function adviseBalance(
  low: Phase,
  currents: ByPhase<number>,
  moves: readonly Move[],
  after: ByPhase<number>,
  limitShare: number,
): Advice {
  const zh = moves.map(({ from, to, amperes }) => `从 ${from} 相调 ${Math.round(amperes)} A 到 ${to} 相`).join('，');
  const en = moves.map(({ from, to, amperes }) => `${Math.round(amperes)} A from ${from} to ${to}`).join(', ');
  const mean = (currents.A + currents.B + currents.C) / 3;
  return {
    kind: 'phase_balance',
    text: `只有 ${low} 相偏低且该相电流最大，三相不平衡 ${percent(unbalanceOf(currents))}：调整单相用户，${zh}`,
    textEn: `Only phase ${low} is low and it carries the most current, unbalance ${percent(unbalanceOf(currents))}: move single-phase customers, ${en}.`,
    arithmetic: [
      unbalanceStep('三相电流不平衡度', 'Current unbalance', currents, limitShare),
      step('平均电流', 'Mean current', '(IA + IB + IC) / 3', showAmperes(currents), `${round(mean)} A`),
      ...moves.map(({ from, to, amperes }) =>
        step(
          `${from} 相到 ${to} 相`,
          `From ${from} to ${to}`,
          'min(I_from - Imean, Imean - I_to)',
          { from, to, mean: round(mean) },
          `${round(amperes)} A (${round((amperes * 220) / 1_000)} kVA)`,
        ),
      ),
      unbalanceStep('调整后预计不平衡度', 'Unbalance expected afterwards', after, limitShare),
    ],
    source: '配电网运维规程 Q/GDW 1519: (Imax-Imin)/Imax, Yyn0 15 %, Dyn11 25 %',
  };
}

export function adviseFieldCheck(low: Phase, currents: ByPhase<number>, unbalance: number, limitShare: number): Advice {
  return {
    kind: 'field_check',
    text: `只有 ${low} 相偏低，但不是负荷不平衡所致（该相电流不是最大或不平衡度未超限）：现场检查该相出线接头、开关触头和零线`,
    textEn: `Only phase ${low} is low, and not through its load (it does not carry the most current, or the unbalance is within limits): check joints and switch contacts of that phase and the neutral on site.`,
    arithmetic: [
      step(
        '三相电流不平衡度',
        'Current unbalance',
        '(Imax - Imin) / Imax',
        { ...showAmperes(currents), low, limit: percent(limitShare) },
        percent(unbalance),
      ),
    ],
    source: '配电网运维规程 Q/GDW 1519; own: load cannot explain it',
  };
}

export function adviseLoadShift(
  shift: LoadShift,
  peakKva: number,
  capacityKva: number,
  { loadShare }: AdviceLimits,
): Advice {
  const { load, shiftKva, shiftAmperes, neededKva } = shift;
  const larger = neededKva === null ? '' : `，或增容到 ${neededKva} kVA`;
  const largerEn = neededKva === null ? '' : `, or install ${neededKva} kVA`;
  return {
    kind: 'load_shift',
    text: `两小时最大负载率 ${percent(load)}，达到 ${percent(loadShare)}：高峰前转移 ${round(shiftKva)} kVA（每相约 ${Math.round(shiftAmperes)} A）${larger}或新增布点`,
    textEn: `Highest two-hour load ${percent(load)}, limit ${percent(loadShare)}: shift ${round(shiftKva)} kVA (about ${Math.round(shiftAmperes)} A per phase) before the peak${largerEn} or add a transformer.`,
    arithmetic: [
      step(
        '负载率（连续两小时最大）',
        'Load (highest two hours)',
        'Speak / Sn',
        { peakKva: round(peakKva), capacityKva },
        `${percent(load)} >= ${percent(loadShare)}`,
      ),
      step(
        '需转移负荷',
        'Load to shift',
        'Speak - limit x Sn',
        { peakKva: round(peakKva), limit: percent(loadShare), capacityKva },
        `${round(shiftKva)} kVA`,
      ),
      step(
        '每相电流',
        'Amperes per phase',
        'S x 1000 / (3 x 220)',
        { shiftKva: round(shiftKva) },
        `${round(shiftAmperes)} A`,
      ),
      ...(neededKva === null
        ? []
        : [
            step(
              '所需容量',
              'Capacity needed',
              'Sn >= Speak / limit',
              { peakKva: round(peakKva), limit: percent(loadShare) },
              `${round(peakKva / loadShare)} -> ${neededKva} kVA`,
            ),
          ]),
    ],
    source: '重过载：负载率 80 % 持续 2 h；GB/T 6451 capacities',
  };
}
