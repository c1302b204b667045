import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReconnectionOrder } from './api-types.js';
import type { PaidButDark } from './api-types-promises.js';
import type { Page } from './client.js';
import { useApi } from './api-context.js';

const MOST_DARK = 500;

/** Who did what when; the instant is the utility's wall clock. */
export interface StepGiven {
  at: string;
  by: string;
  note: string;
}

export function useReconnectionOrders(limit: number) {
  const api = useApi();
  return useQuery({
    queryKey: ['reconnection-orders', limit],
    queryFn: ({ signal }) => api.get<Page<ReconnectionOrder>>('/reconnection-orders', { limit }, signal),
    select: (page) => page.items,
  });
}

/** Customers who paid and are without supply, the most urgent first. */
export function usePaidButDark() {
  const api = useApi();
  return useQuery({
    queryKey: ['reconnection-orders', 'dark'],
    queryFn: ({ signal }) => api.list<PaidButDark>('/reconnection-orders/paid-but-dark', {}, MOST_DARK, signal),
  });
}

export const ORDER_STEPS = ['crew-assigned', 'crew-en-route', 'acknowledged'] as const;
export type OrderStep = (typeof ORDER_STEPS)[number];

export function useOrderStep(id: number) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ step, ...body }: StepGiven & { step: OrderStep }) =>
      api.post<ReconnectionOrder>(`/reconnection-orders/${id}/${step}`, body),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['reconnection-orders'] }),
  });
}

/** Asks for the remote switch of an order; a refusal names every reason. */
export function useRemoteReconnection(id: number) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<ReconnectionOrder>(`/reconnection-orders/${id}/remote`, {}),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['reconnection-orders'] }),
  });
}
