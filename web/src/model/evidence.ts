/** One line of evidence as a person reads it. */
export interface EvidenceLine {
  name: string;
  value: string;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** Flattens free-form evidence to lines: nested names are joined with a dot, lists of plain values with commas. */
export function evidenceLines(evidence: Readonly<Record<string, unknown>>, prefix = ''): EvidenceLine[] {
  return Object.entries(evidence).flatMap(([key, value]) => {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (isRecord(value)) return evidenceLines(value, name);
    if (Array.isArray(value) && value.some(isRecord))
      return value.flatMap((part, index) =>
        isRecord(part) ? evidenceLines(part, `${name}[${index + 1}]`) : [{ name, value: plain(part) }],
      );
    return [{ name, value: Array.isArray(value) ? value.map(plain).join(', ') : plain(value) }];
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function plain(value: unknown): string {
  if (value === null || value === undefined) return '—';
  if (typeof value === 'number')
    return Number.isInteger(value) ? String(value) : String(Math.round(value * 1000) / 1000);
  if (typeof value === 'string') return INSTANT.test(value) ? value.slice(0, 19).replace('T', ' ') : value;
  return typeof value === 'boolean' ? (value ? '✓' : '✗') : JSON.stringify(value);
}
