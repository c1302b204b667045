import type { CutFinding } from '../../data/api-types-promises.js';
import { useLanguage, useWords } from '../../data/language.js';
import { readableInstants } from '../../model/instants.js';
import { PROMISE_TEXTS } from '../../model/promise-texts.js';

/** What stands against a cut: what forbids it first, then the steps that are missing. */
export function FindingTable({ findings }: { findings: readonly Omit<CutFinding, 'path' | 'message'>[] }) {
  const texts = useWords(PROMISE_TEXTS).cut;
  const isEnglish = useLanguage() === 'en';
  const inOrder = findings.toSorted((a, b) => a.kind.localeCompare(b.kind));
  return (
    <table className="sheet finding-sheet">
      <thead>
        <tr>
          <th scope="col" aria-label={texts.missing} />
          <th scope="col">{texts.what}</th>
          <th scope="col">{texts.remedy}</th>
          <th scope="col">{texts.source}</th>
        </tr>
      </thead>
      <tbody>
        {inOrder.map(({ step, kind, zh, en, remedy, source }) => (
          <tr key={`${step} ${en}`} data-finding={step}>
            <th scope="row">
              <span className={`finding finding-${kind}`}>{texts[kind]}</span>
            </th>
            <td>
              <strong>{readableInstants(isEnglish ? en : zh)}</strong>
            </td>
            <td>{isEnglish ? remedy.en : remedy.zh}</td>
            <td className="faint">{source}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
