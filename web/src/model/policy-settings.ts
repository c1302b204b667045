/** One number or rule of the policy as written, with where it comes from. */
export interface Setting {
  /** `voltage.lowV` */
  path: string;
  section: string;
  name: string;
  value: unknown;
  source: string;
}

/** A setting of one area that differs from the whole utility's. */
export interface AreaSetting extends Setting {
  area: string;
  /** The value that holds elsewhere; undefined = there is none. */
  elsewhere: unknown;
}

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
const isLeaf = (value: unknown): value is { value: unknown; source: unknown } =>
  isTree(value) && 'value' in value && 'source' in value;

/** The settings of the whole utility, in the order in which they were written. */
export function settingsOf(policy: Tree): Setting[] {
  const { areas: _, ...whole } = policy;
  return leavesOf(whole, []);
}

export function areaSettingsOf(policy: Tree): AreaSetting[] {
  const elsewhere = new Map(settingsOf(policy).map(({ path, value }) => [path, value]));
  return Object.entries(isTree(policy.areas) ? policy.areas : {}).flatMap(([area, tree]) =>
    leavesOf(tree, []).map((setting) => ({ ...setting, area, elsewhere: elsewhere.get(setting.path) })),
  );
}

function leavesOf(tree: unknown, parents: readonly string[]): Setting[] {
  if (isLeaf(tree)) {
    const [section = '', ...rest] = parents;
    return [{ path: parents.join('.'), section, name: rest.join('.'), value: tree.value, source: String(tree.source) }];
  }
  return isTree(tree) ? Object.entries(tree).flatMap(([key, value]) => leavesOf(value, [...parents, key])) : [];
}

/** What a number of a setting counts, as its name says. */
export type Unit =
  'V' | 'share' | 'seconds' | 'minutes' | 'hours' | 'days' | 'months' | 'years' | 'customers' | 'clock';

const UNITS: readonly (readonly [name: RegExp, unit: Unit])[] = [
  [/V$/, 'V'],
  [/(Share|Shares|Tolerance)$/, 'share'],
  [/seconds$/i, 'seconds'],
  [/minutes(PerDay)?$/i, 'minutes'],
  [/hours$/i, 'hours'],
  [/days$/i, 'days'],
  [/months$/i, 'months'],
  [/years$/i, 'years'],
  [/customers$/i, 'customers'],
  [/(From|To)Hour$/, 'clock'],
];

/** Null where the name tells none: a count, a word, a list of rules. Of a nested setting (`arrivalMinutes.urban`) any part may tell it. */
export const unitOf = (name: string): Unit | null =>
  UNITS.find(([pattern]) => name.split('.').some((part) => pattern.test(part)))?.[1] ?? null;

/** A value as people read it: shares in percent, lists with commas, rules as their parts. The unit is written beside it. */
export function valueText(value: unknown, unit: Unit | null): string {
  if (value === null || value === undefined) return '—';
  if (typeof value === 'number') return unit === 'share' ? String(Math.round(value * 10_000) / 100) : String(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return '—';
    return value.map((part) => valueText(part, unit)).join(value.some(isTree) ? '; ' : ', ');
  }
  if (isTree(value))
    return Object.entries(value)
      .map(([key, part]) => `${key} ${valueText(part, unit)}`)
      .join(', ');
  if (typeof value === 'string') return value;
  return value === true ? '✓' : '✗';
}

/** A value as it is typed into a field, and read back: JSON, or a bare word. */
export const valueField = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
export function valueOfField(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.trim();
  }
}

/** The tree that changes one setting and leaves all others as they are. `area` empty = the whole utility. */
export function changeOf(area: string, path: string, value: unknown, source: string): Tree {
  const keys = [...(area === '' ? [] : ['areas', area]), ...path.split('.')];
  const tree = keys.reduceRight<Tree>((inner, key) => ({ [key]: inner }), { value, source });
  return { extends: 'current', ...tree };
}
