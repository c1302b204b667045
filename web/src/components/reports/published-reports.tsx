import { Button, Empty } from 'antd';
import { useLanguage, useTexts, useWords } from '../../data/language.js';
import { useRestatements } from '../../data/restatements.js';
import type { Restatement } from '../../data/restatements.js';
import { openOver } from '../../data/route.js';
import { fixed } from '../../model/figures.js';
import { shortInstant, wallClock } from '../../model/instants.js';
import { REPORT_TEXTS } from '../../model/report-texts.js';
import { figureChanges, periodOf, signed } from '../../model/restatement.js';
import { RESTATEMENT_TEXTS } from '../../model/restatement-texts.js';
import { entryWords } from '../../model/words.js';
import { Panel } from '../panel.js';

/** A storm may change hundreds; those that weigh most are listed. */
const LISTED = 20;

/** What was published, the latest first; of what is known otherwise now, both figures and the outages that make the difference. */
export function PublishedReports() {
  const texts = useWords(RESTATEMENT_TEXTS);
  const query = useRestatements();
  const reports = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Panel
      title={texts.title}
      query={query}
      extra={
        <div className="panel-tools">
          <Button size="small" loading={query.isRefetching} onClick={() => void query.refetch()}>
            {texts.again}
          </Button>
        </div>
      }
    >
      {reports.length === 0 && <Empty description={texts.none} image={Empty.PRESENTED_IMAGE_SIMPLE} />}
      {reports.map((report) => (
        <Published key={report.id} report={report} />
      ))}
      {query.hasNextPage && (
        <p className="panel-note not-printed">
          <Button size="small" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {texts.older}
          </Button>
        </p>
      )}
    </Panel>
  );
}

function Published({ report }: { report: Restatement }) {
  const frame = useTexts();
  const words = useWords(REPORT_TEXTS);
  const texts = useWords(RESTATEMENT_TEXTS);
  const { date, time } = wallClock(report.publishedAt);
  const { published, known, isChanged } = report;
  const heads = [
    words.period(...periodOf(report)),
    report.area ?? words.everywhere,
    `${words.sustained} ${words.over(report.sustainedMinutes)}`,
    ...(report.nature === null ? [] : [frame.nature[report.nature]]),
    words.basis(report.policyVersion),
  ];
  return (
    <article className="published" data-published={report.id} data-changed={isChanged}>
      <header>
        <strong>{heads.join(' · ')}</strong>
        <span className={isChanged ? 'published-changed' : 'done'}>{isChanged ? texts.changed : texts.same}</span>
      </header>
      <p>
        <span className="faint figure">
          #{report.id} {texts.when} {date} {time.slice(0, 5)} {report.publishedBy}
        </span>{' '}
        {report.note}
      </p>
      {!isChanged && (
        <p className="figure">
          SAIDI {fixed(known.saidiMinutes, 2)} · SAIFI {fixed(known.saifi, 3)} · {words.customers}{' '}
          {published.customersServed}
        </p>
      )}
      {isChanged && <Changes report={report} />}
    </article>
  );
}

function Changes({ report }: { report: Restatement }) {
  const words = useWords(REPORT_TEXTS);
  const texts = useWords(RESTATEMENT_TEXTS);
  const changes = figureChanges(report, words);
  return (
    <div className="published-changes">
      {changes.length === 0 ? (
        <p>{texts.tiny}</p>
      ) : (
        <table className="sheet">
          <thead>
            <tr>
              <th scope="col">{texts.figure}</th>
              {[texts.before, texts.after, texts.difference].map((head) => (
                <th key={head} scope="col" className="number">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {changes.map(({ key, label, published, known, difference }) => (
              <tr key={key} data-figure={key}>
                <th scope="row">{label}</th>
                <td className="number">{published}</td>
                <td className="number">
                  <strong>{known}</strong>
                </td>
                <td className="number">{difference}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {report.outages.length === 0 ? <p>{texts.otherwise}</p> : <Outages outages={report.outages} />}
    </div>
  );
}

function Outages({ outages }: { outages: Restatement['outages'] }) {
  const texts = useWords(RESTATEMENT_TEXTS);
  const isEnglish = useLanguage() === 'en';
  const inOrder = outages.toSorted((a, b) => Math.abs(b.customerMinutes) - Math.abs(a.customerMinutes));
  return (
    <table className="sheet">
      <thead>
        <tr>
          <th scope="col">{texts.outage}</th>
          <th scope="col" className="number">
            {texts.minutes}
          </th>
          <th scope="col" className="number">
            {texts.interruptions}
          </th>
          <th scope="col">{texts.learnt}</th>
        </tr>
      </thead>
      <tbody>
        {inOrder.slice(0, LISTED).map(({ outageId, customerMinutes, customerInterruptions, revisions }) => (
          <tr key={outageId} data-restated-outage={outageId}>
            <th scope="row">
              <button type="button" className="as-link" onClick={() => openOver('outage', outageId)}>
                #{outageId}
              </button>
            </th>
            <td className="number">{signed(customerMinutes, (value) => value.toFixed(1))}</td>
            <td className="number">{signed(customerInterruptions, String)}</td>
            <td>
              {revisions.length === 0 && '—'}
              {revisions.map(({ journalId, type, knownAt, actor, why, whyZh }) => (
                <div key={journalId}>
                  <span className="faint figure">{shortInstant(knownAt, null)}</span>{' '}
                  {entryWords(type, isEnglish ? 'en' : 'zh-CN')}
                  {why !== '' && `: ${isEnglish ? why : whyZh}`}
                  {actor !== 'system' && <span className="faint"> · {actor}</span>}
                </div>
              ))}
            </td>
          </tr>
        ))}
        {outages.length > LISTED && (
          <tr>
            <td colSpan={4} className="faint">
              {texts.moreOutages(outages.length - LISTED)}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
