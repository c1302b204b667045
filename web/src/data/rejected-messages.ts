import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RejectedMessage } from './api-types-network.js';
import { useApi } from './api-context.js';

const MOST = 400;

/** Messages that were set aside and not sent again since, the newest first. */
export function useRejectedMessages(reason: string | null) {
  const api = useApi();
  return useQuery({
    queryKey: ['rejected-messages', reason],
    queryFn: ({ signal }) =>
      api.list<RejectedMessage>('/rejected-messages', { reason: reason ?? undefined }, MOST, signal),
  });
}

/** Chosen ones, or all of one reason. */
export type Redrive = { ids: number[] } | { reason: string };

export function useRedrive() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (which: Redrive) => api.post<{ requested: number }>('/rejected-messages/redrive', which),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['rejected-messages'] }),
  });
}
