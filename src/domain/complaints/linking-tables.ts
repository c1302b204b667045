import { CATEGORY_NAMES, CATEGORY_NAMES_EN } from './complaint.js';
import type { ComplaintCategory } from './complaint.js';

/** The sorts of event that a call can be about. */
export type Trouble = 'outage' | 'planned_outage' | 'voltage' | 'phase_loss' | 'disconnection';

const TROUBLE_NAMES: Readonly<Record<Trouble, string>> = {
  outage: '停电',
  planned_outage: '计划停电',
  voltage: '电压异常',
  phase_loss: '缺相',
  disconnection: '欠费停电',
};

const TROUBLE_NAMES_EN: typeof TROUBLE_NAMES = {
  outage: 'an outage',
  planned_outage: 'a planned outage',
  voltage: 'wrong voltage',
  phase_loss: 'phase loss',
  disconnection: 'a cut for arrears',
};

type Fit = Readonly<Record<Trouble, number>>;
/** Calls that are about the utility's people or money, whatever the supply did meanwhile. */
const UNRELATED: Fit = { outage: -0.25, planned_outage: -0.25, voltage: -0.25, phase_loss: -0.25, disconnection: -0.1 };
const NEUTRAL: Fit = { outage: 0, planned_outage: 0, voltage: 0, phase_loss: 0, disconnection: 0 };

/** How well a category fits a sort of event, -0.25..0.35. */
const FIT: Readonly<Record<ComplaintCategory, Fit>> = {
  outage: { outage: 0.35, planned_outage: 0.3, voltage: -0.05, phase_loss: 0.25, disconnection: 0.2 },
  supply_quality: { outage: -0.05, planned_outage: -0.1, voltage: 0.35, phase_loss: 0.3, disconnection: -0.2 },
  repair_quality: { outage: 0.3, planned_outage: 0.1, voltage: 0.1, phase_loss: 0.2, disconnection: -0.1 },
  reading_and_dunning: { outage: -0.15, planned_outage: -0.2, voltage: -0.25, phase_loss: -0.25, disconnection: 0.3 },
  price_and_fee: { ...UNRELATED, disconnection: 0.1 },
  metering: UNRELATED,
  meter_installation: UNRELATED,
  connection_works: UNRELATED,
  inspection: { ...UNRELATED, disconnection: 0.1 },
  service_channel: NEUTRAL,
  service_conduct: NEUTRAL,
  industry_ethics: UNRELATED,
};

export function fitOf(category: ComplaintCategory, trouble: Trouble): { points: number; text: string; textEn: string } {
  const points = FIT[category][trouble];
  const [verdict, verdictEn] =
    points > 0 ? ['相符', 'fits'] : points < 0 ? ['不符', 'does not fit'] : ['无关', 'says nothing of'];
  return {
    points,
    text: `${CATEGORY_NAMES[category]}与${TROUBLE_NAMES[trouble]}${verdict}`,
    textEn: `a call about ${CATEGORY_NAMES_EN[category]} ${verdictEn} ${TROUBLE_NAMES_EN[trouble]}`,
  };
}

/** Words of callers and what they say for or against each sort of event. */
export const HINTS: readonly { pattern: RegExp; points: Partial<Record<Trouble, number>> }[] = [
  {
    pattern: /灯.{0,3}(?:暗|闪)|忽明忽暗|带不动|起不动|启动不了|电压.{0,3}(?:低|不稳|高)|一闪一闪/,
    points: { voltage: 0.2, phase_loss: 0.15, outage: -0.2, planned_outage: -0.2, disconnection: -0.2 },
  },
  {
    pattern: /(?:交|缴|付|结清|充).{0,10}(?:没有?电|没(?:来电|送电|复电|恢复)|不(?:来电|送电)|未(?:复电|送电))|欠费/,
    points: { disconnection: 0.25, outage: -0.2, planned_outage: -0.2, voltage: -0.2, phase_loss: -0.2 },
  },
  {
    pattern: /停电|断电|没电|没有电|无电/,
    points: { outage: 0.1, planned_outage: 0.1, disconnection: 0.05, voltage: -0.1 },
  },
  {
    pattern: /(?:没有?|未|不).{0,4}通知|计划|检修|公告/,
    points: { planned_outage: 0.15, outage: 0.05 },
  },
  {
    pattern: /一半.{0,4}(?:有电|没电)|只有.{0,6}有电|三相|缺相|电机.{0,4}(?:不转|嗡)/,
    points: { phase_loss: 0.2, voltage: 0.05 },
  },
  {
    pattern: /(?:整个?|全)(?:小区|村|栋|条街|片)|邻居.{0,4}也|大家都/,
    points: { outage: 0.1, planned_outage: 0.1, disconnection: -0.25 },
  },
  {
    pattern: /只有我(?:家|们家)|就我(?:家|们家)|邻居.{0,4}都?有电/,
    points: { outage: -0.2, planned_outage: -0.2, disconnection: 0.15 },
  },
];

/** 频繁停电: the caller speaks of a history, so a longer one counts. */
export const isAboutFrequentOutages = (text: string): boolean =>
  /(?:频繁|经常|老是|总是|天天|反复|又|三天两头|多次).{0,4}(?:停电|断电|没电)/.test(text);
