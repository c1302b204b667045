import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SupervisionDetail, SupervisionOrder, SupervisionState } from './api-types-promises.js';
import { useApi } from './api-context.js';
import type { Language } from './language.js';

const MOST = 300;

/** `measured`: not closed, and the effect is measured, so that they can be closed. */
export type SupervisionChoice = SupervisionState | 'measured';

/** Supervision orders, the newest first. */
export function useSupervisionOrders(choice: SupervisionChoice) {
  const api = useApi();
  return useQuery({
    queryKey: ['supervision-orders', 'list', choice],
    queryFn: ({ signal }) =>
      api.list<SupervisionOrder>(
        '/supervision-orders',
        choice === 'measured' ? { effectMeasured: 'true' } : { state: choice },
        MOST,
        signal,
      ),
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
