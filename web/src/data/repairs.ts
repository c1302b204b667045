import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FaultAnswer, RepairOrder } from './api-types-promises.js';
import type { CallFields } from '../model/intake.js';
import { useApi } from './api-context.js';
import type { Page } from './client.js';
import type { StepGiven } from './reconnection-orders.js';

const MOST_OPEN = 300;
const CLOSED_SHOWN = 100;
const OPEN_STATES = ['reported', 'dispatched', 'arrived', 'repaired'] as const;

/** Orders whose five calls are not all made, or the newest of those that are closed. */
export function useRepairOrders(isOpen: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: ['repair-orders', isOpen],
    queryFn: async ({ signal }) => {
      if (!isOpen) {
        const page = await api.get<Page<RepairOrder>>(
          '/repair-orders',
          { state: 'closed', limit: CLOSED_SHOWN },
          signal,
        );
        return page.items;
      }
      const lists = await Promise.all(
        OPEN_STATES.map((state) => api.list<RepairOrder>('/repair-orders', { state }, MOST_OPEN, signal)),
      );
      // An order that goes on between two calls would stand in both.
      return [...new Map(lists.flat().map((order) => [order.id, order])).values()];
    },
  });
}

interface CallGiven extends Partial<CallFields> {
  externalId: string;
  /** An order is wanted in spite of a known cause. */
  force?: { reason: string };
}

export function useFaultReport() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (call: CallGiven) => api.post<FaultAnswer>('/repair-orders', call),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['repair-orders'] }),
  });
}

export type RepairStep = 'dispatched' | 'arrived' | 'repaired' | 'called-back';

export interface RepairStepGiven extends StepGiven {
  step: RepairStep;
  /** Of a call back alone. */
  reached?: boolean;
  satisfied?: boolean;
}

export function useRepairStep(id: number) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ step, ...body }: RepairStepGiven) => api.post<RepairOrder>(`/repair-orders/${id}/${step}`, body),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['repair-orders'] }),
  });
}
