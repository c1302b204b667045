import { z } from 'zod';
import { consumptionSection } from './policy-sections/consumption.js';
import { count, hours, minutes, share, sourced, volts } from './policy-sections/leaves.js';
import { complaintPromisesSection, promisesSection } from './policy-sections/promises.js';
import { disconnectionSection } from './policy-sections/disconnection.js';
import { outlookSection } from './policy-sections/outlook.js';
import { reconnectionSection } from './policy-sections/reconnection.js';
import { reliabilitySection } from './policy-sections/reliability.js';
import { remoteReconnectionSection } from './policy-sections/remote-reconnection.js';
import { reopeningSection } from './policy-sections/reopening.js';
import { repairsSection } from './policy-sections/repairs.js';
import { serviceQualitySection } from './policy-sections/service-quality.js';
import { supervisionSection } from './policy-sections/supervision.js';

/** So many outages of one transformer within a stretch of time that ends now; `year` is the calendar year, in the utility's zone. */
const frequencyRule = z.strictObject({
  name: z.string().min(1),
  unit: z.enum(['day', 'month', 'year']),
  length: z.number().int().min(1).max(1_000),
  /** Met from so many on. */
  count: z.number().int().min(1).max(1_000),
  /** True = only planned ones count. */
  plannedOnly: z.boolean().default(false),
});

/**
 * The policy: every limit and rule number of the service, each with its source. Written as YAML (`policies/*.yaml`), where a leaf is
 * `{ value, source }`; inside the service it is this tree of plain values, and `sourcesOf` keeps where each came from.
 */
export const PolicySchema = z.strictObject({
  profile: z.string().min(1),
  telemetry: z.strictObject({
    /** Readings older than this are refused as `older_than_retention`, and dropped by retention. */
    retentionDays: sourced(z.number().min(1).max(5_000)),
    futureToleranceMinutes: minutes,
    /** Rejected messages kept per terminal; what comes beyond is only counted. */
    rejectedPerTerminal: count,
    /** Rejected messages kept of all senders together that are not in the register; what comes beyond is only counted. */
    rejectedOfStrangers: count,
    /** Gaps in the sequence that one terminal is asked to fill within a day; further ones are only counted. */
    gapsPerTerminalAndDay: count,
  }),
  supply: z.strictObject({
    nominalV: volts,
    /** All phases below this share of nominal: dead. */
    deadBelowShare: share,
    /** Any phase at or above this share of nominal: live. */
    liveFromShare: share,
    /** Silence of this many reporting intervals: unknown. */
    silenceIntervals: count,
    /** A terminal may keep a slower pace than registered, down to this; readings further apart have a gap between them. */
    slowestIntervalMinutes: minutes,
  }),
  voltage: z.strictObject({
    lowV: volts,
    highV: volts,
    /** Back in band by this much before an episode may end. */
    hysteresisV: volts,
    holdMinutes: minutes,
    clearMinutes: minutes,
    /** Below: major; below that: critical (low voltage). */
    lowMajorV: volts,
    lowCriticalV: volts,
    highMajorV: volts,
    highCriticalV: volts,
    /** Outside this band (考核) time is not monitored: the phase is dead or lost, or the meter is wrong. */
    assessmentLowV: volts,
    assessmentHighV: volts,
    /** A long episode must be good for this share of the time it was wrong before it ends, at least clearMinutes. */
    standingShare: sourced(z.number().min(0).max(10)),
    /** No episode has to be good for longer than this; one that comes back within it is standing and has to be good for all of it. */
    standingHours: hours,
  }),
  phaseLoss: z.strictObject({
    holdMinutes: minutes,
    clearMinutes: minutes,
    /** Two collapsed phases whose sum differs from the third by at most this share of it: one phase of the HV side is lost. */
    hvSumTolerance: share,
  }),
  brokenNeutral: z.strictObject({
    /** One phase above, another below, and the sum of the three within the tolerance of what an intact line voltage gives. */
    highV: volts,
    lowV: volts,
    sumTolerance: share,
    /** The neutral point is at least so far from its place, as the three voltages show it. */
    shiftV: volts,
    holdMinutes: minutes,
    clearMinutes: minutes,
  }),
  chronicVoltage: z.strictObject({
    /** Low on so many of the last `ofDays` local days. */
    days: count,
    ofDays: sourced(z.number().int().min(1).max(365)),
    /** A day counts when voltage was low for so long in all. */
    minutesPerDay: minutes,
    majorDays: count,
    /** Over when no more low days are left than this. */
    clearDays: sourced(z.number().int().min(0).max(365)),
  }),
  load: z.strictObject({
    /** Shares of the rated capacity: from heavy on minor, above over major, above severe critical; each held for holdMinutes. */
    heavyShare: sourced(z.number().gt(0).max(10)),
    overShare: sourced(z.number().gt(0).max(10)),
    severeShare: sourced(z.number().gt(0).max(10)),
    hysteresisShare: share,
    holdMinutes: minutes,
    clearMinutes: minutes,
    /** Line-to-line volts of the low-voltage side that belong to the rated current. */
    ratedV: sourced(z.number().min(1).max(1000)),
  }),
  unbalance: z.strictObject({
    /** (Imax - Imin) / Imax above this is too much, by connection group; minor, above majorShare major. */
    yyn0Share: share,
    dyn11Share: share,
    /** Neutral current above this share of the rated one is too much, by connection group; where it is measured. */
    neutralYyn0Share: share,
    neutralDyn11Share: share,
    majorShare: share,
    hysteresisShare: share,
    /** Not judged while the largest current is below this share of the rated one. */
    lightShare: share,
    /** Of transformers whose group is not registered. */
    usualConnection: sourced(z.enum(['Yyn0', 'Dyn11'])),
    holdMinutes: minutes,
    clearMinutes: minutes,
  }),
  outage: z.strictObject({
    /** An interruption that is over within this is momentary. */
    momentaryMinutes: minutes,
    groupWindowMinutes: minutes,
    groupShare: share,
    groupMinTransformers: count,
    longHours: hours,
    /** Stages of the ladder, hours after the start; longHours is one of them. */
    ladderHours: sourced(z.array(z.number().positive()).min(1)),
    /** Warn so long before an expected restoration passes. */
    restorationSoonMinutes: minutes,
    /** When this share of its transformers is back, those that stay dead become nested outages... */
    nestedShare: share,
    /** ...after this time. */
    nestedAfterMinutes: minutes,
    /** A loss this long before a planned window is the work's early start. */
    earlyStartMinutes: minutes,
    /** A work registered later than this before it begins is registered late. */
    plannedRegistrationHours: hours,
    temporaryRegistrationHours: hours,
  }),
  outlook: outlookSection,
  reopening: reopeningSection,
  /** Frequent outages (频繁停电) of one transformer. */
  frequentOutage: z.strictObject({
    /** Any of these: frequent. */
    hit: sourced(z.array(frequencyRule).min(1)),
    /** Any of these: early warning before the hit. */
    early: sourced(z.array(frequencyRule)),
    /** Shorter ones do not count. */
    minimumMinutes: minutes,
    /** One that begins within this after the last counted one began is the same. */
    mergeHours: hours,
    excludedNatures: sourced(z.array(z.enum(['fault', 'planned', 'temporary', 'rationing']))),
    /** Local days on which outages do not count, besides the major event days that the service finds itself. */
    majorEventDays: sourced(z.array(z.iso.date())),
  }),
  reliability: reliabilitySection,
  /** When silence is taken for an outage, or for lost communication. */
  corroboration: z.strictObject({
    /** After the first change on a feeder so long is waited for the rest of the picture. */
    settleMinutes: minutes,
    /** Losses and silences of one event begin within this of one another. */
    windowMinutes: minutes,
    /** Of the dead and silent transformers below an asset at least this share must be dead. */
    deadShare: share,
    /** So many different customers of a silent part of the network must call... */
    callers: count,
    /** ...or one of a single transformer, so soon after it was last heard, unless a radio cell was lost with it: */
    loneCallerMinutes: minutes,
    /** so many terminals of the area, its own counted, that are in no outage... */
    cellTerminals: count,
    /** ...and were last heard within so many reporting intervals of its own. */
    cellIntervals: count,
    /** Of what reported around until then at least this share must report still. */
    restShare: share,
    /** So many silent terminals of one area are one loss of communication. */
    areaTerminals: count,
  }),
  reconnection: reconnectionSection,
  remoteReconnection: remoteReconnectionSection,
  disconnection: disconnectionSection,
  repairs: repairsSection,
  supervision: supervisionSection,
  complaints: z.strictObject({
    /** How far back an event may have ended before a call, by what it is about. */
    outageWindowHours: hours,
    voltageWindowDays: sourced(z.number().min(0).max(365)),
    disconnectionWindowDays: sourced(z.number().min(0).max(365)),
    /** How far back outages count when the customer speaks of frequent outages. */
    frequentWindowDays: sourced(z.number().min(0).max(365)),
    /** A customer may call before the service knows: events found up to this long after the call are linked backwards. */
    backwardHours: hours,
    linkScore: share,
    proposeScore: share,
  }),
  promises: promisesSection,
  complaintPromises: complaintPromisesSection,
  warnings: z.strictObject({
    /** A terminal that is silent for this long after its transformer became unknown is worth a warning. */
    offlineMinutes: minutes,
    /** An outage of this many customers is major, of that many critical. */
    outageMajorCustomers: count,
    outageCriticalCustomers: count,
    /** So many different customers of one asset complaining within the window, with no event that explains it. */
    clusterCustomers: count,
    clusterWindowMinutes: minutes,
    /** The same customer on the same matter so many times. */
    repeatComplaints: count,
    repeatWindowDays: sourced(z.number().min(1).max(3_650)),
  }),
  /** Advice on voltage out of limits, with its arithmetic. */
  advice: z.strictObject({
    /** Percentiles are taken over so many days before the present. */
    windowDays: sourced(z.number().min(1).max(60)),
    /** Below so many measured hours nothing is computed. */
    minimumHours: sourced(z.number().min(1).max(720)),
    /** A tap fits only when it keeps this much away from both limits. */
    marginV: sourced(z.number().min(0).max(15)),
    /** So many measured transformers of a feeder, this share of them alike: the cause is on the HV side. */
    feederShare: share,
    feederTransformers: count,
    /** Before and after an action so many hours are compared; from the minimum on there is a verdict. */
    judgementHours: sourced(z.number().min(24).max(720)),
    judgementMinimumHours: sourced(z.number().min(1).max(72)),
    /** So long after those hours the verdict is told: the last readings must be in. */
    judgementWaitHours: sourced(z.number().min(0).max(72)),
    /** A share of readings out of limits that moves by less has not changed. */
    changeShare: share,
  }),
  consumption: consumptionSection,
  serviceQuality: serviceQualitySection,
  notices: z.strictObject({
    plannedLeadDays: sourced(z.number().min(0).max(60)),
    /** Retries of one message before it goes to the call list. */
    attempts: count,
    /** Notices of planned work arrive between these hours, local time; faults are told at once. */
    dayFromHour: sourced(z.number().int().min(0).max(23)),
    dayToHour: sourced(z.number().int().min(1).max(24)),
    /** The staff is told of supervision at any hour; false = only by day. */
    staffByNight: sourced(z.boolean()),
  }),
});

export type Policy = z.infer<typeof PolicySchema>;
export type FrequencyRule = z.infer<typeof frequencyRule>;

/** Path (`outage.longHours`) -> source of that number. */
export function sourcesOf(raw: unknown, path = ''): Record<string, string> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return {};
  if ('value' in raw && 'source' in raw) return { [path]: String(raw.source) };
  return Object.assign(
    {},
    ...Object.entries(raw).map(([key, value]) => sourcesOf(value, path === '' ? key : `${path}.${key}`)),
  ) as Record<string, string>;
}

/** Lays `over` upon `base`, branch by branch; a leaf replaces the leaf. */
export function overlay(base: unknown, over: unknown): unknown {
  if (!isBranch(base) || !isBranch(over)) return over === undefined ? base : over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, overlay(base[key], over[key])]));
}

const isBranch = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('value' in value && 'source' in value);
