import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Complaint, ComplaintLink } from './api-types.js';
import type { Page } from './client.js';
import { useApi } from './api-context.js';

/** The newest complaints. */
export function useComplaints(limit: number) {
  const api = useApi();
  return useQuery({
    queryKey: ['complaints', 'list', limit],
    queryFn: ({ signal }) => api.get<Page<Complaint>>('/complaints', { limit }, signal),
    select: (page) => page.items,
  });
}

/** Reads more complaints than a screen shows, for an export. */
export function useAllComplaints(most: number) {
  const api = useApi();
  return () => api.list<Complaint>('/complaints', {}, most);
}

export function useComplaint(id: number) {
  const api = useApi();
  return useQuery({
    queryKey: ['complaints', 'one', id],
    queryFn: ({ signal }) => api.get<Complaint>(`/complaints/${id}`, {}, signal),
  });
}

export interface LinkDecision {
  complaintId: number;
  link: ComplaintLink;
  decision: 'confirm' | 'reject';
}

export function useLinkDecision() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ complaintId, link, decision }: LinkDecision) =>
      api.post(`/complaints/${complaintId}/links/${link.eventType}/${link.eventId}/${decision}`, { note: '' }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['complaints'] }),
  });
}
