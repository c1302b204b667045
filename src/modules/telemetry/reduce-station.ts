import { assess } from '../../domain/assess.js';
import { compareInputs, inputOfEvent } from '../../domain/detector.js';
import type { DetectorInput } from '../../domain/detector.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Station } from './station.js';
import type { LocalDay } from './update-stations.js';

/**
 * Runs the rules over what the batch brought for one transformer, in event time, each input by the limits of its area and instant. An
 * event older than what was applied before asks for the history to be run again instead.
 */
export function reduceStation(station: Station, rules: PolicyInForce, day: LocalDay): void {
  if (station.events === null) {
    for (const { reading, terminal } of station.fresh) apply(station, reading, terminal.intervalMs, rules, day);
    return;
  }
  const inputs: { input: DetectorInput; intervalMs: number }[] = station.fresh.map(({ reading, terminal }) => ({
    input: reading,
    intervalMs: terminal.intervalMs,
  }));
  const { lastTs } = station.state;
  for (const { event, terminal } of station.events) {
    const input = inputOfEvent(event.type, event.ts, event.phases);
    if (input === null) continue;
    // At the very instant of the last input the order is not known any more: apply it now, and run the history again.
    if (lastTs !== null && input.ts <= lastTs) station.needsReassessment(input.ts);
    if (lastTs === null || input.ts >= lastTs) inputs.push({ input, intervalMs: terminal.intervalMs });
  }
  inputs.sort((a, b) => compareInputs(a.input, b.input));
  for (const { input, intervalMs } of inputs) apply(station, input, intervalMs, rules, day);
}

function apply(station: Station, input: DetectorInput, intervalMs: number, rules: PolicyInForce, day: LocalDay): void {
  const before = station.state;
  if (before.lastTs !== null && !day.isSame(before.lastTs, input.ts))
    (station.checkpoints ??= []).push({ ts: before.lastTs, state: before });
  const policy = rules.policyAt(station.area, input.ts);
  const { state, facts } = assess(before, input, policy, intervalMs, station.rating);
  station.state = state;
  station.touched = true;
  for (const fact of facts) (station.facts ??= []).push(fact);
}
