import type { NewJournalEntry } from '../../domain/journal-entry.js';
import { MINUTE_MS } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { NOTHING } from '../../domain/telemetry/decoded.js';
import type { Tx } from '../database/database.js';
import { at } from '../database/database.js';
import { append } from '../journal/append.js';
import { applyFacts } from './apply-facts.js';
import { collect } from './collect.js';
import type { DecodedMessage } from './decoded-message.js';
import { keepRejected } from './keep-rejected.js';
import { lockStations } from './lock-stations.js';
import { reduceStation } from './reduce-station.js';
import type { BatchOutcome } from './received-message.js';
import { markLateHours } from './rollups.js';
import { fillGaps, followSequence, recordGaps } from './sequence-gaps.js';
import type { Arrival, Gap, Station } from './station.js';
import { copyReadings, stageReadings } from './store-readings.js';
import { storeEvents } from './terminal-events.js';
import {
  LocalDay,
  requestReassessment,
  storeCheckpoints,
  storeReplies,
  updateShards,
  updateStations,
} from './update-stations.js';

/**
 * Everything one batch means, in the caller's transaction: readings, state, intervals, episodes, events, gaps, refusals, journal.
 * @param allStaged true when the fast path met a reading that was there already
 */
export async function commitBatch(
  tx: Tx,
  batch: readonly DecodedMessage[],
  rules: PolicyInForce,
  allStaged: boolean,
): Promise<BatchOutcome> {
  const terminals = await lockStations(tx, codesOf(batch));
  const work = collect(batch, terminals);
  const { stations, refusals, outcome } = work;

  const fresh: Arrival[] = [];
  const doubtful: Arrival[] = [];
  for (const station of stations) {
    for (const arrival of station.fresh) (allStaged ? doubtful : fresh).push(arrival);
    for (const arrival of station.old) doubtful.push(arrival);
  }
  const copied = copyReadings(tx, fresh);
  copied.catch(() => undefined); // awaited below; the rules run while the database stores
  const late: Arrival[] = [];
  if (doubtful.length > 0) {
    await copied;
    const staged = await stageReadings(tx, doubtful);
    outcome.duplicates += staged.duplicates;
    for (const { terminal, message, reading } of staged.conflicting)
      refusals.push({
        message,
        terminal: terminal.code,
        reason: 'conflicting_duplicate',
        detail: `another reading of ${new Date(reading.ts).toISOString()} is stored, with other values`,
        element: work.elementOf(message, reading),
      });
    const inserted = new Set(staged.inserted);
    if (allStaged)
      for (const station of stations) station.fresh = station.fresh.filter((arrival) => inserted.has(arrival));
    for (const arrival of staged.inserted) {
      const { station } = arrival.terminal;
      if (allStaged && arrival.reading.ts > (station.state.lastTs ?? -Infinity)) continue; // new after all
      station.needsReassessment(arrival.reading.ts);
      late.push(arrival);
    }
    outcome.readings += staged.inserted.length;
    outcome.late += late.length;
  }
  if (!allStaged) outcome.readings += fresh.length;

  const events = work.events.length > 0 ? (await copied, await storeEvents(tx, work.events)) : null;
  for (const arrival of events?.stored ?? []) (arrival.terminal.station.events ??= []).push(arrival);
  outcome.events += events?.stored.length ?? 0;
  outcome.duplicates += events?.duplicates ?? 0;

  const gaps: Gap[] = [];
  const day = new LocalDay();
  for (const station of stations) {
    for (const gap of followSequence(station)) gaps.push(gap);
    reduceStation(station, rules, day);
  }
  outcome.gaps += gaps.length;
  await copied;

  const entries: NewJournalEntry[] = events?.entries.slice() ?? [];
  const spoken = stations.flatMap(({ transformerId, facts }) => (facts === null ? NOTHING : { transformerId, facts }));
  for (const entry of await applyFacts(tx, spoken, rules.version)) entries.push(entry);
  await fillGaps(tx, late);
  for (const entry of await recordGaps(tx, gaps, rules.policy.telemetry.gapsPerTerminalAndDay)) entries.push(entry);
  await markHours(tx, stations, late);
  await updateStations(tx, stations);
  await storeCheckpoints(tx, stations);
  await requestReassessment(tx, stations);
  for (const { message, terminal, reply } of await storeReplies(tx, work.replies))
    refusals.push({
      message,
      terminal: terminal.code,
      reason: 'unknown_command',
      detail: `this terminal was sent no command ${reply.rid}`,
      element: null,
    });
  await updateShards(tx, work.shards);
  await markRedriven(tx, batch);
  await keepRejected(tx, refusals, {
    perTerminal: rules.policy.telemetry.rejectedPerTerminal,
    ofStrangers: rules.policy.telemetry.rejectedOfStrangers,
  });
  await append(tx, entries);
  outcome.refusedMessages = new Set(refusals.map(({ message }) => message)).size;
  for (const { reason } of refusals) outcome.rejected[reason] = (outcome.rejected[reason] ?? 0) + 1;
  return outcome;
}

/** Hours that are rolled up already and now have more readings; readings of the last minutes cannot be among them. */
async function markHours(tx: Tx, stations: readonly Station[], late: readonly Arrival[]): Promise<void> {
  const old: Arrival[] = [];
  const add = (arrival: Arrival): unknown => arrival.reading.ts < tx.now - 5 * MINUTE_MS && old.push(arrival);
  for (const station of stations) for (const arrival of station.fresh) add(arrival);
  for (const arrival of late) add(arrival);
  await markLateHours(
    tx,
    old.map(({ terminal }) => terminal.station.transformerId),
    old.map(({ reading }) => reading.ts),
  );
}

function codesOf(batch: readonly DecodedMessage[]): string[] {
  const codes = new Set<string>();
  for (const { parts } of batch) {
    for (const part of parts)
      if (part.readings.length > 0 || part.events.length > 0 || part.state !== null || part.reply !== null)
        codes.add(part.terminal);
  }
  return [...codes];
}

/** Kept messages that go through again are done; those refused again are opened again afterwards, by keepRejected. */
async function markRedriven(tx: Tx, batch: readonly DecodedMessage[]): Promise<void> {
  const ids = batch.flatMap(({ message }) => (message.rejectedId === undefined ? [] : [message.rejectedId]));
  if (ids.length === 0) return;
  await tx.query(
    'update rejected_message set redriven_at = $2, redrive_requested_at = null where id = any($1::bigint[])',
    [ids, at(tx.now)],
  );
}
