import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Page } from './client.js';
import { useApi } from './api-context.js';

const MOST = 200;

export type FindingKind = 'zero' | 'abnormal';
export type FindingState = 'open' | 'reviewed' | 'over';

export interface ZeroUse {
  countedMonths: number;
  sinceMonth: string | null;
  lines: {
    month: string;
    kwh: number | null;
    counts: boolean;
    /** Why the month is in the count, or what it is taken out for. */
    reason: string;
    usableDays: number;
  }[];
}

export interface AbnormalUse {
  months: string[];
  kwhPerDay: number | null;
  ownKwhPerDay: number | null;
  ownMonths: number;
  neighbours: { count: number; medianKwhPerDay: number } | null;
  ownRatio: number | null;
  neighbourRatio: number | null;
}

export const REVIEW_RESULTS = [
  'vacant',
  'meter_fault',
  'theft_suspected',
  'reading_error',
  'true_use',
  'account_closed',
] as const;
export type ReviewResult = (typeof REVIEW_RESULTS)[number];

export interface ConsumptionFinding {
  id: number;
  kind: FindingKind;
  accountNo: string;
  transformer: { code: string; name: string; area: string };
  month: string;
  state: FindingState;
  detail: ZeroUse | AbnormalUse;
  foundAt: string;
  review: { result: ReviewResult; note: string; by: string; at: string } | null;
  policyVersion: number;
}

export interface FindingFilter {
  state: FindingState;
  kind?: FindingKind | undefined;
}

/** Customers whose consumption is to be looked at, the newest first. */
export function useFindings(filter: FindingFilter) {
  const api = useApi();
  return useQuery({
    queryKey: ['consumption', filter],
    queryFn: ({ signal }) =>
      api.get<Page<ConsumptionFinding>>('/consumption/findings', { ...filter, limit: MOST }, signal),
    select: ({ items }) => items,
  });
}

export function useReview(id: number) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (review: { result: ReviewResult; note: string }) =>
      api.post<ConsumptionFinding>(`/consumption/findings/${id}/review`, review),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['consumption'] }),
  });
}
