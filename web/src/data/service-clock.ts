import { useSyncExternalStore } from 'react';
import { offsetMinutesOf } from '../model/instants.js';

/**
 * The service's clock, seen from this browser: countdowns and "today" must not depend on the clock of a wall screen's computer.
 * One tick a second for the whole page; only the cells that show time draw themselves again.
 */
let aheadMs = 0;
let offsetMinutes = 480;
const listeners = new Set<() => void>();
let shown = Date.now();
let timer: number | undefined;

/** The service's time in epoch milliseconds, at this instant. */
export const serviceNow = (): number => Date.now() + aheadMs;
export const serviceOffsetMinutes = (): number => offsetMinutes;

/** Takes over the service's time from an instant that it has just written. */
export function setServiceClock(instant: string): void {
  const epochMs = Date.parse(instant);
  if (Number.isNaN(epochMs)) return;
  aheadMs = epochMs - Date.now();
  offsetMinutes = offsetMinutesOf(instant);
  tick();
}

function tick(): void {
  shown = serviceNow();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(tick, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}

/** The service's time in epoch milliseconds, moving once a second. */
export const useServiceNow = (): number => useSyncExternalStore(subscribe, () => shown);
