import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Page } from './client.js';
import { useApi } from './api-context.js';

export const ACTION_KINDS = ['tap_moved', 'customers_moved', 'load_shifted'] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

interface PhaseSide {
  p05: number;
  p95: number;
  readings: number;
  lowShare: number;
  highShare: number;
}
export interface JudgedSide {
  hours: number;
  phases: Record<'A' | 'B' | 'C', PhaseSide | null>;
}

type Verdict = 'improved' | 'unchanged' | 'worse' | 'pending';

/** What was done about bad voltage at a transformer, and whether it helped. */
export interface CorrectiveAction {
  id: number;
  kind: ActionKind;
  from: string;
  to: string;
  at: string;
  by: string;
  note: string;
  /** By what is measured now. */
  judgement: {
    verdict: Verdict;
    reason: string;
    reasonEn: string;
    before: JudgedSide;
    after: JudgedSide;
  };
  /** As it was told once the hours after it had passed. */
  judged: { at: string; verdict: Verdict; isCurrent: boolean } | null;
  withdrawn: { at: string; by: string; reason: string } | null;
}

export interface ActionInput {
  kind: ActionKind;
  from: string;
  to: string;
  /** Without a zone: the utility's wall clock. */
  at: string;
  by: string;
  note: string;
}

const pathOf = (code: string): string => `/transformers/${encodeURIComponent(code)}/actions`;

export function useActions(code: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['actions', code],
    queryFn: ({ signal }) => api.get<Page<CorrectiveAction>>(pathOf(code), { limit: 20 }, signal),
    select: ({ items }) => items,
  });
}

export function useRecordAction(code: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (action: ActionInput) => api.post<CorrectiveAction>(pathOf(code), action),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['actions', code] }),
  });
}
