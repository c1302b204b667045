import { useSyncExternalStore } from 'react';
import { shownTheme, themeChoice } from '../model/theme-choice.js';
import type { ShownTheme, ThemeChoice } from '../model/theme-choice.js';

const STORED = 'lamplighter.theme';
const prefersLight = window.matchMedia('(prefers-color-scheme: light)');
const onPaper = window.matchMedia('print');
const listeners = new Set<() => void>();
/** Between `beforeprint` and `afterprint`; the change of the medium is told only after the browser has counted the sheets. */
let isBeingPrinted = false;
let choice = themeChoice(window.localStorage.getItem(STORED));

const isOnPaper = (): boolean => isBeingPrinted || onPaper.matches;
const shown = (): ShownTheme => shownTheme(choice, prefersLight.matches, isOnPaper());

function changed(): void {
  document.documentElement.dataset.theme = shown();
  for (const listener of listeners) listener();
}

/** Draws the page in the chosen colours and keeps them right when the system's preference or the medium changes. Once, before anything is drawn. */
export function applyTheme(): void {
  changed();
  prefersLight.addEventListener('change', changed);
  onPaper.addEventListener('change', changed);
  for (const moment of ['beforeprint', 'afterprint'] as const) {
    window.addEventListener(moment, () => {
      isBeingPrinted = moment === 'beforeprint';
      changed();
    });
  }
}

export function chooseTheme(chosen: ThemeChoice): void {
  choice = chosen;
  window.localStorage.setItem(STORED, chosen);
  changed();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useThemeChoice = (): ThemeChoice => useSyncExternalStore(subscribe, () => choice);
export const useShownTheme = (): ShownTheme => useSyncExternalStore(subscribe, shown);

/** True while the page is laid out for paper: lists then show all their rows, since nobody can turn pages there. */
export const usePrinting = (): boolean => useSyncExternalStore(subscribe, isOnPaper);
