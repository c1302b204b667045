import { SECTIONS_ZH, SETTINGS_ZH, VARIANTS_ZH } from './policy-words-zh.js';

/** The name of a section of the policy. */
export const sectionWords = (section: string, language: string): string =>
  (language === 'zh-CN' ? SECTIONS_ZH[section] : undefined) ?? unfolded(section);

/** The name of a setting by its path: `voltage.lowV`. */
export function settingWords(path: string, language: string): string {
  const name = path.split('.').slice(1).join(' ');
  if (language !== 'zh-CN') return unfolded(name);
  const known = SETTINGS_ZH[path] ?? SETTINGS_ZH[name];
  if (known !== undefined) return known;
  const parent = SETTINGS_ZH[path.slice(0, path.lastIndexOf('.'))];
  const last = path.slice(path.lastIndexOf('.') + 1);
  return parent === undefined ? unfolded(name) : `${parent} · ${VARIANTS_ZH[last] ?? unfolded(last)}`;
}

/** `noticeMinDays` as words; the V of volts stays a capital. */
const unfolded = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .replace(/ v$/, ' (V)');

const ORDER = new Map([...Object.keys(SECTIONS_ZH), ...Object.keys(SETTINGS_ZH)].map((name, index) => [name, index]));
const rank = (name: string): number => ORDER.get(name) ?? Infinity;
const byRank = (a: string, b: string): number => (rank(a) === rank(b) ? 0 : rank(a) - rank(b));

/** Sections and settings as their names are listed, those without a name last: the database does not keep the order of the file. */
export const inKnownOrder = <Item extends { section: string; path: string }>(settings: readonly Item[]): Item[] =>
  settings.toSorted(
    (a, b) => byRank(a.section, b.section) || a.section.localeCompare(b.section) || byRank(a.path, b.path),
  );
