import type { ReliabilityRow, VoltageRow } from '../data/reports.js';
import type { CsvColumn } from './csv.js';

const date = (instant: string): string => instant.slice(0, 10);

export const RELIABILITY_COLUMNS: readonly CsvColumn<ReliabilityRow>[] = [
  { name: 'key', value: (row) => row.key },
  { name: 'name', value: (row) => row.name },
  { name: 'from', value: (row) => date(row.from) },
  { name: 'to', value: (row) => row.to.slice(0, 16).replace('T', ' ') },
  { name: 'customersServed', value: (row) => row.customersServed },
  { name: 'saidiMinutes', value: (row) => row.saidiMinutes },
  { name: 'saidiMinutesMin', value: (row) => row.unknown.saidiMinutes?.min ?? null },
  { name: 'saidiMinutesMax', value: (row) => row.unknown.saidiMinutes?.max ?? null },
  { name: 'saifi', value: (row) => row.saifi },
  { name: 'caidiMinutes', value: (row) => row.caidiMinutes },
  { name: 'maifi', value: (row) => row.maifi },
  { name: 'asai', value: (row) => row.asai },
  { name: 'asaiMin', value: (row) => row.unknown.asai?.min ?? null },
  { name: 'asaiMax', value: (row) => row.unknown.asai?.max ?? null },
  { name: 'cemi', value: (row) => row.cemi },
  { name: 'celid8', value: (row) => row.celid8 },
  { name: 'majorEventDays', value: (row) => row.majorEventDays },
  { name: 'saidiMinutesWithoutMajorEventDays', value: (row) => row.withoutMajorEventDays.saidiMinutes },
  { name: 'faultSaidiMinutes', value: (row) => row.fault.saidiMinutes },
  { name: 'plannedSaidiMinutes', value: (row) => row.planned.saidiMinutes },
  { name: 'unknownMinutes', value: (row) => row.unknown.minutes },
  { name: 'openInterruptions', value: (row) => row.openInterruptions },
  { name: 'customersUnwatched', value: (row) => row.customersUnwatched },
];

export const VOLTAGE_COLUMNS: readonly CsvColumn<VoltageRow>[] = [
  { name: 'key', value: (row) => row.key },
  { name: 'name', value: (row) => row.name },
  { name: 'from', value: (row) => date(row.from) },
  { name: 'to', value: (row) => row.to.slice(0, 16).replace('T', ' ') },
  { name: 'ratePercent', value: (row) => row.ratePercent },
  { name: 'monitoredMinutes', value: (row) => row.monitoredMinutes },
  { name: 'overMinutes', value: (row) => row.overMinutes },
  { name: 'underMinutes', value: (row) => row.underMinutes },
  ...(['A', 'B', 'C'] as const).map((phase) => ({
    name: `ratePercent${phase}`,
    value: (row: VoltageRow) => row.phases[phase].ratePercent,
  })),
];
