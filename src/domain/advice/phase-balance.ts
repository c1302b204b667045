import type { Phase } from '../journal-entry.js';
import { PHASES } from './advice.js';
import type { ByPhase } from './advice.js';

export interface Move {
  from: Phase;
  to: Phase;
  amperes: number;
}

/** (Imax - Imin) / Imax, as operating rules define current unbalance of a transformer; 0 without load. */
export function unbalanceOf(currents: ByPhase<number>): number {
  const values = PHASES.map((phase) => currents[phase]);
  const most = Math.max(...values);
  return most <= 0 ? 0 : (most - Math.min(...values)) / most;
}

/** The moves, at most two, that bring all three phases to their mean: from the heaviest to the lightest, as much as neither passes the mean. */
export function balancePhases(currents: ByPhase<number>): { moves: Move[]; after: ByPhase<number> } {
  const after = { A: currents.A, B: currents.B, C: currents.C };
  const mean = (after.A + after.B + after.C) / 3;
  const moves: Move[] = [];
  for (let turn = 0; turn < 2; turn += 1) {
    const order = [...PHASES].sort((a, b) => after[b] - after[a]);
    const [from = 'A', , to = 'A'] = order;
    const amperes = Math.min(after[from] - mean, mean - after[to]);
    if (amperes < 1) break; // less than one ampere is no customer
    after[from] -= amperes;
    after[to] += amperes;
    moves.push({ from, to, amperes });
  }
  return { moves, after };
}
