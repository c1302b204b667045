import { formatInstant } from '../instants.js';

/** `2026-11-21 19:18`, the utility's clock: as it is read on paper. */
export const minuteText = (epochMs: number): string => formatInstant(epochMs).slice(0, 16).replace('T', ' ');
