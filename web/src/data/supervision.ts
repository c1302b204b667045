import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SupervisionDetail, SupervisionOrder, SupervisionState } from './api-types-promises.js';
import { useApi } from './api-context.js';
import type { Language } from './language.js';

const MOST = 300;

/** Supervision orders of one state, the newest first. */
export function useSupervisionOrders(state: SupervisionState) {
  const api = useApi();
  return useQuery({
    queryKey: ['supervision-orders', 'list', state],
    queryFn: ({ signal }) => api.list<SupervisionOrder>('/supervision-orders', { state }, MOST, signal),
  });
}

export function useSupervisionOrder(id: number) {
  const api = useApi();
  return useQuery({
    queryKey: ['supervision-orders', 'one', id],
    queryFn: ({ signal }) => api.get<SupervisionDetail>(`/supervision-orders/${id}`, {}, signal),
  });
}

/** What a person does about an order; the instants are the utility's wall clock. */
export type SupervisionStep =
  | { step: 'reply'; note: string; by: string; expectedAt?: string }
  | { step: 'assign'; unit: string; person?: string; note: string }
  | { step: 'close'; note: string; withoutMeasurement?: string };

export function useSupervisionStep(id: number) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ step, ...body }: SupervisionStep) =>
      api.post<SupervisionDetail>(`/supervision-orders/${id}/${step}`, body),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['supervision-orders'] }),
  });
}

/** The printable note as HTML. */
export function useNoticeSheet(id: number, language: Language) {
  const api = useApi();
  return async () => (await api.file(`/supervision-orders/${id}/notice-sheet`, { language })).blob.text();
}
