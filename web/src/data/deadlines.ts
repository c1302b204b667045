import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Deadline, DeadlineReceipt } from './api-types-promises.js';
import type { Page } from './client.js';
import { useApi } from './api-context.js';

const MOST = 200;

export interface DeadlineFilter {
  state?: Deadline['state'] | undefined;
  kind?: string | undefined;
  subjectType?: string | undefined;
  subjectId?: number | undefined;
}

/** Promises with an instant, the earliest first. */
export function useDeadlines(filter: DeadlineFilter) {
  const api = useApi();
  return useQuery({
    queryKey: ['deadlines', 'list', filter],
    queryFn: ({ signal }) => api.get<Page<Deadline>>('/deadlines', { ...filter, limit: MOST }, signal),
    select: ({ items }) => items,
  });
}

export function useReceipt(id: number) {
  const api = useApi();
  return useQuery({
    queryKey: ['deadlines', 'one', id],
    queryFn: ({ signal }) => api.get<DeadlineReceipt>(`/deadlines/${id}/receipt`, {}, signal),
  });
}

/** Why the clock of a promise is stopped, and what proves it. */
interface PauseGiven {
  reason: string;
  evidence: string;
}

export function usePause(id: number) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: PauseGiven) => api.post<DeadlineReceipt>(`/deadlines/${id}/pause`, given),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['deadlines'] }),
  });
}

export function useResume(id: number) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<DeadlineReceipt>(`/deadlines/${id}/resume`, {}),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['deadlines'] }),
  });
}
