import { useQuery } from '@tanstack/react-query';
import { useApi } from './api-context.js';
import { onlyWhenAsked } from './reports.js';
import type { ReportAsk } from './reports.js';

export interface Rate {
  met: number;
  of: number;
}

export const RATES = [
  'dispatch',
  'passOn',
  'arrivalPromise',
  'arrivalRegulation',
  'restoration',
  'callback',
  'firstFix',
  'satisfied',
] as const;
export type RateName = (typeof RATES)[number];

interface ScorePart {
  part: string;
  /** 0 to 1. */
  value: number;
  cases: number;
  weight: number;
}

export interface ServiceRow extends Record<RateName, Rate> {
  /** Crew, unit or agent; null = none was named. */
  key: string | null;
  cases: number;
  jobs: number;
  notReached: number;
  actualMinutes: number | null;
  expectedMinutes: number | null;
  rating: { score: number | null; stars: number | null; parts: ScorePart[] };
}

export interface ServiceReport {
  policyVersion: number;
  formula: {
    text: string;
    textEn: string;
    weights: Record<string, number>;
    /** Shares of the full score from which there are 2, 3, 4 and 5 stars. */
    starsFrom: number[];
    minimumCases: number;
  };
  total: ServiceRow;
  items: ServiceRow[];
}

const LIMITS = ['dispatch', 'arrivalPromise', 'arrivalRegulation', 'restoration', 'callback'] as const;
type Limit = (typeof LIMITS)[number];

export interface ServiceCase {
  orderId: number;
  area: string;
  crew: string | null;
  unit: string | null;
  agent: string;
  startedAt: string;
  dispatchedAt: string | null;
  arrivedAt: string | null;
  restoredAt: string | null;
  calledBackAt: string | null;
  outcome: 'satisfied' | 'unsatisfied' | 'not_reached' | null;
  isFirstFix: boolean | null;
  actualMinutes: number | null;
  expected: { minutes: number; cases: number } | null;
  onTime: Record<Limit, boolean | null>;
}

export function useServiceReport(ask: ReportAsk) {
  const api = useApi();
  return useQuery({
    queryKey: ['reports', 'service', ask],
    queryFn: ({ signal }) => api.get<ServiceReport>('/reports/service', { ...ask }, signal),
    ...onlyWhenAsked,
  });
}

/** The cases behind one row; null = those of nobody. */
export function useServiceCases(ask: ReportAsk, key: string | null) {
  const api = useApi();
  return useQuery({
    queryKey: ['reports', 'service-cases', ask, key],
    queryFn: ({ signal }) =>
      api.get<{ items: ServiceCase[] }>('/reports/service/cases', { ...ask, key: key ?? undefined }, signal),
    select: ({ items }) => items,
    ...onlyWhenAsked,
  });
}
