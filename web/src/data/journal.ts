import { useQuery } from '@tanstack/react-query';
import type { JournalEntry } from './api-types.js';
import type { Page } from './client.js';
import { useApi } from './api-context.js';

/** The newest entries of the journal. */
export function useRecentEntries(limit: number) {
  const api = useApi();
  return useQuery({
    queryKey: ['journal', limit],
    queryFn: ({ signal }) => api.get<Page<JournalEntry>>('/journal', { limit, order: 'desc' }, signal),
    select: (page) => page.items,
  });
}
