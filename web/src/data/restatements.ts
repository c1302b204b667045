import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Outage } from './api-types.js';
import type { Page } from './client.js';
import { useApi } from './api-context.js';
import { onlyWhenAsked } from './reports.js';
import type { ReliabilityRow, ReportAsk } from './reports.js';

/** A report that was published, beside what is known now. */
export interface Restatement {
  id: number;
  publishedAt: string;
  publishedBy: string;
  policyVersion: number;
  from: string;
  to: string;
  area: string | null;
  nature: Outage['nature'] | null;
  sustainedMinutes: number;
  cemiMoreThan: number;
  note: string;
  published: ReliabilityRow;
  known: ReliabilityRow;
  isChanged: boolean;
  /** Where the difference comes from: known now minus published, and what was learnt since. */
  outages: {
    outageId: number;
    customerMinutes: number;
    customerInterruptions: number;
    revisions: { journalId: number; type: string; knownAt: string; actor: string; why: string; whyZh: string }[];
  }[];
}

/** Published reports, the latest first, a few at a time: each may have to be counted anew. */
export function useRestatements() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['restatements'],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Restatement>>('/reports/restatements', { limit: 5, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    ...onlyWhenAsked,
  });
}

export function usePublish() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ ask: { from, to, area, sustained }, note }: { ask: ReportAsk; note: string }) =>
      api.post('/reports/reliability/publish', { from, to, area, sustained, note }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['restatements'] }),
  });
}
