import { useSyncExternalStore } from 'react';

/** The console's screens by address. */
export const SCREENS = { '/': 'board', '/complaints': 'complaints', '/reconnections': 'reconnections' } as const;
export type Screen = (typeof SCREENS)[keyof typeof SCREENS];

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

/** The screen of the present address; an address that names none is the board. */
export const useScreen = (): Screen =>
  useSyncExternalStore(subscribe, () => SCREENS[window.location.pathname as keyof typeof SCREENS] ?? 'board');

export function goTo(path: keyof typeof SCREENS): void {
  window.history.pushState(null, '', path);
  for (const listener of listeners) listener();
}
