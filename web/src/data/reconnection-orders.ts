import { useQuery } from '@tanstack/react-query';
import type { ReconnectionOrder } from './api-types.js';
import type { Page } from './client.js';
import { useApi } from './api-context.js';

export function useReconnectionOrders(limit: number) {
  const api = useApi();
  return useQuery({
    queryKey: ['reconnection-orders', limit],
    queryFn: ({ signal }) => api.get<Page<ReconnectionOrder>>('/reconnection-orders', { limit }, signal),
    select: (page) => page.items,
  });
}
