import { useLanguage, useWords } from '../../data/language.js';
import { areaSettingsOf, unitOf, valueText } from '../../model/policy-settings.js';
import { POLICY_TEXTS } from '../../model/policy-texts.js';
import { sectionWords, settingWords } from '../../model/policy-words.js';

/** What holds in single areas only, beside what holds elsewhere. */
export function AreaTable({ policy }: { policy: Readonly<Record<string, unknown>> }) {
  const texts = useWords(POLICY_TEXTS);
  const language = useLanguage();
  const settings = areaSettingsOf(policy);
  if (settings.length === 0) return <p className="faint policy-empty">{texts.noAreas}</p>;
  return (
    <table className="sheet">
      <thead>
        <tr>
          <th scope="col">{texts.area}</th>
          <th scope="col">{texts.setting}</th>
          <th scope="col" className="number">
            {texts.value}
          </th>
          <th scope="col" className="number">
            {texts.elsewhere}
          </th>
          <th scope="col">{texts.source}</th>
        </tr>
      </thead>
      <tbody>
        {settings.map(({ area, path, section, name, value, elsewhere, source }) => {
          const unit = unitOf(name);
          const unitText = unit === null ? '' : ` ${texts.units[unit]}`;
          return (
            <tr key={`${area} ${path}`} data-area={area}>
              <th scope="row">{area}</th>
              <td>
                {sectionWords(section, language)} · {settingWords(path, language)}
                <small>{path}</small>
              </td>
              <td className="number">{valueText(value, unit) + unitText}</td>
              <td className="number faint">{valueText(elsewhere, unit) + unitText}</td>
              <td className="policy-source">{source}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
