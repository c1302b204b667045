/** What the dispatcher wants to see; empty lists mean everything. */
export interface BoardFilter {
  areas: readonly string[];
  kinds: readonly string[];
  severities: readonly string[];
}

export const NO_FILTER: BoardFilter = { areas: [], kinds: [], severities: [] };

const SEVERITY_ORDER = ['critical', 'major', 'minor', 'info'];

const wanted = (chosen: readonly string[], value: string): boolean => chosen.length === 0 || chosen.includes(value);

interface OutageLike {
  id: number;
  startedAt: string;
  rootAsset: { area: string };
}

/** Outages of the chosen areas, the longest first: they are nearest to the limit. */
export function outagesShown<Item extends OutageLike>(outages: readonly Item[], filter: BoardFilter): Item[] {
  return outages
    .filter((outage) => wanted(filter.areas, outage.rootAsset.area))
    .sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt) || a.id - b.id);
}

interface WarningLike {
  id: number;
  kind: string;
  severity: string;
  status: string;
  happenedAt: string;
  dueAt: string | null;
  subject: { area: string };
}

/** Warnings that pass the filter: not acknowledged first, then by severity, then by what is due first, then the newest. */
export function warningsShown<Item extends WarningLike>(warnings: readonly Item[], filter: BoardFilter): Item[] {
  const rank = (warning: Item): number[] => [
    warning.status === 'open' ? 0 : 1,
    SEVERITY_ORDER.indexOf(warning.severity),
    warning.dueAt === null ? Infinity : Date.parse(warning.dueAt),
    -Date.parse(warning.happenedAt),
    -warning.id,
  ];
  return warnings
    .filter(
      (warning) =>
        wanted(filter.areas, warning.subject.area) &&
        wanted(filter.kinds, warning.kind) &&
        wanted(filter.severities, warning.severity),
    )
    .map((warning) => ({ warning, key: rank(warning) }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ warning }) => warning);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i += 1) {
    const [left = 0, right = 0] = [a[i], b[i]];
    if (left !== right) return left < right ? -1 : 1; // no subtraction: Infinity - Infinity is no number
  }
  return 0;
}

/** The distinct values that a filter offers, in reading order. */
export const choices = (values: readonly string[]): string[] =>
  [...new Set(values.filter((value) => value !== ''))].sort((a, b) => a.localeCompare(b, 'zh-CN'));
