import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Outage, OutageDetail } from './api-types.js';
import { useApi } from './api-context.js';
import type { ApiClient } from './client.js';
import { serviceNow } from './service-clock.js';

/** More than this nobody can read; the counts at the top stay right. */
const MOST = 1_000;
/** As many as are read while nobody asks for more: a storm opens a thousand, and every second something in them changes. */
const FIRST = 100;

export type Extent = 'first' | 'all';

/** Outages that are not over, suspected and confirmed: the longest of them, or all. */
export function useOpenOutages(extent: Extent, wanted = true) {
  const api = useApi();
  return useQuery({
    queryKey: ['outages', 'open', extent],
    queryFn: ({ signal }) => readOpen(api, extent, signal),
    enabled: wanted,
  });
}

/** Reads all open outages once, for a file. */
export function useReadOpenOutages(): () => Promise<Outage[]> {
  const api = useApi();
  return () => readOpen(api, 'all');
}

const readOpen = (api: ApiClient, extent: Extent, signal?: AbortSignal): Promise<Outage[]> =>
  api.list('/outages', { state: 'open', order: 'oldest', brief: 'true' }, extent === 'first' ? FIRST : MOST, signal);

/** There may be more open outages than were read. */
export const isCut = (extent: Extent, outages: readonly Outage[]): boolean =>
  extent === 'first' && outages.length === FIRST;

export type Period = 'open' | 'restored';
const LATELY_MS = 24 * 3_600_000;

/** Outages that are over, of the last 24 hours; asked for only when somebody looks. */
export function useRestoredOutages(wanted: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: ['outages', 'restored'],
    queryFn: ({ signal }) =>
      api.list<Outage>('/outages', { state: 'over', from: serviceNow() - LATELY_MS, brief: 'true' }, MOST, signal),
    enabled: wanted,
  });
}

export function useOutage(id: number | null) {
  const api = useApi();
  return useQuery({
    queryKey: ['outages', 'one', id],
    queryFn: ({ signal }) => api.get<OutageDetail>(`/outages/${id ?? 0}`, {}, signal),
    enabled: id !== null,
  });
}

export interface OutageChange {
  id: number;
  cause: string;
  /** Without a zone: the utility's wall clock. */
  estimatedRestorationAt: string | null;
}

export function useOutageChange() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: OutageChange) => api.patch<Outage>(`/outages/${id}`, change),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['outages'] }),
  });
}

export interface OutageVerdict {
  id: number;
  note: string;
  /** The outage that it becomes a part of; null discards it. */
  intoId: number | null;
}

export function useOutageVerdict() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, note, intoId }: OutageVerdict) =>
      intoId === null
        ? api.post<Outage>(`/outages/${id}/discard`, { note })
        : api.post<Outage>(`/outages/${id}/merge`, { intoId, note }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['outages'] }),
  });
}

export interface OutageSplit {
  id: number;
  transformers: string[];
}

export function useOutageSplit() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, transformers }: OutageSplit) => api.post<Outage>(`/outages/${id}/split`, { transformers }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['outages'] }),
  });
}

export interface ProgressLine {
  id: number;
  note: string;
  by: string;
}

export function useOutageProgress() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...line }: ProgressLine) => api.post<OutageDetail>(`/outages/${id}/progress`, line),
    onSuccess: (outage) => queries.setQueryData(['outages', 'one', outage.id], outage),
  });
}

export interface OutageUndo {
  id: number;
  decisionId: number;
}

export function useOutageUndo() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, decisionId }: OutageUndo) => api.post<Outage>(`/outages/${id}/undo`, { decisionId }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['outages'] }),
  });
}
