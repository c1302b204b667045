import { HOUR_MS, MINUTE_MS } from '../instants.js';
import type { Policy } from '../policy.js';
import { expectedTimes, minutesOf } from './expected-time.js';
import type { ExpectedTime } from './expected-time.js';
import { rate, timeValue } from './rating.js';
import type { Rate, Rating, Role } from './rating.js';
import { loadClassesOf } from './service-case.js';
import type { LoadClass, ServiceCase } from './service-case.js';

/** An opinion, suggestion or other request that an agent had to pass on. */
export interface PassedOn {
  agent: string;
  confirmedAt: number;
  passedOnAt: number | null;
}

/** One case with what it is judged by. A leg's answer is null while nobody can say. */
export interface JudgedCase extends ServiceCase {
  load: LoadClass;
  actualMinutes: number | null;
  expected: ExpectedTime | null;
  onTime: {
    dispatch: boolean | null;
    arrivalPromise: boolean | null;
    arrivalRegulation: boolean | null;
    restoration: boolean | null;
    callback: boolean | null;
  };
  isFirstFix: boolean | null;
}

export interface ServiceFigures {
  /** Calls that became orders, and the jobs they were. */
  cases: number;
  jobs: number;
  /** Time in which at least one job was under way, from dispatch to restoration. */
  effectiveMinutes: number;
  dispatch: Rate;
  passOn: Rate;
  arrivalPromise: Rate;
  arrivalRegulation: Rate;
  restoration: Rate;
  callback: Rate;
  firstFix: Rate;
  satisfied: Rate;
  notReached: number;
  /** Means over restored jobs. */
  actualMinutes: number | null;
  expectedMinutes: number | null;
  rating: Rating;
}

/** Judges cases against the limits, and against what like cases of the reference took. */
export function judgeCases(
  cases: readonly ServiceCase[],
  reference: readonly ServiceCase[],
  policy: Policy,
  now: number,
): JudgedCase[] {
  const { repairs, serviceQuality } = policy;
  const loads = loadClassesOf(reference, serviceQuality);
  const expected = expectedTimes(reference, loads, serviceQuality.likeCases);
  return cases.map((one): JudgedCase => {
    const { startedAt, setting, restoredAt } = one;
    const arrivedAt = one.arrivedAt ?? restoredAt;
    const dispatchedAt = one.dispatchedAt ?? arrivedAt;
    const within = (endedAt: number | null, start: number | null, limitMs: number): boolean | null => {
      if (start === null) return null;
      if (endedAt !== null) return endedAt <= start + limitMs;
      return now > start + limitMs ? false : null;
    };
    // Field by field: with a spread and so many fields V8 keeps each object as a dictionary, 16 microseconds instead of one.
    return {
      orderId: one.orderId,
      jobId: one.jobId,
      crew: one.crew,
      unit: one.unit,
      agent: one.agent,
      area: one.area,
      setting,
      extent: one.extent,
      startedAt,
      dispatchedAt: one.dispatchedAt,
      arrivedAt: one.arrivedAt,
      restoredAt,
      calledBackAt: one.calledBackAt,
      outcome: one.outcome,
      round: one.round,
      wentBack: one.wentBack,
      isReportedAgain: one.isReportedAgain,
      load: loads.get(one.orderId) ?? 'calm',
      actualMinutes: minutesOf(one),
      expected: expected(one),
      onTime: {
        dispatch: within(dispatchedAt, startedAt, repairs.dispatchMinutes * MINUTE_MS),
        arrivalPromise: within(arrivedAt, startedAt, repairs.arrivalPromiseMinutes[setting] * MINUTE_MS),
        arrivalRegulation: within(arrivedAt, startedAt, repairs.arrivalRegulationMinutes[setting] * MINUTE_MS),
        restoration: within(restoredAt, one.arrivedAt, repairs.restorationHours[setting] * HOUR_MS),
        callback: within(one.calledBackAt, restoredAt, repairs.callbackHours * HOUR_MS),
      },
      // Who mends what another crew left says nothing of the first attempt.
      isFirstFix: restoredAt === null || one.round > 1 ? null : !one.wentBack && !one.isReportedAgain,
    };
  });
}

/**
 * The figures of one crew, unit or agent. Legs and times are counted by job, by its first call, since a crew goes once for many callers;
 * what customers say is counted by call.
 */
export function figuresOf(
  role: Role,
  cases: readonly JudgedCase[],
  requests: readonly PassedOn[],
  policy: Policy,
  now: number,
): ServiceFigures {
  const jobs = firstOfEachJob(cases);
  const restored = jobs.filter(({ actualMinutes, expected }) => actualMinutes !== null && expected !== null);
  const actual = sumOf(restored, ({ actualMinutes }) => actualMinutes);
  const expected = sumOf(restored, (one) => one.expected?.minutes ?? null);
  const rates = {
    dispatch: rateOf(jobs.map(({ onTime }) => onTime.dispatch)),
    passOn: rateOf(requests.map((request) => isPassedOn(request, policy, now))),
    arrivalPromise: rateOf(jobs.map(({ onTime }) => onTime.arrivalPromise)),
    arrivalRegulation: rateOf(jobs.map(({ onTime }) => onTime.arrivalRegulation)),
    restoration: rateOf(jobs.map(({ onTime }) => onTime.restoration)),
    callback: rateOf(cases.map(({ onTime }) => onTime.callback)),
    firstFix: rateOf(cases.map(({ isFirstFix }) => isFirstFix)),
    satisfied: rateOf(
      cases.map(({ outcome }) => (outcome === null || outcome === 'not_reached' ? null : outcome === 'satisfied')),
    ),
  };
  const time = restored.length === 0 ? null : timeValue(actual, expected);
  const share = ({ met, of }: Rate) => (of === 0 ? undefined : { value: met / of, cases: of });
  const values = {
    dispatch: share(rates.dispatch),
    passOn: share(rates.passOn),
    arrival: share(rates.arrivalPromise),
    firstFix: share(rates.firstFix),
    callback: share(rates.callback),
    satisfaction: share(rates.satisfied),
    time: time === null ? undefined : { value: time, cases: restored.length },
  };
  const known = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  return {
    cases: new Set(cases.map(({ orderId }) => orderId)).size,
    jobs: jobs.length,
    effectiveMinutes: effectiveMinutes(jobs, now),
    ...rates,
    notReached: cases.filter(({ outcome }) => outcome === 'not_reached').length,
    actualMinutes: restored.length === 0 ? null : actual / restored.length,
    expectedMinutes: restored.length === 0 ? null : expected / restored.length,
    rating: rate(role, known, policy.serviceQuality),
  };
}

function firstOfEachJob(cases: readonly JudgedCase[]): JudgedCase[] {
  const first = new Map<number, JudgedCase>();
  for (const one of cases) {
    const known = first.get(one.jobId);
    if (known === undefined || one.startedAt < known.startedAt) first.set(one.jobId, one);
  }
  return [...first.values()];
}

function isPassedOn({ confirmedAt, passedOnAt }: PassedOn, policy: Policy, now: number): boolean | null {
  const due = confirmedAt + policy.repairs.passOnMinutes * MINUTE_MS;
  if (passedOnAt !== null) return passedOnAt <= due;
  return now > due ? false : null;
}

function rateOf(answers: readonly (boolean | null)[]): Rate {
  const rate = { of: 0, met: 0 };
  for (const answer of answers) {
    if (answer !== null) rate.of += 1;
    if (answer === true) rate.met += 1;
  }
  return rate;
}

const sumOf = <Row>(rows: readonly Row[], of: (row: Row) => number | null): number =>
  rows.reduce((sum, row) => sum + (of(row) ?? 0), 0);

/** The union of the jobs' times: two jobs at once are not twice the time. */
function effectiveMinutes(jobs: readonly JudgedCase[], now: number): number {
  const spans = jobs
    .flatMap(({ dispatchedAt, restoredAt }) =>
      dispatchedAt === null ? [] : [{ from: dispatchedAt, to: restoredAt ?? now }],
    )
    .sort((a, b) => a.from - b.from);
  let total = 0;
  let end = -Infinity;
  for (const { from, to } of spans) {
    total += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return total / MINUTE_MS;
}
