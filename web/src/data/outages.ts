import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
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

export function useOutage(id: number | null) {
  const api = useApi();
  return useQuery({
    queryKey: ['outages', 'one', id],
    queryFn: ({ signal }) => api.get<Outage>(`/outages/${id ?? 0}`, {}, signal),
    enabled: id !== null,
  });
}

export interface OutageChange {
  id: number;
  cause: string;
  /** Without a zone: the utility's wall clock. */
  estimatedRestorationAt: string | null;
}

export function useOutageChange() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: OutageChange) => api.patch<Outage>(`/outages/${id}`, change),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['outages'] }),
  });
}
