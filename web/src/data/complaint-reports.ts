import { useQuery } from '@tanstack/react-query';
import type { Page } from './client.js';
import { useApi } from './api-context.js';
import { onlyWhenAsked } from './reports.js';
import type { ReportAsk } from './reports.js';

interface Promised {
  onTime: number;
  late: number;
  /** Neither done nor due. */
  waiting: number;
  onTimeShare: number | null;
}

export interface ComplaintReportRow {
  key: string;
  name: string;
  complaints: number;
  open: number;
  linked: number;
  linkedShare: number | null;
  repeats: number;
  repeatShare: number | null;
  contact: Promised;
  answer: Promised;
}

export const MISSED_REASONS = ['no_event_found', 'no_warning', 'warned_after_call', 'notice_not_sent'] as const;
export type MissedReason = (typeof MISSED_REASONS)[number];

export interface MissedRow {
  key: string;
  name: string;
  complaints: number;
  toWarnOf: number;
  warnedInTime: number;
  missed: number;
  missedShare: number | null;
  reasons: Record<MissedReason, number>;
}

export interface MissedCase {
  complaintId: number;
  externalId: string;
  receivedAt: string;
  category: string;
  area: string;
  transformerCode: string | null;
  accountNo: string | null;
  reason: MissedReason;
  text: string;
  textEn: string;
}

interface Report<Row> {
  policyVersion: number;
  total: Row;
  items: Row[];
}

const MOST_CASES = 200;

export function useComplaintReport(ask: ReportAsk) {
  const api = useApi();
  return useQuery({
    queryKey: ['reports', 'complaints', ask],
    queryFn: ({ signal }) => api.get<Report<ComplaintReportRow>>('/reports/complaints', { ...ask }, signal),
    ...onlyWhenAsked,
  });
}

export function useMissedReport(ask: ReportAsk) {
  const api = useApi();
  return useQuery({
    queryKey: ['reports', 'missed-warnings', ask],
    queryFn: ({ signal }) => api.get<Report<MissedRow>>('/reports/missed-warnings', { ...ask }, signal),
    ...onlyWhenAsked,
  });
}

/** The newest complaints behind the figures, of all reasons or of one. */
export function useMissedCases({ from, to, area }: ReportAsk, reason: MissedReason | null) {
  const api = useApi();
  return useQuery({
    queryKey: ['reports', 'missed-cases', from, to, area, reason],
    queryFn: ({ signal }) =>
      api.get<Page<MissedCase>>(
        '/reports/missed-warnings/cases',
        { from, to, area, reason: reason ?? undefined, limit: MOST_CASES },
        signal,
      ),
    select: ({ items }) => items,
    ...onlyWhenAsked,
  });
}
