import { customerAt, transformerAt } from './city.js';
import type { PhaseName, SimCity } from './city.js';
import type { Incident } from './incident.js';
import { transformerTruth } from './telemetry.js';
import type { Timeline } from './timeline.js';

/** One line of the ground-truth file. Instants are epoch milliseconds of event time; codes and account numbers as imported. */
export type TruthRecord =
  | {
      record: 'outage';
      id: string;
      nature: string;
      cause: string;
      root: string;
      plannedExternalId: string | null;
      startedAt: number;
      endedAt: number;
      transformers: { code: string; startedAt: number; endedAt: number }[];
    }
  | {
      record: 'voltage_fault';
      id: string;
      fault: string;
      transformer: string;
      phases: string;
      startedAt: number;
      endedAt: number;
    }
  | { record: 'communication_loss'; id: string; reach: string; startedAt: number; endedAt: number; terminals: string[] }
  | {
      record: 'clock_fault';
      id: string;
      terminal: string;
      aheadMs: number;
      quality: number;
      startedAt: number;
      endedAt: number;
    }
  | { record: 'planned_work'; externalId: string; assets: readonly string[]; startsAt: number; endsAt: number }
  | {
      record: 'disconnection';
      externalId: string;
      accountNo: string;
      cutAt: number;
      paidAt: number | null;
      reconnectedAt: number | null;
    }
  | {
      record: 'complaint';
      externalId: string;
      receivedAt: number;
      accountNo: string | null;
      cause: { type: string; id: string } | null;
    }
  | {
      record: 'voltage_run';
      transformer: string;
      phase: PhaseName;
      side: 'low' | 'high';
      startedAt: number;
      endedAt: number;
      worstV: number;
    };

const codeOf = (city: SimCity, index: number): string => transformerAt(city, index).code;

function ofIncident(city: SimCity, incident: Incident): TruthRecord {
  switch (incident.kind) {
    case 'outage':
      return {
        record: 'outage',
        id: incident.id,
        nature: incident.nature,
        cause: incident.cause,
        root: incident.rootCode,
        plannedExternalId: incident.plannedExternalId,
        startedAt: Math.min(...incident.parts.map((part) => part.from)),
        endedAt: Math.max(...incident.parts.map((part) => part.to)),
        transformers: incident.parts.map((part) => ({
          code: codeOf(city, part.transformer),
          startedAt: part.from,
          endedAt: part.to,
        })),
      };
    case 'voltage':
      return {
        record: 'voltage_fault',
        id: incident.id,
        fault: incident.fault,
        transformer: codeOf(city, incident.transformer),
        phases: incident.phases.join(''),
        startedAt: incident.from,
        endedAt: incident.to,
      };
    case 'silence':
      return {
        record: 'communication_loss',
        id: incident.id,
        reach: incident.reach,
        startedAt: Math.min(...incident.parts.map((part) => part.from)),
        endedAt: Math.max(...incident.parts.map((part) => part.to)),
        terminals: incident.parts.map((part) => transformerAt(city, part.transformer).terminal),
      };
    default:
      return {
        record: 'clock_fault',
        id: incident.id,
        terminal: transformerAt(city, incident.transformer).terminal,
        aheadMs: incident.aheadMs,
        quality: incident.quality,
        startedAt: incident.from,
        endedAt: incident.to,
      };
  }
}

/** Everything the timeline holds, as records. */
export function truthOf(timeline: Timeline): TruthRecord[] {
  const { city } = timeline;
  return [
    ...timeline.incidents.map((incident) => ofIncident(city, incident)),
    ...timeline.works.map(({ externalId, assetCodes, startsAt, endsAt }) => ({
      record: 'planned_work' as const,
      externalId,
      assets: assetCodes,
      startsAt,
      endsAt,
    })),
    ...timeline.cases.map(({ externalId, customer, cutAt, paidAt, reconnectedAt }) => ({
      record: 'disconnection' as const,
      externalId,
      accountNo: customerAt(city, customer).accountNo,
      cutAt,
      paidAt,
      reconnectedAt,
    })),
    ...timeline.complaints.map(({ externalId, at, customer, cause }) => ({
      record: 'complaint' as const,
      externalId,
      receivedAt: at,
      accountNo: customer === null ? null : customerAt(city, customer).accountNo,
      cause,
    })),
  ];
}

/**
 * Intervals in which a phase of a transformer with supply lay outside the limits, minute by minute and without measuring noise; load and sun
 * make them as well as faults do. A dead phase (below 60 % of 220 V) is no voltage quality and ends a run.
 */
export function voltageRuns(
  timeline: Timeline,
  from: number,
  to: number,
  limits = { lowV: 198, highV: 235.4, deadV: 132 },
): TruthRecord[] {
  const runs: TruthRecord[] = [];
  const phases = ['A', 'B', 'C'] as const;
  for (const transformer of timeline.city.transformers) {
    const open: (Extract<TruthRecord, { record: 'voltage_run' }> | null)[] = [null, null, null];
    for (let ts = Math.ceil(from / 60_000) * 60_000; ts < to; ts += 60_000) {
      const truth = transformerTruth(timeline, transformer, ts);
      phases.forEach((phase, n) => {
        const v = truth.volts[n] ?? 0;
        const side = v < limits.deadV ? null : v < limits.lowV ? 'low' : v > limits.highV ? 'high' : null;
        const run = open[n] ?? null;
        if (run !== null && run.side === side) {
          run.endedAt = ts;
          run.worstV = side === 'low' ? Math.min(run.worstV, v) : Math.max(run.worstV, v);
          return;
        }
        open[n] =
          side === null
            ? null
            : {
                record: 'voltage_run',
                transformer: transformer.code,
                phase,
                side,
                startedAt: ts,
                endedAt: ts,
                worstV: v,
              };
        if (open[n]) runs.push(open[n]);
      });
    }
  }
  return runs;
}
