import type { LegName } from '../../domain/reconnection/order-figures.js';
import type { TableColumn } from '../http/spreadsheet.js';
import type { CellKind } from '../http/workbook.js';
import type { ReconnectionRow } from './reconnection-report.js';

type Column = TableColumn<ReconnectionRow>;
const column = (zh: string, en: string, kind: CellKind, value: Column['value']): Column => ({ zh, en, kind, value });

const leg = (name: LegName, zh: string, en: string): Column[] => [
  column(`${zh} 中位（分）`, `${en}, median (min)`, 'minutes', ({ legs }) => legs[name].medianMinutes),
  column(`${zh} 九成以内（分）`, `${en}, 90th percentile (min)`, 'minutes', ({ legs }) => legs[name].p90Minutes),
];

export const RECONNECTION_COLUMNS: readonly Column[] = [
  column('编号', 'key', 'text', ({ key }) => key),
  column('起', 'from', 'instant', ({ from }) => from),
  column('止（不含）', 'to, excluded', 'instant', ({ to }) => to),
  column('复电工单', 'orders', 'count', ({ orders }) => orders),
  column('按时', 'met', 'count', ({ met }) => met),
  column('超期', 'breached', 'count', ({ breached }) => breached),
  column('仅现场报告', 'claimed only', 'count', ({ claimedOnly }) => claimedOnly),
  column('未复电', 'open', 'count', ({ open }) => open),
  column('取消', 'cancelled', 'count', ({ cancelled }) => cancelled),
  column('缴费撤销后在供', 'on a reversed payment', 'count', ({ onReversedPayment }) => onReversedPayment),
  column('及时率', 'on time', 'percent', ({ onTimeShare }) => onTimeShare),
  column('及时率（含报告）', 'on time, claims included', 'percent', (row) => row.onTimeShareWithClaims),
  ...leg('booking', '缴费到账', 'paid to received'),
  ...leg('ordering', '到账派单', 'received to ordered'),
  ...leg('dispatch', '派单出动', 'ordered to command or crew'),
  ...leg('work', '出动合闸', 'command or crew to switch closed'),
  ...leg('power', '合闸有电', 'switch closed to power'),
  ...leg('total', '缴费复电', 'paid to restored'),
];
