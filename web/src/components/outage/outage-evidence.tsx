import { useLanguage, useTexts } from '../../data/language.js';
import { evidenceLines } from '../../model/evidence.js';
import { evidenceWords } from '../../model/words.js';

/** Why the service takes it for an outage, and what it knows of its course; folded, for most of it stands above. */
export function OutageEvidence({ evidence }: { evidence: Readonly<Record<string, unknown>> }) {
  const texts = useTexts();
  const language = useLanguage();
  const lines = evidenceLines(evidence);
  if (lines.length === 0) return null;
  return (
    <details className="verdict">
      <summary>{texts.warning.evidence}</summary>
      <dl className="evidence">
        {lines.map(({ name, value }) => (
          <div key={name}>
            <dt>{evidenceWords(name, language)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
