import type { Severity } from '../data/api-types.js';
import { useTexts } from '../data/language.js';

/** Colour and word: nobody must tell severities apart by colour alone. */
export function SeverityTag({ severity }: { severity: Severity }) {
  return <span className={`severity severity-${severity}`}>{useTexts().severity[severity]}</span>;
}
