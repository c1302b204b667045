import { useEffect, useReducer, useState } from 'react';
import { isFresh, NOTHING_SEEN, see } from '../model/fresh.js';

const KEEP_MS = 15_000;

/** Tells which rows came in while the screen was watched; undefined = the list is not there yet. */
export function useFresh(ids: readonly number[] | undefined): (id: number) => boolean {
  const [state, setState] = useState(NOTHING_SEEN);
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (ids !== undefined) setState((state) => see(state, ids, Date.now()));
  }, [ids]);
  useEffect(() => {
    const timer = window.setTimeout(drawAgain, KEEP_MS + 100);
    return () => window.clearTimeout(timer);
  }, [state]);
  return (id) => isFresh(state, id, Date.now(), KEEP_MS);
}
