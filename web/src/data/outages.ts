import { useQuery } from '@tanstack/react-query';
import type { Outage } from './api-types.js';
import { useApi } from './api-context.js';

/** More than this nobody can read; the counts at the top stay right. */
const MOST = 1_000;

/** Outages that are not over: suspected and confirmed. */
export function useOpenOutages() {
  const api = useApi();
  return useQuery({
    queryKey: ['outages', 'open'],
    queryFn: async ({ signal }) => {
      const lists = await Promise.all(
        (['confirmed', 'suspected'] as const).map((state) => api.list<Outage>('/outages', { state }, MOST, signal)),
      );
      return lists.flat();
    },
  });
}
