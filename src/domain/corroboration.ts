import type { PlannedWindow } from './planned-window.js';

/**
 * Is a transformer that fell silent without supply, or only unheard? Pure; instants are epoch milliseconds of event time.
 *
 * Silence alone is never an outage. It becomes a suspected one by evidence of another kind: neighbours below one asset that are measured
 * dead while none is measured live, or callers, where the silence has exactly the shape of the network while the area around reports.
 * Silence in the window of a planned work is what the work announced, as long as nothing below its asset is live.
 * Silence that cuts across feeders has the shape of a radio cell: its terminals stop together. One caller says no more of one of them
 * than of a terminal that was silent long before he called: his trouble may be his own.
 */

/** What is known of one metered transformer. */
export interface Station {
  transformerId: number;
  /** From the feeder down to the transformer itself. */
  path: readonly number[];
  supply: 'live' | 'dead' | 'unknown';
  /** Since when it is dead or unknown; an unknown one was last heard then. */
  since: number;
  /** How often its terminal reports. */
  intervalMs: number;
  /** The planned work in whose window, below whose asset, it fell silent. */
  work?: PlannedWindow | null;
}

/** Somebody who says that there is no supply. */
export interface Caller {
  /** A customer, or a call of somebody of whom only the place is known. */
  who: string;
  transformerId: number;
  at: number;
}

export interface CorroborationRules {
  /** How far apart losses and the beginnings of silence of one event may lie. */
  windowMs: number;
  /** Of the dead and the silent below an asset at least this share must be dead. */
  deadShare: number;
  /** So many different customers must call... */
  callers: number;
  /** ...or one of a single transformer, so soon after it was last heard, unless a radio cell was lost with it: */
  loneCallerMs: number;
  /** so many terminals of the area, its own counted, that are in no outage... */
  cellTerminals: number;
  /** ...and were last heard within so many reporting intervals of its own. */
  cellIntervals: number;
  /** Of what reported around until then at least this share must report still. */
  restShare: number;
}

/** Why silence is taken for an outage, or not. The asset is the one below which it holds. */
export type Evidence =
  | { by: 'dead_neighbours'; assetId: number; dead: number; silent: number; live: 0; firstLossAt: number }
  | { by: 'callers'; assetId: number; silent: number; callers: number; restReports: number; restSilent: number }
  /** The asset is the transformer itself, the outage around it was over. */
  | { by: 'still_out'; assetId: number; callers: number; supply: 'unknown' | 'unmetered'; restoredAt: number }
  /** It fell silent while a work on the asset was announced, and nothing below the asset is live. */
  | { by: 'planned_work'; assetId: number; plannedOutageId: number; silent: number; startsAt: number; endsAt: number };

/** Evidence of several judgements together: what is new of one sort and asset takes the place of the old. */
export const evidenceTogether = (...evidence: readonly Evidence[]): Evidence[] => [
  ...new Map(evidence.map((one) => [`${one.by} ${one.assetId}`, one])).values(),
];

/** One silent transformer taken to be without supply. */
export interface Suspicion {
  transformerId: number;
  /** The earliest it can have lost supply: it was still heard then. */
  notBefore: number;
  startedAt: number;
  evidence: Evidence;
}

/** How many of the transformers around are heard, and which others are silent without being in an outage. */
export interface Surroundings {
  reports: number;
  silent: readonly { transformerId: number; since: number }[];
}

/**
 * Which silent transformers of one feeder are suspected to be without supply. O(transformers x depth x transformers below).
 * @param around of the whole communication area, those of the feeder included
 */
export function suspect(
  stations: readonly Station[],
  callers: readonly Caller[],
  around: Surroundings,
  rules: CorroborationRules,
): Suspicion[] {
  const below = new Map<number, Station[]>();
  for (const station of stations)
    for (const assetId of station.path) {
      const list = below.get(assetId);
      if (list === undefined) below.set(assetId, [station]);
      else list.push(station);
    }
  const silent = stations.filter(({ supply }) => supply === 'unknown');
  const suspicions = silent.flatMap((station) => neighboursOf(station, below, rules) ?? workOf(station, below) ?? []);
  const explained = new Set(suspicions.map(({ transformerId }) => transformerId));
  const rest = { ...around, silent: around.silent.filter(({ transformerId }) => !explained.has(transformerId)) };
  const shapes = new Map<number, Evidence | null>();
  for (const { transformerId, path, since } of silent) {
    if (explained.has(transformerId)) continue;
    for (const assetId of path) {
      if (!shapes.has(assetId)) shapes.set(assetId, callersBelow(assetId, below, callers, rest, rules));
      const evidence = shapes.get(assetId) ?? null;
      if (evidence === null) continue;
      suspicions.push({ transformerId, notBefore: since, startedAt: since, evidence });
      break;
    }
  }
  return suspicions;
}

/** The deepest asset above a silent transformer where dead neighbours speak for it; a live one on the way up speaks against. */
function neighboursOf(
  silent: Station,
  below: ReadonlyMap<number, readonly Station[]>,
  { windowMs, deadShare }: CorroborationRules,
): Suspicion | null {
  for (const assetId of silent.path.slice(0, -1).toReversed()) {
    const all = below.get(assetId) ?? [];
    // What was lost long before the silent one was last heard is another event.
    const dead = all.filter(({ supply, since }) => supply === 'dead' && since >= silent.since - windowMs);
    const firstLossAt = dead.reduce((least, { since }) => Math.min(least, since), Number.POSITIVE_INFINITY);
    // One that was not heard since the loss will speak or fall silent within its interval; then all of this is judged again.
    if (all.some(({ supply }) => supply === 'live')) return null;
    if (dead.length === 0) continue;
    const quiet = all.filter(({ supply }) => supply === 'unknown').length;
    // One dead neighbour speaks for one silent transformer, two or more for as many as the share allows.
    if (dead.length < deadShare * (dead.length + quiet) || (dead.length === 1 && quiet > 1)) continue;
    const evidence: Evidence = {
      by: 'dead_neighbours',
      assetId,
      dead: dead.length,
      silent: quiet,
      live: 0,
      firstLossAt,
    };
    const { transformerId, since } = silent;
    return { transformerId, notBefore: since, startedAt: Math.max(since, firstLossAt), evidence };
  }
  return null;
}

/** The work that was announced for then and there; what is live below its asset shows that it is not, or not there. */
function workOf(
  { transformerId, path, since, work }: Station,
  below: ReadonlyMap<number, readonly Station[]>,
): Suspicion | null {
  if (work === undefined || work === null) return null;
  const { assetId, plannedOutageId, startsAt, endsAt } = work;
  // An asset that is not below the feeder is above it: then the work is on all of the feeder.
  const around = below.get(assetId) ?? below.get(path[0] ?? assetId) ?? [];
  if (around.some(({ supply }) => supply === 'live')) return null;
  const silent = around.filter(({ supply }) => supply === 'unknown').length;
  const evidence: Evidence = { by: 'planned_work', assetId, plannedOutageId, silent, startsAt, endsAt };
  return { transformerId, notBefore: since, startedAt: since, evidence };
}

/** Everything below the asset fell silent at one time, little else around did, and enough call. */
function callersBelow(
  assetId: number,
  below: ReadonlyMap<number, readonly Station[]>,
  callers: readonly Caller[],
  { reports: restReports, silent: silentAround }: Surroundings,
  { windowMs, callers: needed, loneCallerMs, cellTerminals, cellIntervals, restShare }: CorroborationRules,
): Evidence | null {
  const all = below.get(assetId) ?? [];
  if (all.some(({ supply }) => supply !== 'unknown')) return null;
  const beginnings = all.map(({ since }) => since);
  const first = Math.min(...beginnings);
  if (Math.max(...beginnings) - first > windowMs) return null;
  const ids = new Set(all.map(({ transformerId }) => transformerId));
  // Who called before the last of it was heard called about something else.
  const calls = callers.filter(({ transformerId, at }) => ids.has(transformerId) && at >= first);
  const different = new Set(calls.map(({ who }) => who)).size;
  if (different === 0) return null;
  // What was silent long before is silent for another reason and says nothing about this.
  const fellSilent = (withinMs: number): number =>
    silentAround.filter(({ transformerId, since }) => !ids.has(transformerId) && Math.abs(since - first) <= withinMs)
      .length;
  const restSilent = fellSilent(windowMs);
  const isShaped = restReports > 0 && restReports >= restShare * (restReports + restSilent);
  const [only, ...others] = all;
  const isOfCell = 1 + fellSilent(cellIntervals * (only?.intervalMs ?? 0)) >= cellTerminals;
  const isLone = others.length === 0 && isShaped && !isOfCell && calls.some(({ at }) => at <= first + loneCallerMs);
  // Several callers of one transformer speak for themselves; of more than one the shape of the silence has to speak, too.
  const isTold = different >= needed && (others.length === 0 || isShaped);
  if (!isLone && !isTold) return null;
  return { by: 'callers', assetId, silent: all.length, callers: different, restReports, restSilent };
}

/** The `source` of a member that is in an outage by suspicion only, and the `endSource` of one released by the rules. */
export const CORROBORATED = 'corroborated';

/** One interruption in an outage, for looking at suspicions again. */
export interface Loss {
  transformerId: number;
  path: readonly number[];
  startedAt: number;
  endedAt: number | null;
  source: string;
}

/** What needs no dead neighbour beside it. */
const SPEAKS_ALONE: ReadonlySet<Evidence['by']> = new Set(['callers', 'planned_work']);

/** What becomes of a suspicion when its neighbours have changed. */
export type Release =
  | 'stays'
  /** What spoke for it is not true any more. */
  | 'withdrawn'
  /** Its neighbours have supply again: it is taken to have it, too, since then, until it says otherwise. */
  | { endedAt: number };

/**
 * Looks again at a transformer that is in an outage by suspicion: its nearest measured neighbours in that outage speak for it. Without
 * any it goes, unless callers or a planned work still speak for it. Whose customers say that they are still out stays, whatever
 * becomes of its neighbours.
 */
export function release(suspected: Loss, losses: readonly Loss[], evidence: readonly Evidence[]): Release {
  if (evidence.some(({ by, assetId }) => by === 'still_out' && assetId === suspected.transformerId)) return 'stays';
  for (const assetId of suspected.path.slice(0, -1).toReversed()) {
    const near = losses.filter(({ source, path }) => source !== CORROBORATED && path.includes(assetId));
    if (near.length === 0) continue;
    if (near.some(({ endedAt }) => endedAt === null)) return 'stays';
    const last = near.reduce((latest, { endedAt }) => Math.max(latest, endedAt ?? latest), 0);
    return last > suspected.startedAt ? { endedAt: last } : 'withdrawn';
  }
  return evidence.some(({ by, assetId }) => SPEAKS_ALONE.has(by) && suspected.path.includes(assetId))
    ? 'stays'
    : 'withdrawn';
}

/** Silence that is no outage but has the shape of a lost radio cell. */
export interface LostCommunication {
  transformerIds: number[];
  since: number;
  feeders: number;
}

/** What is known of a silent one for that. */
export type SilentStation = Pick<Station, 'transformerId' | 'path' | 'since'>;

/**
 * Transformers of one area that fell silent together, of several feeders, or all of the area: communication is lost, not supply.
 * O(n log n).
 * @param silent of one area, without those that are suspected to be without supply
 */
export function lostCommunication(
  silent: readonly SilentStation[],
  { windowMs, terminals }: { windowMs: number; terminals: number },
): LostCommunication[] {
  const sorted = silent.toSorted((a, b) => a.since - b.since || a.transformerId - b.transformerId);
  const groups: SilentStation[][] = [];
  for (const station of sorted) {
    const last = groups.at(-1);
    if (last === undefined || station.since - (last.at(-1)?.since ?? 0) > windowMs) groups.push([station]);
    else last.push(station);
  }
  return groups
    .filter((group) => group.length >= terminals)
    .map((group) => ({
      transformerIds: group.map(({ transformerId }) => transformerId).sort((a, b) => a - b),
      since: group[0]?.since ?? 0,
      feeders: new Set(group.map(({ path }) => path[0])).size,
    }));
}
