import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Notice } from './api-types.js';
import type { Page } from './client.js';
import { useApi } from './api-context.js';

/** The newest messages to customers. */
export function useRecentNotices(limit: number) {
  const api = useApi();
  return useQuery({
    queryKey: ['notices', limit],
    queryFn: ({ signal }) => api.get<Page<Notice>>('/notices', { limit }, signal),
    select: (page) => page.items,
  });
}

export const MOST_CALLS = 1_000;

/** Whom no message reaches: still to be phoned, or phoned already; the newest first. */
export function useCallList(isCalled: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: ['notices', 'calls', isCalled],
    queryFn: ({ signal }) => {
      const asked = { channel: 'call_list', state: isCalled ? 'delivered' : 'queued' };
      return api.list<Notice>('/notices', asked, MOST_CALLS, signal);
    },
  });
}

export function useCalled(id: number) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (note: string) => api.post<Notice>(`/notices/${id}/called`, { note }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['notices'] }),
  });
}
