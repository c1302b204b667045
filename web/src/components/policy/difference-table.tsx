import type { PolicyDifference } from '../../data/policy.js';
import { useLanguage, useWords } from '../../data/language.js';
import { unitOf, valueText } from '../../model/policy-settings.js';
import { POLICY_TEXTS } from '../../model/policy-texts.js';
import { sectionWords, settingWords } from '../../model/policy-words.js';

/** What changes from one version to another, setting by setting. */
export function DifferenceTable({ differences }: { differences: readonly PolicyDifference[] }) {
  const texts = useWords(POLICY_TEXTS);
  const language = useLanguage();
  if (differences.length === 0) return <p className="faint policy-empty">{texts.same}</p>;
  return (
    <table className="sheet" data-differences>
      <thead>
        <tr>
          <th scope="col">{texts.setting}</th>
          <th scope="col">{texts.before}</th>
          <th scope="col">{texts.after}</th>
        </tr>
      </thead>
      <tbody>
        {differences.map((one) => {
          const { area, path } = placeOf(one.path);
          const unit = unitOf(path);
          const sameValue = JSON.stringify(one.before) === JSON.stringify(one.after);
          return (
            <tr key={one.path} data-difference={one.path}>
              <th scope="row">
                {area !== null && `${area} · `}
                {sectionWords(path.split('.')[0] ?? '', language)} · {settingWords(path, language)}
                <small>{one.path}</small>
              </th>
              <td className="was">
                {one.before === null ? '—' : <del>{valueText(one.before, unit)}</del>}{' '}
                {unit !== null && one.before !== null && texts.units[unit]}
                <small>{one.sourceBefore}</small>
              </td>
              <td className="is">
                <ins>{valueText(one.after, unit)}</ins> {unit !== null && one.after !== null && texts.units[unit]}
                {sameValue && <span className="faint"> {texts.onlySource}</span>}
                <small>{one.sourceAfter}</small>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** `areas.north.voltage.lowV` is `voltage.lowV` of the area north. */
function placeOf(path: string): { area: string | null; path: string } {
  if (!path.startsWith('areas.')) return { area: null, path };
  const parts = path.split('.');
  return { area: parts[1] ?? '', path: parts.slice(2).join('.') };
}
