/**
 * Which rows of a live list are new on the screen. The first list is all known; later ids are fresh until `keepMs` have passed.
 */
export interface Freshness {
  /** False until the first list, be it empty, has been seen. */
  begun: boolean;
  /** Id -> when it was first seen; null stands for "was there from the start". */
  firstSeen: ReadonlyMap<number, number | null>;
}

export const NOTHING_SEEN: Freshness = { begun: false, firstSeen: new Map() };

export function see(state: Freshness, ids: readonly number[], now: number): Freshness {
  if (state.begun && ids.every((id) => state.firstSeen.has(id))) return state;
  const firstSeen = new Map(state.firstSeen);
  for (const id of ids) if (!firstSeen.has(id)) firstSeen.set(id, state.begun ? now : null);
  return { begun: true, firstSeen };
}

export function isFresh(state: Freshness, id: number, now: number, keepMs = 15_000): boolean {
  const seen = state.firstSeen.get(id);
  return seen !== undefined && seen !== null && now - seen < keepMs;
}
