import { Empty } from 'antd';
import { useMemo, useState } from 'react';
import { ExportButton } from '../components/export-button.js';
import { Panel } from '../components/panel.js';
import { BarChart } from '../components/reports/bar-chart.js';
import type { Bar } from '../components/reports/bar-chart.js';
import { PublishedReports } from '../components/reports/published-reports.js';
import { PublishForm } from '../components/reports/publish-form.js';
import { ReliabilityTable } from '../components/reports/reliability-table.js';
import { firstAsk, ReportForm } from '../components/reports/report-form.js';
import { ReportHead } from '../components/reports/report-frame.js';
import { WorkbookButton } from '../components/reports/workbook-button.js';
import { useWords } from '../data/language.js';
import { useReliabilityReport } from '../data/reports.js';
import type { ReliabilityReport, ReliabilityRow } from '../data/reports.js';
import { bandText, fixed } from '../model/figures.js';
import { RELIABILITY_COLUMNS } from '../model/report-columns.js';
import { REPORT_TEXTS } from '../model/report-texts.js';

const DRAWN = 20;
const CHOICES = ['none', 'area', 'feeder', 'transformer', 'month'] as const;

/** SAIDI, SAIFI and their kin of a period, each with what is unknown of it. */
export function ReliabilityPage() {
  const texts = useWords(REPORT_TEXTS);
  const [begin] = useState(() => firstAsk());
  const [asked, setAsked] = useState(begin);
  const query = useReliabilityReport(asked.ask);
  const report = query.data;
  return (
    <>
      <ReportForm begin={begin} choices={CHOICES} sustained={[3, 5]} isBusy={query.isFetching} onAsk={setAsked} />
      <Panel
        title={<span className="not-printed">{texts.reliability}</span>}
        query={query}
        extra={
          report !== undefined && (
            <div className="panel-tools">
              <WorkbookButton report="reliability" ask={asked.ask} />
              <ExportButton
                name="reliability"
                columns={RELIABILITY_COLUMNS}
                rows={[...report.items, { ...report.total, name: texts.total }]}
              />
            </div>
          )
        }
      >
        {report !== undefined && (
          <div className="report">
            <ReportHead
              title={texts.reliability}
              asked={asked}
              policyVersion={report.policyVersion}
              more={`${texts.sustained} ${texts.over(report.sustainedMinutes)}`}
            />
            {report.items.length > 0 && <Chart report={report} isByTime={asked.ask.by === 'month'} />}
            {report.items.length === 0 && asked.ask.by !== 'none' && (
              <Empty description={texts.none} image={Empty.PRESENTED_IMAGE_SIMPLE} />
            )}
            <ReliabilityTable report={report} />
            <MajorEvents days={report.majorEvents.days} />
            <PublishForm ask={asked.ask} />
          </div>
        )}
      </Panel>
      <div className="own-sheet">
        <PublishedReports />
      </div>
    </>
  );
}

/** Months in their order, all else by what customers went without. */
function Chart({ report, isByTime }: { report: ReliabilityReport; isByTime: boolean }) {
  const texts = useWords(REPORT_TEXTS);
  const bars = useMemo(() => {
    const rows = isByTime
      ? report.items
      : report.items.toSorted((a, b) => (b.saidiMinutes ?? 0) - (a.saidiMinutes ?? 0));
    return rows.slice(0, DRAWN).map(barOf);
  }, [report, isByTime]);
  const more = report.items.length > DRAWN ? ` · ${texts.mostShown(DRAWN)}` : '';
  return (
    <BarChart
      bars={bars}
      title={texts.chart + more}
      legend={[
        ['fault', texts.fault],
        ['planned', texts.plannedPart],
        ['unknown', texts.unknownPart],
      ]}
    />
  );
}

function barOf(row: ReliabilityRow): Bar {
  const band = row.unknown.saidiMinutes;
  const unknown = bandText(row.saidiMinutes, band, (value) => value.toFixed(1));
  return {
    key: row.key,
    name: row.name || row.key,
    parts: [
      { tone: 'fault', value: row.fault.saidiMinutes ?? 0 },
      { tone: 'planned', value: row.planned.saidiMinutes ?? 0 },
    ],
    text: fixed(row.saidiMinutes, 1) + (unknown === '' ? '' : ` [${unknown}]`),
    band,
  };
}

function MajorEvents({ days }: { days: ReliabilityReport['majorEvents']['days'] }) {
  const texts = useWords(REPORT_TEXTS);
  if (days.length === 0) return null;
  return (
    <section className="panel-note">
      <h3>{texts.med}</h3>
      <ul className="plain-list">
        {days.map(({ date, saidiMinutes, tMedMinutes }) => (
          <li key={date}>{texts.majorDay(date, saidiMinutes.toFixed(2), tMedMinutes.toFixed(2))}</li>
        ))}
      </ul>
    </section>
  );
}
