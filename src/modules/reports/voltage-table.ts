import type { TableColumn } from '../http/spreadsheet.js';
import type { VoltageRow } from './voltage-report.js';

type Column = TableColumn<VoltageRow>;
const share = (percent: number | null): number | null => (percent === null ? null : percent / 100);

const PHASES = ['A', 'B', 'C'] as const;

/** The report as a table; minutes of all three phases together, then phase by phase. */
export const VOLTAGE_COLUMNS: readonly Column[] = [
  { zh: '编号', en: 'key', kind: 'text', value: ({ key }) => key },
  { zh: '名称', en: 'name', kind: 'text', value: ({ name }) => name },
  { zh: '起', en: 'from', kind: 'instant', value: ({ from }) => from },
  { zh: '止（不含）', en: 'to, excluded', kind: 'instant', value: ({ to }) => to },
  { zh: '电压合格率', en: 'qualified', kind: 'finePercent', value: ({ ratePercent }) => share(ratePercent) },
  { zh: '监测时间（分）', en: 'monitored (min)', kind: 'minutes', value: ({ monitoredMinutes }) => monitoredMinutes },
  { zh: '超上限（分）', en: 'above (min)', kind: 'minutes', value: ({ overMinutes }) => overMinutes },
  { zh: '超下限（分）', en: 'below (min)', kind: 'minutes', value: ({ underMinutes }) => underMinutes },
  ...PHASES.flatMap((phase): Column[] => [
    {
      zh: `${phase}相合格率`,
      en: `phase ${phase} qualified`,
      kind: 'finePercent',
      value: ({ phases }) => share(phases[phase].ratePercent),
    },
    {
      zh: `${phase}相监测时间（分）`,
      en: `phase ${phase} monitored (min)`,
      kind: 'minutes',
      value: ({ phases }) => phases[phase].monitoredMinutes,
    },
    {
      zh: `${phase}相超上限（分）`,
      en: `phase ${phase} above (min)`,
      kind: 'minutes',
      value: ({ phases }) => phases[phase].overMinutes,
    },
    {
      zh: `${phase}相超下限（分）`,
      en: `phase ${phase} below (min)`,
      kind: 'minutes',
      value: ({ phases }) => phases[phase].underMinutes,
    },
  ]),
];
