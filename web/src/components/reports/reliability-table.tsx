import type { ReactNode } from 'react';
import { useWords } from '../../data/language.js';
import type { Band, ReliabilityReport, ReliabilityRow } from '../../data/reports.js';
import { bandText, fixed, percent } from '../../model/figures.js';
import { REPORT_TEXTS } from '../../model/report-texts.js';

const minutes = (value: number): string => value.toFixed(2);
const times = (value: number): string => value.toFixed(3);
const available = (value: number): string => percent(value, 4);
const share = (value: number): string => percent(value);

/** Every index of every row, each with what is unknown of it below. */
export function ReliabilityTable({ report }: { report: ReliabilityReport }) {
  const texts = useWords(REPORT_TEXTS);
  const heads: [string, string][] = [
    ['customers', texts.customers],
    ['saidi', texts.saidi],
    ['saifi', texts.saifi],
    ['caidi', texts.caidi],
    ['maifi', texts.maifi],
    ['asai', texts.asai],
    ['cemi', texts.cemi(report.cemiMoreThan)],
    ['celid', texts.celid],
    ['fault', `SAIDI ${texts.fault}`],
    ['planned', `SAIDI ${texts.plannedPart}`],
    ['med', texts.withoutMed],
    ['unknown', texts.unknownMinutes],
  ];
  return (
    <div className="sheet-wide">
      <table className="sheet reliability-sheet">
        <thead>
          <tr>
            <th scope="col">{texts.name}</th>
            {heads.map(([key, head]) => (
              <th key={key} scope="col" className="number">
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
      <p className="faint panel-note">{texts.unknownHint}</p>
    </div>
  );
}

function Row({ row, name, isTotal }: { row: ReliabilityRow; name: string; isTotal: boolean }) {
  const texts = useWords(REPORT_TEXTS);
  const { unknown } = row;
  return (
    <tr data-report-row={isTotal ? 'total' : row.key} className={isTotal ? 'sheet-total' : undefined}>
      <th scope="row">
        {name}
        {!isTotal && name !== row.key && <small>{row.key}</small>}
      </th>
      <td className="number">
        {row.customersServed}
        {row.customersUnwatched > 0 && (
          <small>
            {texts.unwatched} {row.customersUnwatched}
          </small>
        )}
        {row.openInterruptions > 0 && (
          <small>
            {texts.open} {row.openInterruptions}
          </small>
        )}
      </td>
      <Figure value={row.saidiMinutes} band={unknown.saidiMinutes} write={minutes} strong />
      <Figure value={row.saifi} band={unknown.saifi} write={times} strong />
      <Figure value={row.caidiMinutes} band={null} write={minutes} />
      <Figure value={row.maifi} band={null} write={times} />
      <Figure value={row.asai} band={unknown.asai} write={available} />
      <Figure value={row.cemi} band={unknown.cemi} write={share} />
      <Figure value={row.celid8} band={unknown.celid8} write={share} />
      <td className="number">{fixed(row.fault.saidiMinutes, 2)}</td>
      <td className="number">{fixed(row.planned.saidiMinutes, 2)}</td>
      <td className="number">
        {fixed(row.withoutMajorEventDays.saidiMinutes, 2)}
        {row.majorEventDays > 0 && (
          <small>
            {texts.med} {row.majorEventDays}
          </small>
        )}
      </td>
      <td className="number">{fixed(unknown.minutes, 1)}</td>
    </tr>
  );
}

interface FigureProps {
  value: number | null;
  band: Band;
  write: (value: number) => string;
  strong?: boolean;
}

function Figure({ value, band, write, strong = false }: FigureProps): ReactNode {
  const text = value === null ? '—' : write(value);
  const unknown = bandText(value, band, write);
  return (
    <td className="number">
      {strong ? <strong>{text}</strong> : text}
      {unknown !== '' && <small className="band">[{unknown}]</small>}
    </td>
  );
}
