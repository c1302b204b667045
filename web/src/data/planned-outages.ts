import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { PlannedNature, PlannedOutage } from './api-types-network.js';
import { useApi } from './api-context.js';
import { serviceNow } from './service-clock.js';

const MOST = 500;

/** Planned works that are not over yet, or all of them; the latest beginning first. */
export function usePlannedOutages(all: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: ['planned-outages', all],
    queryFn: ({ signal }) =>
      api.list<PlannedOutage>('/planned-outages', all ? {} : { from: serviceNow() }, MOST, signal),
  });
}

export interface PlannedOutageInput {
  externalId: string;
  assets: string[];
  /** Without a zone: the utility's wall clock. */
  startsAt: string;
  endsAt: string;
  nature: PlannedNature;
  reason: string;
}

export function useRegisterPlanned() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (planned: PlannedOutageInput) => api.post<PlannedOutage>('/planned-outages', planned),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['planned-outages'] }),
  });
}

export function useCancelPlanned() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete<PlannedOutage>(`/planned-outages/${id}`),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['planned-outages'] }),
  });
}
