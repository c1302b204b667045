import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from './api-context.js';

export interface PolicyVersion {
  version: number;
  profile: string;
  origin: 'file' | 'person';
  effectiveFrom: string;
  recordedAt: string;
  changedBy: string;
  note: string;
  inForce: boolean;
}

export interface Policy extends PolicyVersion {
  /** As written: sections of `{ value, source }`, `areas` with what differs there. */
  policy: Readonly<Record<string, unknown>>;
}

export interface PolicyDifference {
  path: string;
  before: unknown;
  after: unknown;
  sourceBefore: string | null;
  sourceAfter: string | null;
}

const MOST_VERSIONS = 200;

export function usePolicyVersions() {
  const api = useApi();
  return useQuery({
    queryKey: ['policy', 'versions'],
    queryFn: ({ signal }) => api.list<PolicyVersion>('/policy/versions', {}, MOST_VERSIONS, signal),
  });
}

/** One version; null = the one in force. */
export function usePolicy(version: number | null) {
  const api = useApi();
  return useQuery({
    queryKey: ['policy', 'one', version],
    queryFn: ({ signal }) => api.get<Policy>(version === null ? '/policy' : `/policy/versions/${version}`, {}, signal),
  });
}

export function usePolicyDifferences(from: number, to: number) {
  const api = useApi();
  return useQuery({
    queryKey: ['policy', 'differences', from, to],
    queryFn: ({ signal }) => api.get<{ items: PolicyDifference[] }>(`/policy/versions/${from}/diff/${to}`, {}, signal),
    select: ({ items }) => items,
    staleTime: Infinity,
  });
}

export interface PolicyChange {
  /** YAML, or the tree itself. */
  text: string | object;
  /** The utility's wall clock; null = at once. */
  effectiveFrom: string | null;
  /** Versions yet to begin that this one replaces for good. */
  supersedes: readonly number[];
  note: string;
  /** True = say what would change, write nothing. */
  isTrial: boolean;
}

export interface ChangedPolicy {
  version: number | null;
  replaces: number;
  effectiveFrom: string;
  supersedes: { version: number; effectiveFrom: string }[];
  changes: PolicyDifference[];
}

export function usePolicyChange() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ text, effectiveFrom, supersedes, note, isTrial }: PolicyChange) =>
      api.post<ChangedPolicy>(`/policy?dryRun=${isTrial}`, {
        text,
        note,
        supersedes,
        ...(effectiveFrom === null ? {} : { effectiveFrom }),
      }),
    onSuccess: ({ version }) => {
      if (version !== null) void queries.invalidateQueries({ queryKey: ['policy'] });
    },
  });
}
