import type { EpisodeKind, Severity } from '../journal-entry.js';
import { EPISODE_NAMES } from './texts.js';

export interface Titled {
  kind: EpisodeKind;
  severity: Severity;
  phases: string;
  worst: number | null;
  limitV: number | null;
  picture: Record<string, unknown>;
}

interface Words {
  names: Readonly<Record<EpisodeKind, string>>;
  heavy: string;
  overload: string;
  highestLoad: string;
  capacity: string;
  heavyLimit: string;
  limit: string;
  highest: string;
  lowest: string;
  shift: string;
  phase: (phases: string) => string;
  neutral: (percent: number, limitPercent: number) => string;
  is: string;
  and: string;
  inBrackets: (text: string) => string;
}

const ZH: Words = {
  names: EPISODE_NAMES,
  heavy: '重载',
  overload: '过载',
  highestLoad: '最高负载率',
  capacity: '容量',
  heavyLimit: '重载限值',
  limit: '限值',
  highest: '最高',
  lowest: '最低',
  shift: '零点偏移',
  phase: (phases) => `${phases} 相`,
  neutral: (percent, limit) => `中性线电流为额定值的 ${percent} %（限值 ${limit} %）`,
  is: '：',
  and: '，',
  inBrackets: (text) => `（${text}）`,
};

const EN: Words = {
  names: {
    low_voltage: 'low voltage',
    high_voltage: 'high voltage',
    phase_loss: 'lost phase',
    broken_neutral: 'neutral probably broken',
    unbalance: 'unbalanced phases',
    overload: 'load',
  },
  heavy: 'heavy load',
  overload: 'overload',
  highestLoad: 'highest load',
  capacity: 'capacity',
  heavyLimit: 'heavy from',
  limit: 'limit',
  highest: 'highest',
  lowest: 'lowest',
  shift: 'neutral shifted by',
  phase: (phases) => (phases.length === 1 ? `phase ${phases}` : `phases ${phases.split('').join(', ')}`),
  neutral: (percent, limit) => `neutral current ${percent} % of the rated current (limit ${limit} %)`,
  is: ': ',
  and: ', ',
  inBrackets: (text) => ` (${text})`,
};

/** What the title of a warning says behind the place, in both languages. Only figures that are known are named. */
export const episodeTitles = (titled: Titled): { zh: string; en: string } => ({
  zh: titleOf(titled, ZH),
  en: titleOf(titled, EN),
});

function titleOf({ kind, severity, phases, worst, limitV, picture }: Titled, words: Words): string {
  const said = (before: string, name: string, unit: string): string[] => {
    const figure = picture[name];
    if (typeof figure !== 'number') return [];
    return [`${before} ${unit === 'V' ? figure.toFixed(1) : String(figure)} ${unit}`];
  };
  const bracketed = (...parts: string[]): string => (parts.length === 0 ? '' : words.inBrackets(parts.join(words.and)));
  const value = worst === null ? '' : worst.toFixed(1);
  switch (kind) {
    case 'overload': {
      const limits = [...said(words.capacity, 'capacityKva', 'kVA'), ...said(words.heavyLimit, 'limitPercent', '%')];
      return `${severity === 'minor' ? words.heavy : words.overload}${words.is}${words.highestLoad} ${value} %${bracketed(...limits)}`;
    }
    case 'unbalance': {
      const group = typeof picture.connection === 'string' ? `${picture.connection} ` : '';
      const limits = bracketed(...said(`${group}${words.limit}`, 'limitPercent', '%'));
      return `${words.names[kind]}${words.is}${words.highest} ${value} %${limits}${neutralWords(picture, words)}`;
    }
    case 'broken_neutral':
      return `${words.names[kind]}${words.is}${[`${words.highest} ${value} V`, ...said(words.lowest, 'lowestV', 'V'), ...said(words.shift, 'neutralShiftV', 'V')].join(words.and)}`;
    default: {
      const limit = limitV === null ? '' : bracketed(`${words.limit} ${limitV} V`);
      const measured = [phases === '' ? '' : words.phase(phases), value === '' ? '' : `${value} V`];
      return `${words.names[kind]}${words.is}${measured.filter((part) => part !== '').join(' ')}${limit}`;
    }
  }
}

/** Only where the neutral carries too much. */
function neutralWords({ neutralPercent, neutralLimitPercent }: Record<string, unknown>, words: Words): string {
  if (typeof neutralPercent !== 'number' || typeof neutralLimitPercent !== 'number') return '';
  return neutralPercent > neutralLimitPercent
    ? `${words.and}${words.neutral(neutralPercent, neutralLimitPercent)}`
    : '';
}
