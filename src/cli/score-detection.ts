import { MINUTE_MS } from '../domain/instants.js';
import { partition } from '../domain/partition.js';
import type { Database } from '../modules/database/database.js';
import type { OutageIncident, SilenceIncident } from '../simulator/incident.js';
import { place, stepwise } from '../simulator/placing.js';
import { Dice } from '../simulator/chance.js';
import { makeComplaint } from '../simulator/complaints.js';
import { transformerAt } from '../simulator/city.js';
import type { Timeline } from '../simulator/timeline.js';

/** Interruptions of at most this are momentary and not scored. */
const SUSTAINED_MS = 3 * MINUTE_MS;
/** What is recorded may begin so much before the truth: the last reading, and clock skew. */
const SLACK_MS = 5 * MINUTE_MS;

/** One row or column pair of the confusion matrix. */
export interface Score {
  found: number;
  missed: number;
  /** Detected and not true. */
  invented: number;
}
export const recallOf = ({ found, missed }: Score): number => (found + missed === 0 ? 1 : found / (found + missed));
export const precisionOf = ({ found, invented }: Score): number =>
  found + invented === 0 ? 1 : found / (found + invented);

export interface Scores {
  /** Transformers' interruptions of over three minutes that were in an open outage while they lasted. */
  live: Score;
  /** The same interruptions in the final record, after late data. */
  record: Score;
  /** Outages (events) of which half of the transformers were in an open outage while they lasted. */
  liveOutages: Score;
  recordOutages: Score;
  /** Outages ever open of which no transformer had lost supply; every one is false and comes of lost communication or voltage. */
  falseOutages: number;
  /** Terminals unheard for over three minutes whose transformers had supply all the time: in no open outage, and in one. */
  silences: { quiet: number; accused: number };
}

/** An interruption that was in no open outage while it lasted. */
export interface Missed {
  incident: string;
  code: string;
  minutes: number;
  /** How many other transformers lost supply with it. */
  others: number;
  /** Most of those who lost supply with it over three minutes were in no open outage either. */
  isWholeOutage: boolean;
  /** The terminal's own word that power went arrived while it was away. */
  gasp: boolean;
  /** Different customers who called meanwhile and were identified. */
  callers: number;
  /** The link was there until supply went, so that the silence began with it. */
  fellSilent: boolean;
  /** All of these together. One is never enough: a caller's trouble and a terminal's silence may be their own. */
  witnesses: number;
}

interface Seen {
  rowId: number;
  code: string;
  outageId: number;
  startedAt: number;
  endedAt: number | null;
}

interface Sight extends Seen {
  at: number;
  lastAt: number;
}

/** Watches the open outages of a city while it is played and compares them with the truth. */
export class DetectionScorer {
  /** First and last instant at which each interruption was in an open outage, by the row of it. */
  private readonly seen = new Map<number, Sight>();

  private readonly seenOf = new Map<string, Sight[]>();

  constructor(
    private readonly db: Database,
    private readonly timeline: Timeline,
  ) {}

  async watch(at: number): Promise<void> {
    for (const row of await this.rows('ot.ended_at is null')) {
      const known = this.seen.get(row.rowId);
      if (known !== undefined) {
        known.lastAt = at;
        continue;
      }
      const seen = { ...row, at, lastAt: at };
      this.seen.set(row.rowId, seen);
      this.seenOf.set(row.code, [...this.seenBy(row.code), seen]);
    }
  }

  async scores(): Promise<Scores> {
    const record = (await this.rows('true')).filter(
      ({ startedAt, endedAt }) => endedAt === null || endedAt - startedAt > SUSTAINED_MS,
    );
    const seen = [...this.seen.values()];
    const truths = this.outages();
    const partsOf = new Map<string, { from: number; to: number }[]>();
    for (const { parts } of truths)
      for (const { transformer, from, to } of parts) {
        const { code } = transformerAt(this.timeline.city, transformer);
        partsOf.set(code, [...(partsOf.get(code) ?? []), { from, to }]);
      }
    const isTrue = (code: string, from: number, to: number): boolean =>
      (partsOf.get(code) ?? []).some((part) => part.from - SLACK_MS < to && from - SLACK_MS < part.to);
    const isSeen = (code: string, from: number, to: number): boolean =>
      this.seenBy(code).some(({ at, lastAt }) => from <= lastAt && at < to);
    const recordOf = partition(record, ({ code }) => code);
    const isRecorded = (code: string, from: number, to: number): boolean =>
      (recordOf.get(code) ?? []).some((row) => row.startedAt < to && (row.endedAt ?? Infinity) > from);
    const seenTrue = (row: Sight): boolean => isTrue(row.code, row.startedAt, row.at);
    const recordTrue = (row: Seen): boolean => isTrue(row.code, row.startedAt, row.endedAt ?? Infinity);
    return {
      live: this.score(truths, isSeen, seen.filter((row) => !seenTrue(row)).length),
      record: this.score(truths, isRecorded, record.filter((row) => !recordTrue(row)).length),
      liveOutages: this.scoreOutages(truths, isSeen, inventedOutages(seen, seenTrue)),
      recordOutages: this.scoreOutages(truths, isRecorded, inventedOutages(record, recordTrue)),
      falseOutages: falseOutages(seen, seenTrue),
      silences: this.silences(),
    };
  }

  /** What was missed while it lasted, and what of it could be known then. */
  async missed(): Promise<Missed[]> {
    const gasps = await this.db.query<{ code: string; ts: number; receivedAt: number }>(
      `select a.code, e.ts, e.received_at as "receivedAt" from terminal_event e join asset a on a.id = e.transformer_id
       where e.type = 'power_off'`,
    );
    const gaspsOf = partition(gasps, ({ code }) => code);
    const calls = await this.db.query<{ code: string; customerId: number; at: number }>(
      `select a.code, k.id as "customerId", c.received_at as at
       from complaint c join customer k on k.id = c.customer_id join asset a on a.id = k.transformer_id
       where c.category = 'outage'`,
    );
    const callsOf = partition(calls, ({ code }) => code);
    return this.outages().flatMap(({ id, parts }) => {
      const sustained = parts.filter(({ from, to }) => to - from > SUSTAINED_MS);
      const missed = sustained.flatMap(({ transformer, from, to }) => {
        const { code } = transformerAt(this.timeline.city, transformer);
        if (this.seenBy(code).some(({ at, lastAt }) => from <= lastAt && at < to)) return [];
        const inTime = (callsOf.get(code) ?? []).filter(({ at }) => from <= at && at < to);
        const gasp = (gaspsOf.get(code) ?? []).some(({ ts, receivedAt }) => ts === from && receivedAt < to);
        const callers = new Set(inTime.map(({ customerId }) => customerId)).size;
        const fellSilent = this.timeline.silentAt(transformer, from) === null;
        const witnesses = Number(gasp) + callers + Number(fellSilent);
        const about = { incident: id, code, minutes: (to - from) / MINUTE_MS, others: parts.length - 1 };
        return [{ ...about, gasp, callers, fellSilent, witnesses }];
      });
      const isWholeOutage = missed.length > sustained.length / 2;
      return missed.map((one) => ({ ...one, isWholeOutage }));
    });
  }

  private outages(): OutageIncident[] {
    return this.timeline.incidents.filter(({ kind }) => kind === 'outage') as OutageIncident[];
  }

  private silences(): Scores['silences'] {
    const down = partition(
      this.outages().flatMap(({ parts }) => parts),
      ({ transformer }) => transformer,
    );
    const counts = { quiet: 0, accused: 0 };
    for (const incident of this.timeline.incidents) {
      if (incident.kind !== 'silence') continue;
      for (const { transformer, from, to } of incident.parts) {
        const isSupplied = !(down.get(transformer) ?? []).some((part) => part.from < to && from < part.to);
        if (to - from <= SUSTAINED_MS || !isSupplied) continue;
        const { code } = transformerAt(this.timeline.city, transformer);
        if (this.seenBy(code).some(({ at }) => from <= at && at < to)) counts.accused += 1;
        else counts.quiet += 1;
      }
    }
    return counts;
  }

  private seenBy(code: string): Sight[] {
    return this.seenOf.get(code) ?? [];
  }

  private score(truths: readonly OutageIncident[], is: Judge, invented: number): Score {
    const score = { found: 0, missed: 0, invented };
    for (const { parts } of truths)
      for (const { transformer, from, to } of parts) {
        if (to - from <= SUSTAINED_MS) continue;
        if (is(transformerAt(this.timeline.city, transformer).code, from, to)) score.found += 1;
        else score.missed += 1;
      }
    return score;
  }

  private scoreOutages(truths: readonly OutageIncident[], is: Judge, invented: number): Score {
    const score = { found: 0, missed: 0, invented };
    for (const { parts } of truths) {
      const sustained = parts.filter(({ from, to }) => to - from > SUSTAINED_MS);
      if (sustained.length === 0) continue;
      const found = sustained.filter(({ transformer, from, to }) =>
        is(transformerAt(this.timeline.city, transformer).code, from, to),
      ).length;
      if (found >= sustained.length / 2) score.found += 1;
      else score.missed += 1;
    }
    return score;
  }

  private rows(where: string): Promise<Seen[]> {
    return this.db.query<Seen>(
      `select ot.id as "rowId", a.code, ot.outage_id as "outageId", ot.started_at as "startedAt", ot.ended_at as "endedAt"
       from outage_transformer ot join asset a on a.id = ot.transformer_id join outage o on o.id = ot.outage_id
       where o.state <> 'discarded' and ${where}`,
    );
  }
}

type Judge = (code: string, from: number, to: number) => boolean;

function shares<Row extends Seen>(rows: readonly Row[], isTrue: (row: Row) => boolean): number[] {
  const outages = new Map<number, { members: number; real: number }>();
  for (const row of rows) {
    const one = outages.get(row.outageId) ?? { members: 0, real: 0 };
    one.members += 1;
    if (isTrue(row)) one.real += 1;
    outages.set(row.outageId, one);
  }
  return [...outages.values()].map(({ members, real }) => real / members);
}

const inventedOutages = <Row extends Seen>(rows: readonly Row[], isTrue: (row: Row) => boolean): number =>
  shares(rows, isTrue).filter((share) => share < 0.5).length;
const falseOutages = <Row extends Seen>(rows: readonly Row[], isTrue: (row: Row) => boolean): number =>
  shares(rows, isTrue).filter((share) => share === 0).length;

/**
 * Fills a timeline with losses of supply (transformers, sections, feeders; 5 to 45 min) and losses of communication (single terminals,
 * radio cells across feeders; 5 to 60 min) that come on top of each other.
 * @param counts.ownTrouble customers who call about missing supply that is theirs alone: a blown fuse
 */
export function addMixedLosses(
  timeline: Timeline,
  from: number,
  to: number,
  counts: { outages: number; terminals: number; cells: number; ownTrouble?: number },
): void {
  const { city } = timeline;
  const dice = new Dice(city.seed, 2024);
  const some = (): number => Math.floor(dice.between(from, to - 50 * MINUTE_MS));
  for (let n = 0; n < counts.outages; n += 1) {
    const at = some();
    const kind = dice.pick(['transformer', 'transformer', 'section', 'section', 'feeder'] as const);
    const root =
      kind === 'transformer' ? dice.pick(city.transformers) : dice.pick(city.assets.filter((one) => one.kind === kind));
    const parts = stepwise(timeline, root.code, at, dice.between(5, 45) * MINUTE_MS, dice.whole(1, 2), dice);
    if (!parts.every((part) => timeline.isFree(part.transformer, part.from - SLACK_MS, part.to + SLACK_MS))) continue;
    const about = { nature: 'fault' as const, cause: '雷击跳闸', rootCode: root.code, plannedExternalId: null };
    place(timeline, { kind: 'outage', id: `M-${n}`, ...about, parts }, dice, { share: 0.05 });
  }
  const silence = (id: string, reach: SilenceIncident['reach'], transformers: readonly number[]): void => {
    const at = some();
    const end = Math.floor(at + dice.between(5, 60) * MINUTE_MS);
    // A terminal without power cannot find the network again.
    const parts = transformers
      .filter((transformer) => timeline.isFree(transformer, end - MINUTE_MS, end + SLACK_MS))
      .map((transformer) => ({ transformer, from: at, to: end }));
    if (parts.length > 0) timeline.add({ kind: 'silence', id, reach, parts });
  };
  for (let n = 0; n < counts.terminals; n += 1) silence(`T-${n}`, 'terminal', [dice.pick(city.transformers).index]);
  for (let n = 0; n < counts.cells; n += 1) {
    const centre = dice.pick(city.transformers);
    const cell = city.transformers.filter((one) => one.shard === centre.shard && one.index % 5 === centre.index % 5);
    silence(
      `C-${n}`,
      'cell',
      cell.map(({ index }) => index),
    );
  }
  for (let n = 0; n < (counts.ownTrouble ?? 0); n += 1) {
    const at = some();
    const about = {
      city,
      customer: dice.pick(city.customers),
      at,
      beganAt: at,
      grievance: 'outage',
      cause: null,
    } as const;
    timeline.addComplaint(makeComplaint(`OWN-${n}`, about, dice));
  }
}
