import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { touchedBy } from '../model/touched.js';
import type { Resource } from '../model/touched.js';
import { useApi } from './api-context.js';
import { followJournal } from './live.js';
import type { LiveState } from './live.js';
import { setServiceClock } from './service-clock.js';

/** A storm writes hundreds of entries a second; lists are read again at most once in this time. */
const REFRESH_MS = 1_000;

/** Keeps every list that is on the screen as new as the journal. One per page. */
export function useLive(): LiveState {
  const api = useApi();
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');

  useEffect(() => {
    const stop = new AbortController();
    const touched = new Set<Resource>();
    let timer: number | undefined;
    let refreshedAt = 0;

    const refresh = (): void => {
      timer = undefined;
      refreshedAt = Date.now();
      for (const resource of touched) void queries.invalidateQueries({ queryKey: [resource] });
      touched.clear();
    };
    const listener = {
      onState: setState,
      onClock: setServiceClock,
      onStartOver: () => void queries.invalidateQueries(),
      onEntry: (type: string) => {
        for (const resource of touchedBy(type)) touched.add(resource);
        timer ??= window.setTimeout(refresh, Math.max(0, refreshedAt + REFRESH_MS - Date.now()));
      },
    };
    void followJournal(api, listener, stop.signal);
    return () => {
      stop.abort();
      window.clearTimeout(timer);
    };
  }, [api, queries]);

  return state;
}
