import { Modal } from 'antd';
import { useRef, useState } from 'react';
import type { InputError } from '../../data/client.js';
import { useWords } from '../../data/language.js';
import { POLICY_TEXTS } from '../../model/policy-texts.js';
import { lineInMessage, lineOfPath } from '../../model/yaml-place.js';
import { ChangeEnd } from './change-end.js';

const BEGINNING = 'extends: current\n';

const placed = (text: string, { path, message }: InputError) => {
  const setting = path.replace(/^body\.text\.?/, '');
  return { setting, message, line: setting === '' ? lineInMessage(message) : lineOfPath(text, setting) };
};

/** Changes any number of settings at once, as text; what is refused is marked at its line. */
export function YamlForm({ onClose }: { onClose: () => void }) {
  const texts = useWords(POLICY_TEXTS);
  const [text, setText] = useState(BEGINNING);
  const [refused, setRefused] = useState<readonly InputError[]>([]);
  const field = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLOListElement>(null);
  const faults = refused.map((error) => placed(text, error));
  const lines = text.split('\n');

  const goToLine = (line: number): void => {
    const start = lines.slice(0, line).join('\n').length + (line === 0 ? 0 : 1);
    field.current?.focus();
    field.current?.setSelectionRange(start, start + (lines[line]?.length ?? 0));
  };
  return (
    <Modal open onCancel={onClose} title={texts.yaml} footer={null} width={860}>
      <p className="faint">{texts.yamlHint}</p>
      <div className="yaml">
        <ol ref={gutter} aria-hidden>
          {lines.map((_, line) => (
            // Lines have no other name than their number.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={line} className={faults.some((fault) => fault.line === line) ? 'yaml-fault' : undefined}>
              {line + 1}
            </li>
          ))}
        </ol>
        <textarea
          ref={field}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onScroll={({ currentTarget }) => gutter.current?.scrollTo({ top: currentTarget.scrollTop })}
          wrap="off"
          rows={14}
          spellCheck={false}
          aria-label="YAML"
        />
      </div>
      <ul className="yaml-faults" role="alert">
        {faults.map(({ setting, message, line }) => (
          <li key={`${setting} ${message}`}>
            {line !== null && (
              <button type="button" className="as-link" onClick={() => goToLine(line)}>
                {texts.line(line + 1)}
              </button>
            )}{' '}
            <code>{setting}</code> {message}
          </li>
        ))}
      </ul>
      <ChangeEnd text={text.trim() === '' ? null : text} onRefused={setRefused} onWritten={onClose} />
    </Modal>
  );
}
