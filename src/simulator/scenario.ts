import { Dice } from './chance.js';
import { transformersBelow } from './city.js';
import { unrelatedComplaint } from './complaints.js';
import { addArrearsCase, makeCase, place, stepwise, voltageIncident } from './placing.js';
import { callsOfWork } from './system-calls.js';
import type { Timeline } from './timeline.js';

export const SCENARIOS = ['quiet', 'ordinary', 'busy', 'storm', 'demo'] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Events an hour in a city of 200 transformers; larger cities have more in proportion. Invented, in the order of what a county sees on a bad day. */
const RATES = {
  transformerFault: 0.2,
  sectionFault: 0.1,
  feederFault: 0.03,
  plannedWork: 0.1,
  low_voltage: 0.5,
  high_voltage: 0.15,
  phase_loss: 0.1,
  broken_neutral: 0.03,
  terminalSilence: 0.5,
  cellSilence: 0.08,
  clock: 0.15,
  arrears: 0.3,
  unrelated: 1,
} as const;
type RateName = keyof typeof RATES;

const FACTORS: Record<ScenarioName, number> = { quiet: 0.25, ordinary: 1, busy: 25, storm: 1, demo: 40 };
const FAULT_CAUSES = ['树障碰线', '外力破坏电缆', '雷击跳闸', '绝缘子击穿', '跌落保险熔断', '施工误碰'] as const;
const WORK_REASONS = ['配变增容', '线路检修', '更换柱上开关', '配合市政迁改', '低压改造'] as const;

/** Adds what chance brings between two instants, hour block by hour block; the same seed and instants give the same. */
export function addChanceEvents(
  timeline: Timeline,
  scenario: ScenarioName,
  seed: number,
  from: number,
  to: number,
): void {
  const scale = (timeline.city.transformers.length / 200) * FACTORS[scenario];
  for (let block = Math.floor(from / HOUR_MS); block * HOUR_MS < to; block += 1) {
    (Object.keys(RATES) as RateName[]).forEach((name, kind) => {
      const dice = new Dice(seed, block, kind);
      const mean = RATES[name] * scale;
      const count = Math.floor(mean) + (dice.happens(mean % 1) ? 1 : 0);
      for (let n = 0; n < count; n += 1) {
        const at = Math.floor((block + dice.next()) * HOUR_MS);
        if (at >= from && at < to) addOne(timeline, name, `${block % 100_000}-${kind}-${n}`, at, scenario, dice);
      }
    });
  }
}

/** Half the city dark within a minute, restored in three steps; the first feeders lie where the storm came in. */
export function addStorm(timeline: Timeline, at: number, seed: number): void {
  const dice = new Dice(seed, 4711);
  const feeders = timeline.city.assets.filter((asset) => asset.kind === 'feeder');
  const sections = timeline.city.assets.filter((asset) => asset.kind === 'section');
  const roots = feeders.length >= 4 ? feeders : sections;
  const wanted = timeline.city.transformers.length / 2;
  let hit = 0;
  for (const [number, root] of dice.sample(roots, roots.length).entries()) {
    if (hit >= wanted) break;
    const start = Math.floor(at) + dice.whole(0, 55_000);
    const step = HOUR_MS * ([1, 3, 6][number % 3] ?? 6);
    const parts = transformersBelow(timeline.city, root.code).map((transformer) => ({
      transformer,
      from: start,
      to: start + step,
    }));
    hit += parts.length;
    place(
      timeline,
      {
        kind: 'outage',
        id: `STORM-${root.code}`,
        nature: 'fault',
        cause: '雷暴大风',
        rootCode: root.code,
        plannedExternalId: null,
        parts,
      },
      dice,
    );
  }
}

function addOne(timeline: Timeline, name: RateName, id: string, at: number, scenario: ScenarioName, dice: Dice): void {
  const { city } = timeline;
  const hasty = scenario === 'busy' || scenario === 'demo';
  switch (name) {
    case 'transformerFault':
    case 'sectionFault':
    case 'feederFault':
    case 'plannedWork': {
      const planned = name === 'plannedWork';
      const kind = name === 'transformerFault' ? 'transformer' : name === 'feederFault' ? 'feeder' : 'section';
      const root =
        kind === 'transformer'
          ? dice.pick(city.transformers)
          : dice.pick(city.assets.filter((asset) => asset.kind === kind));
      const lasts = hasty
        ? dice.between(2, 15) * MINUTE_MS
        : planned
          ? dice.between(2, 11) * HOUR_MS
          : Math.min(14, -1.8 * Math.log(1 - dice.next()) + 0.1) * HOUR_MS;
      const parts = stepwise(
        timeline,
        root.code,
        at,
        lasts,
        kind === 'transformer' || planned ? 1 : dice.whole(1, 3),
        dice,
      );
      if (
        !parts.every((part) => timeline.isFree(part.transformer, part.from - 10 * MINUTE_MS, part.to + 10 * MINUTE_MS))
      )
        return;
      const workId = planned ? `PW-${id}` : null;
      if (workId !== null) {
        // One in four overruns its window; plans are made in whole minutes.
        const endsAt = Math.ceil((at + lasts * (dice.happens(0.25) ? 0.7 : 1.1)) / MINUTE_MS) * MINUTE_MS;
        const work = {
          externalId: workId,
          assetCodes: [root.code],
          registeredAt: at - 8 * DAY_MS,
          startsAt: at - 2 * MINUTE_MS,
          endsAt,
          nature: 'planned' as const,
          reason: dice.pick(WORK_REASONS),
        };
        timeline.addWork(work);
        callsOfWork(work).forEach((call) => timeline.addCall(call));
      }
      place(
        timeline,
        {
          kind: 'outage',
          id: `O-${id}`,
          nature: planned ? 'planned' : 'fault',
          cause: dice.pick(planned ? WORK_REASONS : FAULT_CAUSES),
          rootCode: root.code,
          plannedExternalId: workId,
          parts,
        },
        dice,
      );
      return;
    }
    case 'low_voltage':
    case 'high_voltage':
    case 'phase_loss':
    case 'broken_neutral': {
      const to = at + (hasty ? dice.between(18, 50) : dice.between(20, 240)) * MINUTE_MS;
      const incident = voltageIncident(`V-${id}`, name, dice.pick(city.transformers), at, to, dice);
      if (timeline.isFree(incident.transformer, at - MINUTE_MS, to)) place(timeline, incident, dice);
      return;
    }
    case 'terminalSilence':
    case 'cellSilence': {
      const to = Math.floor(at + dice.between(5, hasty ? 15 : 90) * MINUTE_MS);
      const centre = dice.pick(city.transformers);
      // A cell serves what stands around it, of several feeders.
      const reached =
        name === 'cellSilence'
          ? city.transformers.filter((t) => t.shard === centre.shard && t.index % 5 === centre.index % 5)
          : [centre];
      const parts = reached
        .map((t) => ({ transformer: t.index, from: at, to }))
        .filter((part) => timeline.isFree(part.transformer, at, to));
      if (parts.length > 0)
        place(
          timeline,
          { kind: 'silence', id: `S-${id}`, reach: name === 'cellSilence' ? 'cell' : 'terminal', parts },
          dice,
        );
      return;
    }
    case 'clock': {
      const { index } = dice.pick(city.transformers);
      const ahead = dice.happens(0.5);
      const to = Math.floor(at + dice.between(5, 30) * MINUTE_MS);
      if (timeline.isFree(index, at, to))
        place(
          timeline,
          {
            kind: 'clock',
            id: `K-${id}`,
            transformer: index,
            from: at,
            to,
            aheadMs: ahead ? 20 * MINUTE_MS : 0,
            quality: ahead ? 1 : 2,
          },
          dice,
        );
      return;
    }
    case 'arrears': {
      const customer = dice.pick(city.customers.filter((c) => c.category === 'residential'));
      if (timeline.cases.some((known) => known.customer === customer.index)) return;
      const late = dice.happens(0.2);
      const paidAt = at + dice.between(1, hasty ? 5 : 600) * MINUTE_MS;
      const back = Math.floor(paidAt + dice.between(late ? 12.5 : 0.3, late ? 15 : 9) * HOUR_MS);
      addArrearsCase(
        timeline,
        makeCase(id, customer.index, at, Math.floor(paidAt), hasty ? Math.floor(paidAt + 3 * MINUTE_MS) : back, dice),
        dice,
      );
      return;
    }
    case 'unrelated':
      timeline.addComplaint(unrelatedComplaint(city, `C-N-${id}`, at, dice));
      return;
  }
}
