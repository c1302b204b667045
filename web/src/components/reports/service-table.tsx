import { Skeleton } from 'antd';
import { useState } from 'react';
import { useWords } from '../../data/language.js';
import type { ReportAsk } from '../../data/reports.js';
import { RATES, useServiceCases } from '../../data/service-quality.js';
import type { Rate, ServiceCase, ServiceReport, ServiceRow } from '../../data/service-quality.js';
import { fixed } from '../../model/figures.js';
import { shortInstant } from '../../model/instants.js';
import { REPORT_TEXTS } from '../../model/report-texts.js';
import { SERVICE_TEXTS } from '../../model/service-texts.js';
import { QueryError } from '../panel.js';

/** One row each with its stars; a row opens the cases that it was made of. */
export function ServiceTable({ report, ask }: { report: ServiceReport; ask: ReportAsk }) {
  const texts = useWords(SERVICE_TEXTS);
  const words = useWords(REPORT_TEXTS);
  // `undefined` = no row is open; null is a row, too.
  const [opened, setOpened] = useState<string | null>();
  const rates = RATES.filter((name) => report.total[name].of > 0);
  const columns = rates.length + 4;
  return (
    <div className="sheet-wide">
      <table className="sheet reliability-sheet">
        <thead>
          <tr>
            <th scope="col">{texts.who[ask.by] ?? ask.by}</th>
            <th scope="col">{texts.stars}</th>
            <th scope="col" className="number">
              {texts.cases}
            </th>
            {rates.map((name) => (
              <th key={name} scope="col" className="number">
                {texts.rate[name]}
              </th>
            ))}
            <th scope="col" className="number">
              {texts.time}
            </th>
          </tr>
        </thead>
        {report.items.map((row) => {
          const isOpen = opened === row.key;
          return (
            <tbody key={row.key ?? ''} data-service-row={row.key ?? ''}>
              <tr
                className={isOpen ? 'openable chosen' : 'openable'}
                onClick={() => setOpened(isOpen ? undefined : row.key)}
              >
                <th scope="row">
                  <button type="button" className="as-link" aria-expanded={isOpen}>
                    {row.key ?? texts.nobody}
                  </button>
                </th>
                <Cells row={row} rates={rates} />
              </tr>
              {isOpen && (
                <tr>
                  <td colSpan={columns}>
                    <Cases ask={ask} of={row.key} />
                  </td>
                </tr>
              )}
            </tbody>
          );
        })}
        <tbody>
          <tr className="sheet-total" data-service-row="total">
            <th scope="row">{words.total}</th>
            <Cells row={report.total} rates={rates} />
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function Cells({ row, rates }: { row: ServiceRow; rates: readonly (typeof RATES)[number][] }) {
  const texts = useWords(SERVICE_TEXTS);
  return (
    <>
      <Stars rating={row.rating} />
      <td className="number">{row.cases}</td>
      {rates.map((name) => (
        <td key={name} className="number">
          <Share rate={row[name]} />
          {name === 'satisfied' && row.notReached > 0 && <small>{texts.notReached(row.notReached)}</small>}
        </td>
      ))}
      <td className="number">
        {fixed(row.actualMinutes, 0)} / {fixed(row.expectedMinutes, 0)}
      </td>
    </>
  );
}

function Stars({ rating: { stars, score, parts } }: Pick<ServiceRow, 'rating'>) {
  const texts = useWords(SERVICE_TEXTS);
  if (stars === null || score === null) return <td className="faint">{texts.unrated}</td>;
  return (
    <td>
      <span className="stars" aria-label={`${stars} / 5`}>
        {'★'.repeat(stars)}
        <span className="faint">{'☆'.repeat(5 - stars)}</span>
      </span>{' '}
      <span className="figure">{score.toFixed(1)}</span>
      <small>
        {parts
          .map(({ part, value, weight }) => `${texts.part[part] ?? part} ${weight}×${value.toFixed(2)}`)
          .join(' + ')}
      </small>
    </td>
  );
}

function Share({ rate: { met, of } }: { rate: Rate }) {
  if (of === 0) return '—';
  return (
    <>
      {((100 * met) / of).toFixed(1)}%
      <small>
        {met}/{of}
      </small>
    </>
  );
}

function Cases({ ask, of }: { ask: ReportAsk; of: string | null }) {
  const texts = useWords(SERVICE_TEXTS);
  const { data: cases, error, refetch } = useServiceCases(ask, of);
  if (cases === undefined)
    return error === null ? <Skeleton active /> : <QueryError error={error} onRetry={() => refetch()} />;
  if (cases.length === 0) return <p className="faint">{texts.noCases}</p>;
  return (
    <table className="sheet" data-service-cases>
      <thead>
        <tr>
          <th scope="col">{texts.order}</th>
          <th scope="col">{texts.started}</th>
          <th scope="col">{texts.rate.dispatch}</th>
          <th scope="col">{texts.rate.arrivalPromise}</th>
          <th scope="col">{texts.rate.restoration}</th>
          <th scope="col">{texts.rate.callback}</th>
          <th scope="col" className="number">
            {texts.time}
          </th>
        </tr>
      </thead>
      <tbody>
        {cases.map((one) => (
          <Case key={`${one.orderId} ${one.startedAt}`} one={one} />
        ))}
      </tbody>
    </table>
  );
}

function Case({ one }: { one: ServiceCase }) {
  const texts = useWords(SERVICE_TEXTS);
  const leg = (at: string | null, onTime: boolean | null) => (
    <td className="figure">
      {shortInstant(at, null)}
      {onTime !== null && <small className={onTime ? 'done' : 'late'}>{onTime ? texts.onTime : texts.late}</small>}
    </td>
  );
  return (
    <tr data-case={one.orderId}>
      <th scope="row">
        #{one.orderId} {one.area}
        <small>
          {[one.crew, one.unit, one.agent].filter(Boolean).join(' · ')}
          {one.isFirstFix === false && ` · ${texts.notFixed}`}
        </small>
      </th>
      <td className="figure">{shortInstant(one.startedAt, null)}</td>
      {leg(one.dispatchedAt, one.onTime.dispatch)}
      {leg(one.arrivedAt, one.onTime.arrivalPromise)}
      {leg(one.restoredAt, one.onTime.restoration)}
      <td className="figure">
        {shortInstant(one.calledBackAt, null)}
        {one.outcome !== null && <small>{texts.outcome[one.outcome]}</small>}
      </td>
      <td className="number">
        {fixed(one.actualMinutes, 0)} / {fixed(one.expected?.minutes ?? null, 0)}
      </td>
    </tr>
  );
}
