import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Warning, WarningDetail } from './api-types.js';
import { useApi } from './api-context.js';

const MOST = 1_000;

export type WarningAction = 'acknowledge' | 'assign' | 'comment' | 'resolve';

/** Warnings that somebody must still act on: open and acknowledged. */
export function useLiveWarnings() {
  const api = useApi();
  return useQuery({
    queryKey: ['warnings', 'live'],
    queryFn: async ({ signal }) => {
      const lists = await Promise.all(
        (['open', 'acknowledged'] as const).map((status) =>
          api.list<Warning>('/warnings', { status, brief: 'true' }, MOST, signal),
        ),
      );
      // Acknowledged between the two calls, a warning would stand in both.
      return [...new Map(lists.flat().map((warning) => [warning.id, warning])).values()];
    },
  });
}

export function useWarning(id: number | null) {
  const api = useApi();
  return useQuery({
    queryKey: ['warnings', 'one', id],
    queryFn: ({ signal }) => api.get<WarningDetail>(`/warnings/${id ?? 0}`, {}, signal),
    enabled: id !== null,
  });
}

export interface WarningDecision {
  id: number;
  action: WarningAction;
  note?: string;
  assignee?: string;
}

export function useWarningAction() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, action, ...body }: WarningDecision) =>
      api.post<WarningDetail>(`/warnings/${id}/${action}`, body),
    onSuccess: (warning) => {
      queries.setQueryData(['warnings', 'one', warning.id], warning);
      void queries.invalidateQueries({ queryKey: ['warnings', 'live'] });
    },
  });
}
