import type { SimCity } from './city.js';
import type {
  ArrearsCase,
  ClockIncident,
  Incident,
  OutageIncident,
  Part,
  PlannedWork,
  SilenceIncident,
  SimCall,
  SimComplaint,
  VoltageIncident,
} from './incident.js';

/** Something a terminal says besides its readings: the beginning or the end of a part of an incident. */
export interface Edge {
  at: number;
  type: 'last_gasp' | 'gone_offline' | 'powered_on' | 'reconnected' | 'phase_event';
  part: Part;
  incident: OutageIncident | SilenceIncident | VoltageIncident;
}

/** What happens to one transformer, in the order it was added. */
interface Lane {
  down: Part[];
  silent: Part[];
  faults: VoltageIncident[];
  clocks: ClockIncident[];
}

const covers = (span: { from: number; to: number }, t: number): boolean => span.from <= t && t < span.to;
const byAt = (a: { at: number }, b: { at: number }): number => a.at - b.at;

/** Terminals find each other again over two minutes, so that the network is not hit by all of them at once. */
const RECONNECT_SPREAD_MS = 120_000;

/**
 * Everything that happens in a city, indexed by transformer and by instant. It only grows, and only into the future, so what it says
 * about an instant never changes once that instant has passed: the model is a function of seed and time.
 */
export class Timeline {
  readonly incidents: Incident[] = [];
  readonly works: PlannedWork[] = [];
  readonly cases: ArrearsCase[] = [];
  readonly complaints: SimComplaint[] = [];
  private readonly lanes = new Map<number, Lane>();
  private readonly edges: Edge[] = [];
  private readonly calls: SimCall[] = [];
  private sorted = true;
  /** What is added while the city plays was not foreseen: its calls of the past are made now. */
  private earliestCall = -Infinity;

  /** @param origin boot instant of every terminal, before anything is published */
  constructor(
    readonly city: SimCity,
    readonly origin: number,
  ) {}

  add(incident: Incident): void {
    this.incidents.push(incident);
    this.sorted = false;
    if (incident.kind === 'clock') this.lane(incident.transformer).clocks.push(incident);
    if (incident.kind === 'voltage') {
      this.lane(incident.transformer).faults.push(incident);
      if (incident.fault === 'phase_loss')
        this.edge({ at: incident.from + 5_000, type: 'phase_event', part: incident, incident });
    }
    if (incident.kind !== 'outage' && incident.kind !== 'silence') return;
    for (const part of incident.parts) {
      const spread = spreadOf(part);
      if (incident.kind === 'outage') {
        this.lane(part.transformer).down.push(part);
        this.edge({ at: part.from + 2_000 + spread * 8_000, type: 'last_gasp', part, incident });
        if (part.to - part.from > 90_000)
          this.edge({ at: part.from + 90_000 + spread * 5_000, type: 'gone_offline', part, incident });
        this.edge({ at: part.to + 2_000 + spread * 20_000, type: 'powered_on', part, incident });
      } else {
        this.lane(part.transformer).silent.push(part);
        this.edge({ at: part.from + 90_000, type: 'gone_offline', part, incident });
        this.edge({ at: part.to + spread * RECONNECT_SPREAD_MS, type: 'reconnected', part, incident });
      }
    }
  }

  private edge(edge: Edge): void {
    this.edges.push({ ...edge, at: Math.floor(edge.at) });
  }

  addWork(work: PlannedWork): void {
    this.works.push(work);
  }

  addCase(arrears: ArrearsCase): void {
    this.cases.push(arrears);
  }

  addComplaint(complaint: SimComplaint): void {
    this.complaints.push(complaint);
    this.addCall({
      at: complaint.at,
      method: 'POST',
      path: '/complaints',
      body: complaint.body,
      what: `complaint ${complaint.externalId}`,
    });
  }

  addCall(call: SimCall): void {
    this.calls.push(call.at < this.earliestCall ? { ...call, at: this.earliestCall } : call);
    this.sorted = false;
  }

  /** From here on no call is added before `t`, because that time is played already. */
  playedUntil(t: number): void {
    this.earliestCall = t;
  }

  /** The outage a transformer is in at an instant. */
  downAt(transformer: number, t: number): Part | null {
    return this.lanes.get(transformer)?.down.find((part) => covers(part, t)) ?? null;
  }

  /** The outages of a transformer that end with `from <= to of the outage < to`. */
  downsEnding(transformer: number, from: number, to: number): readonly Part[] {
    return this.lanes.get(transformer)?.down.filter((part) => from <= part.to && part.to < to) ?? [];
  }

  /** The loss of communication a terminal is in: until it has found the network again. */
  silentAt(transformer: number, t: number): Part | null {
    const found = this.lanes
      .get(transformer)
      ?.silent.find((part) => part.from <= t && t < part.to + spreadOf(part) * RECONNECT_SPREAD_MS);
    return found ?? null;
  }

  faultsAt(transformer: number, t: number): readonly VoltageIncident[] {
    return this.lanes.get(transformer)?.faults.filter((fault) => covers(fault, t)) ?? [];
  }

  clockAt(transformer: number, t: number): ClockIncident | null {
    return this.lanes.get(transformer)?.clocks.find((clock) => covers(clock, t)) ?? null;
  }

  /** True when nothing at all happens to the transformer in the span: new incidents are put there. */
  isFree(transformer: number, from: number, to: number): boolean {
    const lane = this.lanes.get(transformer);
    return (
      lane === undefined ||
      ![...lane.down, ...lane.silent, ...lane.faults, ...lane.clocks].some((s) => s.from < to && from < s.to)
    );
  }

  /** Boot counter and instant of the last boot. */
  bootAt(transformer: number, t: number): { sid: number; since: number } {
    const ends = (this.lanes.get(transformer)?.down ?? []).map((part) => part.to).filter((to) => to <= t);
    return { sid: 1 + ends.length, since: Math.max(this.origin, ...ends) };
  }

  /** Edges with `from <= at < to`, in order. */
  edgesBetween(from: number, to: number): Edge[] {
    this.sort();
    return between(this.edges, from, to);
  }

  callsBetween(from: number, to: number): SimCall[] {
    this.sort();
    return between(this.calls, from, to);
  }

  private lane(transformer: number): Lane {
    let lane = this.lanes.get(transformer);
    if (lane === undefined) {
      lane = { down: [], silent: [], faults: [], clocks: [] };
      this.lanes.set(transformer, lane);
    }
    return lane;
  }

  private sort(): void {
    if (this.sorted) return;
    this.edges.sort(byAt);
    this.calls.sort(byAt);
    this.sorted = true;
  }
}

/** A fixed share of [0, 1) of each part, so that not all speak at once. */
const spreadOf = (part: Part): number => ((part.transformer * 37) % 100) / 100;

function between<Item extends { at: number }>(items: readonly Item[], from: number, to: number): Item[] {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.at ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < items.length && (items[end]?.at ?? 0) < to) end += 1;
  return items.slice(low, end);
}
