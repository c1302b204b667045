import { Dice } from './chance.js';
import { customerAt, transformerAt, transformersBelow } from './city.js';
import { complaintAboutCase, makeComplaint, unrelatedComplaint } from './complaints.js';
import type { VoltageFault } from './incident.js';
import { addArrearsCase, makeCase, place, residentOf, stepwise, voltageIncident } from './placing.js';
import { addChanceEvents, HOUR_MS } from './scenario.js';
import { callsOfWork } from './system-calls.js';
import type { Timeline } from './timeline.js';

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
const DAY_MS = 24 * HOUR_MS;
/** After the script chance takes over. */
const SCRIPT_MS = 6 * MINUTE_MS;

export interface DemoMoment {
  /** Milliseconds after the page can be opened. */
  after: number;
  text: string;
}

/**
 * The story of `npm run demo`: nine hours of a small city before `ready`, and the first minutes after it. Every instant is event time.
 * @param ready when the page can be opened
 */
export function addDemoStory(timeline: Timeline, seed: number, ready: number): DemoMoment[] {
  const dice = new Dice(seed, 2026);
  const { city } = timeline;
  const [f1 = '', f2 = '', f3 = '', f4 = '', f5 = '', f6 = '', f7 = '', f8 = ''] = city.assets
    .filter((a) => a.kind === 'feeder')
    .map((a) => a.code);
  const outage = (
    id: string,
    rootCode: string,
    from: number,
    lastsMs: number,
    steps: number,
    cause: string,
    share = 0.012,
  ): void =>
    place(
      timeline,
      {
        kind: 'outage',
        id,
        nature: 'fault',
        cause,
        rootCode,
        plannedExternalId: null,
        parts: stepwise(timeline, rootCode, from, lastsMs, steps, dice),
      },
      dice,
      { share, most: 10 },
    );

  // The long one: passes 8 h while one watches, and comes back in two steps some minutes later.
  const long = ready + 50 * SECOND_MS - 8 * HOUR_MS;
  const longParts = transformersBelow(city, f3).map((transformer, n) => ({
    transformer,
    from: long + n * 300,
    to: long + 8 * HOUR_MS + (n % 5 < 3 ? 3 : 4) * MINUTE_MS + n * 500,
  }));
  place(
    timeline,
    {
      kind: 'outage',
      id: 'LONG',
      nature: 'fault',
      cause: '外力破坏电缆',
      rootCode: f3,
      plannedExternalId: null,
      parts: longParts,
    },
    dice,
    { share: 0.02, most: 10 },
  );
  // Restored in five steps, the last one on the screen.
  outage('STEPS', f5, ready - 4 * HOUR_MS, 4 * HOUR_MS + 25 * SECOND_MS, 5, '雷击跳闸');
  outage('LUNCH', `${f7}-2`, ready - 3 * HOUR_MS, 70 * MINUTE_MS, 1, '树障碰线');
  outage('BLINK', `${f8}-3`, ready - 5 * HOUR_MS, 50 * SECOND_MS, 1, '重合闸成功', 0);

  work(
    timeline,
    'PW-DEMO-1',
    `${f4}-1`,
    ready - 2 * HOUR_MS,
    ready + 7.5 * HOUR_MS,
    ready + 7.4 * HOUR_MS,
    '线路改造',
    dice,
  );
  work(
    timeline,
    'PW-DEMO-2',
    `${f6}-1`,
    ready - 5 * HOUR_MS,
    ready - 25 * MINUTE_MS,
    ready + 3 * MINUTE_MS,
    '更换柱上开关',
    dice,
  );
  work(
    timeline,
    'PW-DEMO-3',
    `${f8}-1`,
    ready + 2 * DAY_MS,
    ready + 2 * DAY_MS + 9 * HOUR_MS,
    ready + 2 * DAY_MS + 8 * HOUR_MS,
    '配变增容',
    dice,
  );

  // Feeders 1 and 2 carry the voltage troubles. A warning comes 15 min after the first low reading, so those that began just under 15 min ago open on the screen.
  const places = [...transformersBelow(city, f1), ...transformersBelow(city, f2)];
  const trouble = (id: string, fault: VoltageFault, place_: number, from: number, to: number): void =>
    place(timeline, voltageIncident(id, fault, transformerAt(city, places[place_] ?? 0), from, to, dice), dice, {
      share: 0.05,
      most: 2,
    });
  trouble('V-LOW-1', 'low_voltage', 1, ready - 70 * MINUTE_MS, ready + 2 * HOUR_MS);
  trouble('V-LOW-2', 'low_voltage', 8, ready - 40 * MINUTE_MS, ready + 90 * MINUTE_MS);
  trouble('V-HIGH-1', 'high_voltage', 13, ready - 6 * HOUR_MS, ready + 6 * HOUR_MS);
  trouble('V-PHASE-1', 'phase_loss', 21, ready - 35 * MINUTE_MS, ready + HOUR_MS);
  for (let n = 0; n < 6; n += 1)
    trouble(
      `V-NEW-${n}`,
      n === 4 ? 'high_voltage' : 'low_voltage',
      26 + n * 3,
      ready - 15 * MINUTE_MS + (n * 40 - 20) * SECOND_MS,
      ready + HOUR_MS,
    );
  trouble('V-NEUTRAL', 'broken_neutral', 47, ready + 70 * SECOND_MS, ready + 30 * MINUTE_MS);
  trouble('V-PHASE-2', 'phase_loss', 3, ready + 20 * SECOND_MS, ready + 25 * MINUTE_MS);

  // One radio cell across four feeders fell silent and sent everything afterwards; one terminal falls silent for good.
  const cell = city.transformers.filter(
    (t) => t.shard === transformerAt(city, places[0] ?? 0).shard && t.index % 5 === 2,
  );
  place(
    timeline,
    {
      kind: 'silence',
      id: 'S-CELL',
      reach: 'cell',
      parts: cell.map((t) => ({ transformer: t.index, from: ready - 110 * MINUTE_MS, to: ready - 85 * MINUTE_MS })),
    },
    dice,
  );
  place(
    timeline,
    {
      kind: 'silence',
      id: 'S-ONE',
      reach: 'terminal',
      parts: [{ transformer: places[5] ?? 0, from: ready - 2 * MINUTE_MS, to: ready + 40 * MINUTE_MS }],
    },
    dice,
  );
  place(
    timeline,
    {
      kind: 'clock',
      id: 'K-1',
      transformer: places[10] ?? 0,
      from: ready - 10 * MINUTE_MS,
      to: ready + 30 * MINUTE_MS,
      aheadMs: 0,
      quality: 2,
    },
    dice,
  );

  // Momentary and short faults on feeders 7 and 8, one after the other on the screen.
  outage(
    'LIVE-1',
    city.transformers[transformersBelow(city, `${f8}-4`)[0] ?? 0]?.code ?? '',
    ready + 10 * SECOND_MS,
    9 * MINUTE_MS,
    1,
    '跌落保险熔断',
    0.1,
  );
  outage('LIVE-2', `${f7}-4`, ready + 85 * SECOND_MS, 6 * MINUTE_MS, 2, '树障碰线', 0.03);
  outage('LIVE-3', `${f8}-5`, ready + 150 * SECOND_MS, 5 * MINUTE_MS, 1, '施工误碰', 0.03);

  // Paid nearly 12 h ago and still dark; paid and back; pays while one watches.
  const owing = (id: string, place_: number, cutAt: number, paidAt: number, backAt: number): void => {
    const arrears = makeCase(id, residentOf(timeline, places[place_] ?? 0, 0), cutAt, paidAt, backAt, dice);
    addArrearsCase(timeline, arrears, dice);
    if (backAt - paidAt > 6 * HOUR_MS)
      timeline.addComplaint({
        ...complaintAboutCase(city, arrears, ready + 35 * SECOND_MS, dice),
        externalId: `C-AGAIN-${id}`,
      });
  };
  owing('DEMO-1', 16, ready - 20 * HOUR_MS, ready + 100 * SECOND_MS - 12 * HOUR_MS, ready + 200 * SECOND_MS);
  owing('DEMO-2', 18, ready - 28 * HOUR_MS, ready - 5 * HOUR_MS, ready - 90 * MINUTE_MS);
  owing('DEMO-3', 20, ready - 26 * HOUR_MS, ready + 15 * SECOND_MS, ready + 75 * SECOND_MS);

  for (let n = 0; n < 8; n += 1)
    timeline.addComplaint(unrelatedComplaint(city, `C-DEMO-N${n}`, ready - 8 * HOUR_MS + n * 68 * MINUTE_MS, dice));
  for (let n = 0; n < 9; n += 1)
    timeline.addComplaint(unrelatedComplaint(city, `C-DEMO-L${n}`, ready + (30 + n * 47) * SECOND_MS, dice));
  // Those who sit in the dark for eight hours go on calling.
  for (const [n, after] of [32, 46, 58, 66, 112, 125, 138, 165, 180, 192, 205].entries()) {
    const customer = customerAt(city, dice.pick(transformerAt(city, dice.pick(transformersBelow(city, f3))).customers));
    const cause = { type: 'outage' as const, id: 'LONG' };
    const at = ready + after * SECOND_MS;
    timeline.addComplaint(
      makeComplaint(`C-LONG-LIVE-${n}`, { city, customer, at, beganAt: long, grievance: 'long_outage', cause }, dice),
    );
  }
  addChanceEvents(timeline, 'ordinary', seed, ready - 8 * HOUR_MS, ready - HOUR_MS);
  addChanceEvents(timeline, 'demo', seed, ready + SCRIPT_MS, ready + HOUR_MS);

  return [
    {
      after: 0,
      text: 'open: a feeder 7 h 59 min without supply, a planned work of 9.5 h, one that overran, low and high voltage, a lost phase',
    },
    { after: 10 * SECOND_MS, text: 'a single transformer loses supply (last gasp)' },
    { after: 15 * SECOND_MS, text: 'a customer pays; the reconnection clock starts' },
    { after: 25 * SECOND_MS, text: 'the last step of a fault restored in five steps' },
    { after: 30 * SECOND_MS, text: 'new low-voltage warnings, about one every 40 s, as their 15 min hold ends' },
    { after: 50 * SECOND_MS, text: 'the feeder passes 8 h: critical warning, SMS to its customers' },
    { after: 75 * SECOND_MS, text: 'the customer who paid is reconnected' },
    { after: 85 * SECOND_MS, text: 'a section loses supply; complaints follow and are linked to it' },
    {
      after: 100 * SECOND_MS,
      text: 'another customer paid 12 h ago and is still cut: reconnection overdue; crew reports at 3 min 20 s',
    },
    { after: 180 * SECOND_MS, text: 'the overrun work ends; the long outage comes back in two steps until 5 min' },
    { after: SCRIPT_MS, text: 'from here on chance rules, several events a minute' },
  ];
}

/** A planned work with the outage it makes and its registration eight days ahead. */
function work(
  timeline: Timeline,
  externalId: string,
  rootCode: string,
  startsAt: number,
  endsAt: number,
  backAt: number,
  reason: string,
  dice: Dice,
): void {
  const whole = (t: number): number => Math.floor(t / MINUTE_MS) * MINUTE_MS;
  const planned = {
    externalId,
    assetCodes: [rootCode],
    registeredAt: startsAt - 8 * DAY_MS,
    startsAt: whole(startsAt),
    endsAt: whole(endsAt),
    nature: 'planned' as const,
    reason,
  };
  timeline.addWork(planned);
  for (const call of callsOfWork(planned)) timeline.addCall(call);
  const from = whole(startsAt) + 3 * MINUTE_MS;
  const parts = transformersBelow(timeline.city, rootCode).map((transformer, n) => ({
    transformer,
    from: from + n * 200,
    to: backAt + n * 900,
  }));
  place(
    timeline,
    {
      kind: 'outage',
      id: `O-${externalId}`,
      nature: 'planned',
      cause: reason,
      rootCode,
      plannedExternalId: externalId,
      parts,
    },
    dice,
    { share: 0.01, most: 3 },
  );
}
