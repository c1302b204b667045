import type { CellKind } from '../http/workbook.js';
import type { TableColumn } from '../http/spreadsheet.js';
import type { ReliabilityRow } from './reliability-report.js';

type Column = TableColumn<ReliabilityRow>;
const column = (zh: string, en: string, kind: CellKind, value: Column['value']): Column => ({ zh, en, kind, value });

/** The report as a table. Terms of DL/T 836.1-2016 beside the short names of IEEE 1366. */
export const RELIABILITY_COLUMNS: readonly Column[] = [
  column('编号', 'key', 'text', ({ key }) => key),
  column('名称', 'name', 'text', ({ name }) => name),
  column('起', 'from', 'instant', ({ from }) => from),
  column('止（不含）', 'to, excluded', 'instant', ({ to }) => to),
  column('用户数', 'customers served', 'count', ({ customersServed }) => customersServed),
  column('系统平均停电时间（分）', 'SAIDI (min)', 'minutes', ({ saidiMinutes }) => saidiMinutes),
  column('系统平均停电频率', 'SAIFI', 'ratio', ({ saifi }) => saifi),
  column('平均停电持续时间（分）', 'CAIDI (min)', 'minutes', ({ caidiMinutes }) => caidiMinutes),
  column('系统平均短时停电频率', 'MAIFI', 'ratio', ({ maifi }) => maifi),
  column('平均供电可靠率', 'ASAI', 'finePercent', ({ asai }) => asai),
  column('多次停电用户比', 'CEMI', 'percent', ({ cemi }) => cemi),
  column('长时间停电用户比', 'CELID', 'percent', ({ celid8 }) => celid8),
  column('重大事件日', 'major event days', 'count', ({ majorEventDays }) => majorEventDays),
  column(
    '停电时间，不计重大事件日（分）',
    'SAIDI without major event days (min)',
    'minutes',
    (row) => row.withoutMajorEventDays.saidiMinutes,
  ),
  column(
    '停电频率，不计重大事件日',
    'SAIFI without major event days',
    'ratio',
    (row) => row.withoutMajorEventDays.saifi,
  ),
  column(
    '平均停电持续时间，不计重大事件日（分）',
    'CAIDI without major event days (min)',
    'minutes',
    (row) => row.withoutMajorEventDays.caidiMinutes,
  ),
  column('故障停电时间（分）', 'SAIDI, faults (min)', 'minutes', ({ fault }) => fault.saidiMinutes),
  column('故障停电频率', 'SAIFI, faults', 'ratio', ({ fault }) => fault.saifi),
  column('预安排停电时间（分）', 'SAIDI, prearranged (min)', 'minutes', ({ planned }) => planned.saidiMinutes),
  column('预安排停电频率', 'SAIFI, prearranged', 'ratio', ({ planned }) => planned.saifi),
  column('未恢复户次', 'interruptions not over', 'count', ({ openInterruptions }) => openInterruptions),
  column('供电状态未知（分/户）', 'supply unknown (min per customer)', 'minutes', ({ unknown }) => unknown.minutes),
  column(
    '停电时间，未知计入（分）',
    'SAIDI, unknown as lost (min)',
    'minutes',
    ({ unknown }) => unknown.saidiMinutes?.max ?? null,
  ),
  column(
    '停电频率，未知计入，下限',
    'SAIFI, unknown as lost, least',
    'ratio',
    ({ unknown }) => unknown.saifi?.min ?? null,
  ),
  column(
    '停电频率，未知计入，上限',
    'SAIFI, unknown as lost, most',
    'ratio',
    ({ unknown }) => unknown.saifi?.max ?? null,
  ),
  column('可靠率，未知计入', 'ASAI, unknown as lost', 'finePercent', ({ unknown }) => unknown.asai?.min ?? null),
  column(
    '多次停电用户比，未知计入，下限',
    'CEMI, unknown as lost, least',
    'percent',
    ({ unknown }) => unknown.cemi?.min ?? null,
  ),
  column(
    '多次停电用户比，未知计入，上限',
    'CEMI, unknown as lost, most',
    'percent',
    ({ unknown }) => unknown.cemi?.max ?? null,
  ),
  column(
    '长时间停电用户比，未知计入，下限',
    'CELID, unknown as lost, least',
    'percent',
    ({ unknown }) => unknown.celid8?.min ?? null,
  ),
  column(
    '长时间停电用户比，未知计入，上限',
    'CELID, unknown as lost, most',
    'percent',
    ({ unknown }) => unknown.celid8?.max ?? null,
  ),
  column('无终端用户数', 'customers without a terminal', 'count', ({ customersUnwatched }) => customersUnwatched),
];
