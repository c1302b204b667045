import { useSyncExternalStore } from 'react';

/** The console's screens by address. */
export const SCREENS = {
  '/': 'board',
  '/network': 'network',
  '/planned': 'planned',
  '/complaints': 'complaints',
  '/reconnections': 'reconnections',
  '/cuts': 'cuts',
  '/arrears': 'arrears',
  '/call-list': 'callList',
  '/repairs': 'repairs',
  '/supervision': 'supervision',
  '/deadlines': 'deadlines',
  '/reliability': 'reliability',
  '/voltage': 'voltage',
  '/service': 'service',
  '/complaint-report': 'complaintReport',
  '/missed-warnings': 'missedWarnings',
  '/consumption': 'consumption',
  '/policy': 'policy',
  '/rejected': 'rejected',
} as const;
export type Address = keyof typeof SCREENS;
/** The frame's links. Screens of one group share a link, and have links of their own below it. */
export const GROUPS = {
  board: ['/'],
  network: ['/network'],
  planned: ['/planned'],
  complaints: ['/complaints'],
  promises: ['/reconnections', '/cuts', '/arrears', '/call-list', '/repairs', '/supervision', '/deadlines'],
  reports: ['/reliability', '/voltage', '/service', '/complaint-report', '/missed-warnings', '/consumption'],
  policy: ['/policy'],
  rejected: ['/rejected'],
} as const satisfies Record<string, readonly Address[]>;
export type Group = keyof typeof GROUPS;
export type Screen = (typeof SCREENS)[keyof typeof SCREENS];
/** What the address says beside the screen: what is opened over it (`?outage=12`), what is looked up in it (`?q=`). */
type Parameter = 'outage' | 'warning' | 'q';

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
  useSyncExternalStore(subscribe, () => SCREENS[window.location.pathname as Address] ?? 'board');

export const useParameter = (name: Parameter): string | null =>
  useSyncExternalStore(subscribe, () => new URLSearchParams(window.location.search).get(name));

/** The id of the outage or warning that is opened over the screen. */
export function useOpenedId(name: 'outage' | 'warning'): number | null {
  const given = Number(useParameter(name) ?? Number.NaN);
  return Number.isSafeInteger(given) ? given : null;
}

/** Goes to an address of the console, a screen's or one with parameters. */
export function goTo(address: string): void {
  window.history.pushState(null, '', address);
  for (const listener of listeners) listener();
}

/** Opens an outage or a warning over whatever screen there is; null closes. One at a time. */
export function openOver(name: 'outage' | 'warning', id: number | null): void {
  const parameters = new URLSearchParams(window.location.search);
  parameters.delete('outage');
  parameters.delete('warning');
  if (id !== null) parameters.set(name, String(id));
  const text = parameters.toString();
  goTo(window.location.pathname + (text === '' ? '' : `?${text}`));
}
