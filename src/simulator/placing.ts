import type { Dice } from './chance.js';
import { customerAt, transformerAt, transformersBelow } from './city.js';
import type { PhaseName, SimTransformer } from './city.js';
import { complaintAboutCase, complaintsAbout } from './complaints.js';
import type { ArrearsCase, Incident, Part, VoltageFault } from './incident.js';
import { callsOfCase } from './system-calls.js';
import type { Timeline } from './timeline.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Cuts an asset's outage into steps: each section, or each share of the transformers, comes back at its own instant. */
export function stepwise(
  timeline: Timeline,
  rootCode: string,
  from: number,
  lastsMs: number,
  steps: number,
  dice: Dice,
): Part[] {
  const below = transformersBelow(timeline.city, rootCode);
  return below.map((transformer, n) => {
    const step = Math.floor((n * steps) / below.length) + 1;
    return { transformer, from, to: Math.floor(from + (lastsMs * step) / steps + dice.whole(0, 3_000)) };
  });
}

export function voltageIncident(
  id: string,
  fault: VoltageFault,
  transformer: SimTransformer,
  from: number,
  to: number,
  dice: Dice,
): Extract<Incident, { kind: 'voltage' }> {
  const order = dice.sample<PhaseName>(['A', 'B', 'C'], 3);
  const phases = order.slice(0, fault === 'phase_loss' ? 1 : fault === 'broken_neutral' ? 2 : dice.whole(1, 3));
  const volts =
    fault === 'low_voltage'
      ? dice.between(34, 52)
      : fault === 'high_voltage'
        ? dice.between(12, 26)
        : dice.between(40, 60);
  return {
    kind: 'voltage',
    id,
    fault,
    transformer: transformer.index,
    phases,
    volts,
    from: Math.floor(from),
    to: Math.floor(to),
  };
}

/** Adds an incident with the complaints it provokes. */
export function place(
  timeline: Timeline,
  incident: Incident,
  dice: Dice,
  complaints: { share?: number; most?: number } = {},
): void {
  timeline.add(incident);
  for (const complaint of complaintsAbout(timeline.city, incident, dice, complaints)) timeline.addComplaint(complaint);
}

/** The last instant up to this one at which crews cut: ten o'clock from Monday to Friday, by the clock on the wall. */
function cutInstantUpTo(moment: number): number {
  const instant = new Date(moment);
  instant.setHours(10, 0, 0, 0);
  while (instant.getTime() > moment || instant.getDay() % 6 === 0) instant.setDate(instant.getDate() - 1);
  return instant.getTime();
}

/** The case of a customer cut at `before` or somewhat earlier, with every step the rules ask for before a cut. */
export function makeCase(
  id: string,
  customer: number,
  before: number,
  paidAt: number | null,
  reconnectedAt: number | null,
  dice: Dice,
): ArrearsCase {
  const cutAt = cutInstantUpTo(before);
  return {
    externalId: `DC-${id}`,
    customer,
    cutAt,
    paidAt,
    reconnectedAt,
    amount: dice.whole(80, 900),
    dueOn: new Date(cutAt - 45 * DAY_MS).toISOString().slice(0, 10),
    dunnedAt: cutAt - 10 * DAY_MS,
    noticeServedAt: cutAt - 5 * DAY_MS,
    finalNoticeAt: cutAt - 45 * MINUTE_MS,
  };
}

export function addArrearsCase(timeline: Timeline, arrears: ArrearsCase, dice: Dice): void {
  timeline.addCase(arrears);
  for (const call of callsOfCase(timeline.city, arrears)) timeline.addCall(call);
  const { paidAt, reconnectedAt } = arrears;
  if (paidAt === null || (reconnectedAt !== null && reconnectedAt - paidAt < HOUR_MS)) return;
  timeline.addComplaint(
    complaintAboutCase(timeline.city, arrears, Math.floor(paidAt + dice.between(0.6, 0.95) * HOUR_MS), dice),
  );
}

/** Position of the n-th residential customer of a transformer; demo and tests name people by it. */
export function residentOf(timeline: Timeline, transformer: number, n: number): number {
  const own = transformerAt(timeline.city, transformer).customers;
  const residents = own.filter((index) => customerAt(timeline.city, index).category === 'residential');
  return residents[n % Math.max(1, residents.length)] ?? own[0] ?? 0;
}
