import { Button, Input } from 'antd';
import { useMemo, useState } from 'react';
import type { Policy } from '../../data/policy.js';
import { useLanguage, useWords } from '../../data/language.js';
import { settingsOf, unitOf, valueText } from '../../model/policy-settings.js';
import type { Setting } from '../../model/policy-settings.js';
import { POLICY_TEXTS } from '../../model/policy-texts.js';
import { inKnownOrder, sectionWords, settingWords } from '../../model/policy-words.js';

interface PolicyTableProps {
  policy: Policy;
  /** Null where nothing may be changed: a version that is not in force. */
  onEdit: ((setting: Setting) => void) | null;
}

/** Every number and rule of one version by section, with unit and source. */
export function PolicyTable({ policy, onEdit }: PolicyTableProps) {
  const texts = useWords(POLICY_TEXTS);
  const language = useLanguage();
  const [sought, setSought] = useState('');
  const sections = useMemo(() => {
    const wanted = sought.trim().toLowerCase();
    const shown = inKnownOrder(settingsOf(policy.policy)).filter(({ path, section, source }) =>
      [path, source, settingWords(path, language), sectionWords(section, language)].some((text) =>
        text.toLowerCase().includes(wanted),
      ),
    );
    return [...new Set(shown.map(({ section }) => section))].map((section) => ({
      section,
      settings: shown.filter((setting) => setting.section === section),
    }));
  }, [policy.policy, sought, language]);
  return (
    <>
      <Input
        allowClear
        className="policy-find not-printed"
        value={sought}
        onChange={(event) => setSought(event.target.value)}
        placeholder={texts.find}
        aria-label={texts.find}
      />
      {sections.length === 0 && <p className="faint policy-empty">{texts.nothingFound}</p>}
      {sections.map(({ section, settings }) => (
        <table key={section} className="sheet policy-section" data-section={section}>
          <caption>{sectionWords(section, language)}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.setting}</th>
              <th scope="col" className="number">
                {texts.value}
              </th>
              <th scope="col">{texts.unit}</th>
              <th scope="col">{texts.source}</th>
              {onEdit !== null && <th scope="col" className="not-printed" aria-label={texts.edit} />}
            </tr>
          </thead>
          <tbody>
            {settings.map((setting) => (
              <Row key={setting.path} setting={setting} onEdit={onEdit} />
            ))}
          </tbody>
        </table>
      ))}
    </>
  );
}

function Row({ setting, onEdit }: { setting: Setting; onEdit: PolicyTableProps['onEdit'] }) {
  const texts = useWords(POLICY_TEXTS);
  const language = useLanguage();
  const unit = unitOf(setting.name);
  return (
    <tr data-setting={setting.path}>
      <th scope="row">
        {settingWords(setting.path, language)}
        <small>{setting.path}</small>
      </th>
      <td className="number">{valueText(setting.value, unit)}</td>
      <td>{unit === null ? '' : texts.units[unit]}</td>
      <td className="policy-source">{setting.source}</td>
      {onEdit !== null && (
        <td className="not-printed">
          <Button size="small" type="link" onClick={() => onEdit(setting)}>
            {texts.edit}
          </Button>
        </td>
      )}
    </tr>
  );
}
