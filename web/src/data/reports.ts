import { useQuery } from '@tanstack/react-query';
import { useApi } from './api-context.js';

type Figure = number | null;
export type Band = { min: number; max: number } | null;

export interface ReliabilityRow {
  key: string;
  name: string;
  from: string;
  to: string;
  customersServed: number;
  saidiMinutes: Figure;
  saifi: Figure;
  caidiMinutes: Figure;
  maifi: Figure;
  asai: Figure;
  cemi: Figure;
  celid8: Figure;
  majorEventDays: number;
  withoutMajorEventDays: { saidiMinutes: Figure; saifi: Figure; caidiMinutes: Figure };
  fault: { saidiMinutes: Figure; saifi: Figure };
  planned: { saidiMinutes: Figure; saifi: Figure };
  openInterruptions: number;
  /** Each index with the unknown minutes counted as none, and as all, without supply. */
  unknown: { minutes: Figure; saidiMinutes: Band; saifi: Band; asai: Band; cemi: Band; celid8: Band };
  customersUnwatched: number;
}

export interface ReliabilityReport {
  sustainedMinutes: number;
  cemiMoreThan: number;
  policyVersion: number;
  total: ReliabilityRow;
  items: ReliabilityRow[];
  majorEvents: {
    thresholds: { year: number; tMedMinutes: number; days: number }[];
    days: { date: string; saidiMinutes: number; tMedMinutes: number }[];
  };
}

interface Qualified {
  ratePercent: Figure;
  monitoredMinutes: number;
  overMinutes: number;
  underMinutes: number;
}

export interface VoltageRow extends Qualified {
  key: string;
  name: string;
  from: string;
  to: string;
  phases: Record<'A' | 'B' | 'C', Qualified>;
}

export interface VoltageReport {
  policyVersion: number;
  total: VoltageRow;
  items: VoltageRow[];
}

/** What a report is asked for; instants are the utility's wall clock. */
export interface ReportAsk {
  from: string;
  to: string;
  area?: string | undefined;
  by: string;
  sustained?: number | undefined;
}

/** A report is read when it is asked for, and again only then: figures that move while one reads them help nobody. */
export const onlyWhenAsked = { refetchInterval: false, staleTime: Infinity } as const;

export function useReliabilityReport(ask: ReportAsk) {
  const api = useApi();
  return useQuery({
    queryKey: ['reports', 'reliability', ask],
    queryFn: ({ signal }) => api.get<ReliabilityReport>('/reports/reliability', { ...ask }, signal),
    ...onlyWhenAsked,
  });
}

export function useVoltageReport(ask: ReportAsk) {
  const api = useApi();
  return useQuery({
    queryKey: ['reports', 'voltage', ask],
    queryFn: ({ signal }) => api.get<VoltageReport>('/reports/voltage', { ...ask }, signal),
    ...onlyWhenAsked,
  });
}
