import { AutoComplete, Input, Modal } from 'antd';
import { useMemo, useState } from 'react';
import type { InputError } from '../../data/client.js';
import { useLanguage, useWords } from '../../data/language.js';
import { changeOf, unitOf, valueField, valueOfField } from '../../model/policy-settings.js';
import type { Setting } from '../../model/policy-settings.js';
import { POLICY_TEXTS } from '../../model/policy-texts.js';
import { settingWords } from '../../model/policy-words.js';
import { ChangeEnd, FieldError } from './change-end.js';

interface SettingFormProps {
  setting: Setting;
  /** Areas that differ already, to choose from. */
  areas: readonly string[];
  onClose: () => void;
}

/** Changes one setting, for the whole utility or for one area. */
export function SettingForm({ setting, areas, onClose }: SettingFormProps) {
  const texts = useWords(POLICY_TEXTS);
  const language = useLanguage();
  const [area, setArea] = useState('');
  const [value, setValue] = useState(valueField(setting.value));
  const [source, setSource] = useState('');
  const [errors, setErrors] = useState<readonly InputError[]>([]);
  const unit = unitOf(setting.name);
  // A new tree only when a field changed: what was checked is recognised by it.
  const text = useMemo(
    () =>
      value.trim() === '' || source.trim() === ''
        ? null
        : changeOf(area.trim(), setting.path, valueOfField(value), source.trim()),
    [area, setting.path, value, source],
  );
  return (
    <Modal
      open
      onCancel={onClose}
      title={texts.editTitle(settingWords(setting.path, language))}
      footer={null}
      width={640}
    >
      <p className="faint">
        <code>{setting.path}</code> · {valueField(setting.value)} · {setting.source}
      </p>
      <div className="change-end">
        <label className="field">
          <span>
            {texts.newValue}{' '}
            <small>
              {unit === null ? texts.valueHint : unit === 'share' ? '0 – 1 (= 0 – 100 %)' : texts.units[unit]}
            </small>
          </span>
          <Input.TextArea
            // Not autoSize: it measures with a style attribute, which the content policy refuses.
            rows={value.length > 60 ? 6 : 1}
            value={value}
            onChange={(event) => setValue(event.target.value)}
            status={errors.length > 0 ? 'error' : ''}
          />
          {errors.map(({ path, message }) => (
            <FieldError key={path} text={`${path.replace('body.text.', '')}: ${message}`} />
          ))}
        </label>
        <label className="field">
          {texts.source}
          <Input
            value={source}
            onChange={(event) => setSource(event.target.value)}
            placeholder={texts.sourceHint}
            maxLength={500}
          />
        </label>
        <label className="field">
          <span>
            {texts.area} <small>{texts.areaHint}</small>
          </span>
          <AutoComplete value={area} onChange={setArea} options={areas.map((name) => ({ value: name }))} />
        </label>
      </div>
      <ChangeEnd text={text} onRefused={setErrors} onWritten={onClose} />
    </Modal>
  );
}
