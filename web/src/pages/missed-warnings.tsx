import { Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import { Panel, QueryError } from '../components/panel.js';
import { firstAsk, ReportForm } from '../components/reports/report-form.js';
import { ReportHead } from '../components/reports/report-frame.js';
import { ShareCell } from '../components/reports/share-cell.js';
import { WorkbookButton } from '../components/reports/workbook-button.js';
import { MISSED_REASONS, useMissedCases, useMissedReport } from '../data/complaint-reports.js';
import type { MissedReason, MissedRow } from '../data/complaint-reports.js';
import { useLanguage, useTexts, useWords } from '../data/language.js';
import type { ReportAsk } from '../data/reports.js';
import { COMPLAINT_REPORT_TEXTS } from '../model/complaint-report-texts.js';
import { shortInstant } from '../model/instants.js';
import { REPORT_TEXTS } from '../model/report-texts.js';

const CHOICES = ['none', 'area', 'category', 'month'] as const;

/** Complaints that no warning came before, with the reasons, down to the single complaint. */
export function MissedWarningsPage() {
  const frame = useTexts();
  const words = useWords(REPORT_TEXTS);
  const texts = useWords(COMPLAINT_REPORT_TEXTS);
  const [begin] = useState(() => firstAsk());
  const [asked, setAsked] = useState(begin);
  const query = useMissedReport(asked.ask);
  const report = query.data;
  return (
    <>
      <ReportForm begin={begin} choices={CHOICES} sustained={[]} isBusy={query.isFetching} onAsk={setAsked} />
      <Panel
        title={<span className="not-printed">{texts.missed}</span>}
        query={query}
        extra={
          <div className="panel-tools">
            <WorkbookButton report="missed-warnings" ask={asked.ask} />
          </div>
        }
      >
        {report !== undefined && (
          <div className="report">
            <ReportHead title={texts.missed} asked={asked} policyVersion={report.policyVersion} />
            <div className="sheet-wide">
              <table className="sheet reliability-sheet">
                <thead>
                  <tr>
                    <th scope="col">{words.name}</th>
                    {[
                      texts.received,
                      texts.toWarnOf,
                      texts.inTime,
                      texts.missedCount,
                      ...MISSED_REASONS.map((reason) => texts.reason[reason]),
                    ].map((head) => (
                      <th key={head} scope="col" className="number">
                        {head}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {report.items.map((row) => (
                    <Row key={row.key} row={row} name={frame.category[row.key] ?? (row.name || row.key || '—')} />
                  ))}
                  <Row row={report.total} name={words.total} isTotal />
                </tbody>
              </table>
            </div>
            <Cases ask={asked.ask} />
          </div>
        )}
      </Panel>
    </>
  );
}

function Row({ row, name, isTotal = false }: { row: MissedRow; name: string; isTotal?: boolean }) {
  return (
    <tr data-report-row={isTotal ? 'total' : row.key} className={isTotal ? 'sheet-total' : undefined}>
      <th scope="row">{name}</th>
      <td className="number">{row.complaints}</td>
      <td className="number">{row.toWarnOf}</td>
      <td className="number">{row.warnedInTime}</td>
      <ShareCell share={row.missedShare}>{row.missed}</ShareCell>
      {MISSED_REASONS.map((reason) => (
        <td key={reason} className="number">
          {row.reasons[reason]}
        </td>
      ))}
    </tr>
  );
}

function Cases({ ask }: { ask: ReportAsk }) {
  const frame = useTexts();
  const isEnglish = useLanguage() === 'en';
  const texts = useWords(COMPLAINT_REPORT_TEXTS);
  const [reason, setReason] = useState<MissedReason | 'every'>('every');
  const { data: cases, error, refetch } = useMissedCases(ask, reason === 'every' ? null : reason);
  return (
    <section>
      <div className="panel-head">
        <h3>{texts.cases}</h3>
        <Segmented<MissedReason | 'every'>
          size="small"
          className="not-printed"
          value={reason}
          onChange={setReason}
          options={[
            { value: 'every', label: texts.everyReason },
            ...MISSED_REASONS.map((value) => ({ value, label: texts.reason[value] })),
          ]}
        />
      </div>
      <QueryError error={error} onRetry={() => refetch()} />
      {cases === undefined && error === null && <Skeleton active className="panel-loading" />}
      {cases?.length === 0 && <p className="faint panel-note">{texts.noCases}</p>}
      {cases !== undefined && cases.length > 0 && (
        <table className="sheet">
          <thead>
            <tr>
              {[texts.at, texts.category, texts.where, texts.why, texts.text].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cases.map((one) => (
              <tr key={one.complaintId} data-missed={one.externalId}>
                <td className="figure">{shortInstant(one.receivedAt, null)}</td>
                <td>{frame.category[one.category] ?? one.category}</td>
                <td>
                  {one.area} {one.transformerCode} {one.accountNo}
                </td>
                <td>{texts.reason[one.reason]}</td>
                <td>{isEnglish ? one.textEn : one.text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
