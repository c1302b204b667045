import { Alert } from 'antd';
import { ProblemError } from '../data/client.js';
import { useLanguage, useTexts } from '../data/language.js';
import { readableInstants } from '../model/instants.js';

/** Why something was not done: the rule in the reader's language and where it is written; else the sentence of the service. */
export function Refusal({ error }: { error: Error | null }) {
  const texts = useTexts();
  const isEnglish = useLanguage() === 'en';
  if (error === null) return null;
  const rules = error instanceof ProblemError ? error.rules : [];
  if (rules.length === 0) return <Alert type="error" showIcon title={error.message} />;
  return (
    <Alert
      type="error"
      showIcon
      title={readableInstants(rules.map(({ zh, en }) => (isEnglish ? en : zh)).join(isEnglish ? '; ' : '；'))}
      description={
        <span className="faint">
          {texts.warning.source}: {[...new Set(rules.map(({ source }) => source))].join('; ')}
        </span>
      }
    />
  );
}
