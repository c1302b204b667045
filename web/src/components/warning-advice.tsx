import type { ComputedAdvice, WarningDetail } from '../data/api-types.js';
import { useLanguage, useTexts } from '../data/language.js';

/** What to do: what was computed, each with its arithmetic to unfold; the general first steps until then. */
export function WarningAdvice({ warning }: { warning: WarningDetail }) {
  const texts = useTexts();
  if (warning.advice.length === 0) return null;
  return (
    <>
      <h3>{texts.warning.advice}</h3>
      <ul className="advice">
        {warning.advised.map((one) => (
          <Computed key={one.kind} advice={one} />
        ))}
        {warning.advice
          .filter((line) => warning.advised.every(({ text }) => text !== line))
          .map((line) => (
            <li key={line}>{line}</li>
          ))}
      </ul>
    </>
  );
}

const shown = (values: ComputedAdvice['arithmetic'][number]['values']): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} = ${value}`)
    .join('; ');

function Computed({ advice }: { advice: ComputedAdvice }) {
  const texts = useTexts();
  const isEnglish = useLanguage() === 'en';
  return (
    <li>
      {isEnglish ? advice.textEn : advice.text}
      <details className="arithmetic">
        <summary>{texts.warning.arithmetic}</summary>
        <table>
          <tbody>
            {advice.arithmetic.map((line) => (
              <tr key={line.step}>
                <th scope="row">
                  {isEnglish ? line.stepEn : line.step}
                  <small>{shown(line.values)}</small>
                </th>
                <td>{line.formula}</td>
                <td>{line.result}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <small>
          {texts.warning.source}: {advice.source}
        </small>
      </details>
    </li>
  );
}
