/** What a person wants; `system` follows the browser's preference. */
export type ThemeChoice = 'system' | 'light' | 'dark';
export type ShownTheme = 'light' | 'dark';

const ORDER: readonly ThemeChoice[] = ['system', 'light', 'dark'];

export const themeChoice = (stored: string | null): ThemeChoice =>
  ORDER.find((choice) => choice === stored) ?? 'system';

export const nextTheme = (choice: ThemeChoice): ThemeChoice => ORDER[(ORDER.indexOf(choice) + 1) % 3] ?? 'system';

/** Paper is always light. */
export function shownTheme(choice: ThemeChoice, systemIsLight: boolean, onPaper: boolean): ShownTheme {
  if (onPaper) return 'light';
  if (choice !== 'system') return choice;
  return systemIsLight ? 'light' : 'dark';
}
