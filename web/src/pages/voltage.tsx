import { Empty } from 'antd';
import { useMemo, useState } from 'react';
import { ExportButton } from '../components/export-button.js';
import { Panel } from '../components/panel.js';
import { BarChart } from '../components/reports/bar-chart.js';
import type { Bar } from '../components/reports/bar-chart.js';
import { firstAsk, ReportForm } from '../components/reports/report-form.js';
import { ReportHead } from '../components/reports/report-frame.js';
import { WorkbookButton } from '../components/reports/workbook-button.js';
import { useWords } from '../data/language.js';
import { useVoltageReport } from '../data/reports.js';
import type { VoltageReport, VoltageRow } from '../data/reports.js';
import { fixed } from '../model/figures.js';
import { VOLTAGE_COLUMNS } from '../model/report-columns.js';
import { REPORT_TEXTS } from '../model/report-texts.js';

const DRAWN = 20;
const CHOICES = ['none', 'area', 'transformer', 'month'] as const;
const PHASES = ['A', 'B', 'C'] as const;

/** Voltage qualification rates of a period, from the readings. */
export function VoltagePage() {
  const texts = useWords(REPORT_TEXTS);
  const [begin] = useState(() => firstAsk());
  const [asked, setAsked] = useState(begin);
  const query = useVoltageReport(asked.ask);
  const report = query.data;
  return (
    <>
      <ReportForm begin={begin} choices={CHOICES} sustained={[]} isBusy={query.isFetching} onAsk={setAsked} />
      <Panel
        title={<span className="not-printed">{texts.voltage}</span>}
        query={query}
        extra={
          report !== undefined && (
            <div className="panel-tools">
              <WorkbookButton report="voltage" ask={asked.ask} />
              <ExportButton
                name="voltage"
                columns={VOLTAGE_COLUMNS}
                rows={[...report.items, { ...report.total, name: texts.total }]}
              />
            </div>
          )
        }
      >
        {report !== undefined && (
          <div className="report">
            <ReportHead title={texts.voltage} asked={asked} policyVersion={report.policyVersion} />
            {report.items.length > 0 && <Chart report={report} isByTime={asked.ask.by === 'month'} />}
            {report.items.length === 0 && asked.ask.by !== 'none' && (
              <Empty description={texts.none} image={Empty.PRESENTED_IMAGE_SIMPLE} />
            )}
            <VoltageTable report={report} />
          </div>
        )}
      </Panel>
    </>
  );
}

const outOfLimits = (row: VoltageRow): number => (row.ratePercent === null ? -1 : 100 - row.ratePercent);
const shareOf = (minutes: number, row: VoltageRow): number =>
  row.monitoredMinutes === 0 ? 0 : (minutes / row.monitoredMinutes) * 100;

function Chart({ report, isByTime }: { report: VoltageReport; isByTime: boolean }) {
  const texts = useWords(REPORT_TEXTS);
  const bars = useMemo(() => {
    const rows = isByTime ? report.items : report.items.toSorted((a, b) => outOfLimits(b) - outOfLimits(a));
    return rows.slice(0, DRAWN).map((row): Bar => ({
      key: row.key,
      name: row.name || row.key,
      parts: [
        { tone: 'high', value: shareOf(row.overMinutes, row) },
        { tone: 'low', value: shareOf(row.underMinutes, row) },
      ],
      text: row.ratePercent === null ? '—' : `${fixed(100 - row.ratePercent, 2)} %`,
      band: null,
    }));
  }, [report, isByTime]);
  const more = report.items.length > DRAWN ? ` · ${texts.mostShown(DRAWN)}` : '';
  return (
    <BarChart
      bars={bars}
      title={texts.voltageChart + more}
      legend={[
        ['high', texts.highPart],
        ['low', texts.lowPart],
      ]}
    />
  );
}

function VoltageTable({ report }: { report: VoltageReport }) {
  const texts = useWords(REPORT_TEXTS);
  return (
    <div className="sheet-wide">
      <table className="sheet">
        <thead>
          <tr>
            <th scope="col">{texts.name}</th>
            {[
              texts.rate,
              ...PHASES.map((phase) => texts.phase(phase)),
              texts.overHours,
              texts.underHours,
              texts.monitored,
            ].map((head) => (
              <th key={head} scope="col" className="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.items.map((row) => (
            <Row key={row.key} row={row} name={row.name || row.key} isTotal={false} />
          ))}
          <Row row={report.total} name={texts.total} isTotal />
        </tbody>
      </table>
    </div>
  );
}

const hours = (minutes: number): string => (minutes / 60).toFixed(1);
const rate = (value: number | null): string => (value === null ? '—' : `${value.toFixed(3)} %`);

function Row({ row, name, isTotal }: { row: VoltageRow; name: string; isTotal: boolean }) {
  return (
    <tr data-report-row={isTotal ? 'total' : row.key} className={isTotal ? 'sheet-total' : undefined}>
      <th scope="row">
        {name}
        {!isTotal && name !== row.key && <small>{row.key}</small>}
      </th>
      <td className="number">
        <strong>{rate(row.ratePercent)}</strong>
      </td>
      {PHASES.map((phase) => (
        <td key={phase} className="number">
          {rate(row.phases[phase].ratePercent)}
        </td>
      ))}
      <td className="number">{hours(row.overMinutes)}</td>
      <td className="number">{hours(row.underMinutes)}</td>
      <td className="number">{hours(row.monitoredMinutes)}</td>
    </tr>
  );
}
