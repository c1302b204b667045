import { useState } from 'react';
import { Panel } from '../components/panel.js';
import { firstAsk, ReportForm } from '../components/reports/report-form.js';
import { ReportHead } from '../components/reports/report-frame.js';
import { ShareCell } from '../components/reports/share-cell.js';
import { WorkbookButton } from '../components/reports/workbook-button.js';
import { useComplaintReport } from '../data/complaint-reports.js';
import type { ComplaintReportRow } from '../data/complaint-reports.js';
import { useTexts, useWords } from '../data/language.js';
import { COMPLAINT_REPORT_TEXTS } from '../model/complaint-report-texts.js';
import { REPORT_TEXTS } from '../model/report-texts.js';

const CHOICES = ['none', 'category', 'channel', 'area', 'month'] as const;

/** Complaints of a period: how many, traced to an event, contacted and answered in time, repeated. */
export function ComplaintReportPage() {
  const frame = useTexts();
  const words = useWords(REPORT_TEXTS);
  const texts = useWords(COMPLAINT_REPORT_TEXTS);
  const [begin] = useState(() => firstAsk('category'));
  const [asked, setAsked] = useState(begin);
  const query = useComplaintReport(asked.ask);
  const report = query.data;
  const nameOf = ({ key, name }: ComplaintReportRow): string =>
    frame.category[key] ?? frame.channel[key] ?? (name || key || '—');
  return (
    <>
      <ReportForm begin={begin} choices={CHOICES} sustained={[]} isBusy={query.isFetching} onAsk={setAsked} />
      <Panel
        title={<span className="not-printed">{texts.complaints}</span>}
        query={query}
        extra={
          <div className="panel-tools">
            <WorkbookButton report="complaints" ask={asked.ask} />
          </div>
        }
      >
        {report !== undefined && (
          <div className="report">
            <ReportHead title={texts.complaints} asked={asked} policyVersion={report.policyVersion} />
            <div className="sheet-wide">
              <table className="sheet reliability-sheet">
                <thead>
                  <tr>
                    <th scope="col">{words.name}</th>
                    {[texts.received, texts.open, texts.linked, texts.repeats, texts.contact, texts.answer].map(
                      (head) => (
                        <th key={head} scope="col" className="number">
                          {head}
                        </th>
                      ),
                    )}
                  </tr>
                </thead>
                <tbody>
                  {report.items.map((row) => (
                    <Row key={row.key} row={row} name={nameOf(row)} />
                  ))}
                  <Row row={report.total} name={words.total} isTotal />
                </tbody>
              </table>
            </div>
          </div>
        )}
      </Panel>
    </>
  );
}

function Row({ row, name, isTotal = false }: { row: ComplaintReportRow; name: string; isTotal?: boolean }) {
  return (
    <tr data-report-row={isTotal ? 'total' : row.key} className={isTotal ? 'sheet-total' : undefined}>
      <th scope="row">{name}</th>
      <td className="number">
        <strong>{row.complaints}</strong>
      </td>
      <td className="number">{row.open}</td>
      <ShareCell share={row.linkedShare}>{row.linked}</ShareCell>
      <ShareCell share={row.repeatShare}>{row.repeats}</ShareCell>
      <Kept kept={row.contact} />
      <Kept kept={row.answer} />
    </tr>
  );
}

function Kept({ kept: { onTime, late, waiting, onTimeShare } }: { kept: ComplaintReportRow['contact'] }) {
  const texts = useWords(COMPLAINT_REPORT_TEXTS);
  return (
    <ShareCell share={onTimeShare}>
      {onTime}/{onTime + late}
      {late > 0 && ` · ${texts.late(late)}`}
      {waiting > 0 && ` · ${texts.waiting(waiting)}`}
    </ShareCell>
  );
}
