import { keyInHash } from '../model/session-key.js';

const STORED = 'lamplighter.key';
const LANGUAGE = 'lamplighter.language';

/** The key lives as long as the tab: a control room's screen is not a place for permanent secrets. */
export const session = {
  /** Takes a key out of the address at once, so that it stands in no history and on no screen; else the tab's key. */
  open(): string | null {
    const given = keyInHash(window.location.hash);
    if (given !== null) {
      window.sessionStorage.setItem(STORED, given);
      window.history.replaceState(null, '', window.location.pathname + window.location.search);
    }
    return window.sessionStorage.getItem(STORED);
  },
  keep(key: string): void {
    window.sessionStorage.setItem(STORED, key);
  },
  forget(): void {
    window.sessionStorage.removeItem(STORED);
  },
  language(): string | null {
    return window.localStorage.getItem(LANGUAGE);
  },
  keepLanguage(language: string): void {
    window.localStorage.setItem(LANGUAGE, language);
  },
};
