import type { Complaint, Outage, Warning } from '../data/api-types.js';
import type { PlannedOutage } from '../data/api-types-network.js';
import type { CsvColumn } from './csv.js';
import { wallClock } from './instants.js';

/** An instant as spreadsheets read it: the utility's wall clock, without a zone. */
const clock = (instant: string | null): string => {
  if (instant === null) return '';
  const { date, time } = wallClock(instant);
  return `${date} ${time}`;
};

export const OUTAGE_COLUMNS: readonly CsvColumn<Outage>[] = [
  { name: 'id', value: (row) => row.id },
  { name: 'state', value: (row) => row.state },
  { name: 'nature', value: (row) => row.nature },
  { name: 'code', value: (row) => row.rootAsset.code },
  { name: 'name', value: (row) => row.rootAsset.name },
  { name: 'area', value: (row) => row.rootAsset.area },
  { name: 'startedAt', value: (row) => clock(row.startedAt) },
  { name: 'endedAt', value: (row) => clock(row.endedAt) },
  { name: 'estimatedRestorationAt', value: (row) => clock(row.estimatedRestorationAt) },
  { name: 'customersAffected', value: (row) => row.customersAffected },
  { name: 'customersRestored', value: (row) => row.customersRestored },
  { name: 'cause', value: (row) => row.cause },
];

export const WARNING_COLUMNS: readonly CsvColumn<Warning>[] = [
  { name: 'id', value: (row) => row.id },
  { name: 'kind', value: (row) => row.kind },
  { name: 'severity', value: (row) => row.severity },
  { name: 'status', value: (row) => row.status },
  { name: 'code', value: (row) => row.subject.code },
  { name: 'name', value: (row) => row.subject.name },
  { name: 'area', value: (row) => row.subject.area },
  { name: 'title', value: (row) => row.title },
  { name: 'titleEn', value: (row) => row.titleEn },
  { name: 'happenedAt', value: (row) => clock(row.happenedAt) },
  { name: 'dueAt', value: (row) => clock(row.dueAt) },
  { name: 'assignee', value: (row) => row.assignee },
];

export const COMPLAINT_COLUMNS: readonly CsvColumn<Complaint>[] = [
  { name: 'externalId', value: (row) => row.externalId },
  { name: 'receivedAt', value: (row) => clock(row.receivedAt) },
  { name: 'channel', value: (row) => row.channel },
  { name: 'category', value: (row) => row.category },
  { name: 'categoryConfidence', value: (row) => row.categoryConfidence },
  // Spreadsheets would drop the leading zero of a number; with a tab behind it, it is a text to them and looks the same.
  { name: 'accountNo', value: (row) => (row.accountNo === null ? null : `${row.accountNo}\t`) },
  { name: 'text', value: (row) => row.text },
  {
    name: 'links',
    value: (row) => row.links.map((link) => `${link.eventType} ${link.eventId} ${link.status}`).join('; '),
  },
];

export const PLANNED_COLUMNS: readonly CsvColumn<PlannedOutage>[] = [
  { name: 'externalId', value: (row) => row.externalId },
  { name: 'state', value: (row) => row.state },
  { name: 'nature', value: (row) => row.nature },
  { name: 'assets', value: (row) => row.assets.join(' ') },
  { name: 'startsAt', value: (row) => clock(row.startsAt) },
  { name: 'endsAt', value: (row) => clock(row.endsAt) },
  { name: 'reason', value: (row) => row.reason },
];
