import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { CutFinding } from './api-types-promises.js';
import type { Page } from './client.js';
import { useApi } from './api-context.js';
import { newExternalId } from './external-id.js';

const MOST = 200;

export const DUNNING_STAGES = ['remote', 'phone', 'onsite'] as const;
export type DunningStage = (typeof DUNNING_STAGES)[number];
export const DUNNING_RESULTS = [
  'reached',
  'promised',
  'delivered',
  'refused',
  'not_reached',
  'wrong_contact',
  'unclassified',
] as const;
export type DunningResult = (typeof DUNNING_RESULTS)[number];

export interface AccountInArrears {
  accountNo: string;
  name: string;
  transformerCode: string;
  area: string;
  category: string;
  /** Yuan, of all unpaid overdue bills. */
  amount: number;
  bills: number;
  oldestDueOn: string;
  overdueDays: number;
  /** A message reaches the customer; otherwise somebody phones. */
  sms: boolean;
  dunning: { stage: DunningStage; at: string; result: DunningResult | 'sending'; promisedOn: string | null }[];
  next: { step: DunningStage | 'notice' | 'cut'; from: string; blockedBy: { zh: string; en: string }[] };
  cutBlockedBy: Omit<CutFinding, 'path' | 'message'>[];
  plannedCut: { disconnectionId: number; plannedAt: string } | null;
  mobile: string | null;
  landline: string | null;
  contacts: { externalId: string; role: 'owner' | 'tenant' | 'other'; name: string; phone: string | null }[];
}

export interface ArrearsFilter {
  area?: string | undefined;
  callList: boolean;
}

/** Accounts with unpaid overdue bills, the longest overdue first. */
export function useArrears({ area, callList }: ArrearsFilter) {
  const api = useApi();
  return useQuery({
    queryKey: ['arrears', area, callList],
    queryFn: ({ signal }) =>
      api.get<Page<AccountInArrears>>('/arrears', { area, callList: String(callList), limit: MOST }, signal),
  });
}

export interface DunningGiven {
  stage: DunningStage;
  result: DunningResult;
  /** Wall clock of the utility. */
  at: string;
  by: string;
  note: string;
  promisedOn?: string;
}

export function useDunning(accountNo: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (step: DunningGiven) => api.post(`/arrears/${encodeURIComponent(accountNo)}/dunning`, step),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['arrears'] }),
  });
}

/** A message about the debt, to a contact of the account or (null) to the customer. */
export function useSendDunning(accountNo: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (contact: string | null) =>
      api.post(`/arrears/${encodeURIComponent(accountNo)}/dunning/send`, { externalId: newExternalId(), contact }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['arrears'] }),
  });
}
