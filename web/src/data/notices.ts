import { useQuery } from '@tanstack/react-query';
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
