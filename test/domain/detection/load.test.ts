import { describe, expect, it } from '@jest/globals';
import type { DetectorInput, Rating } from '../../../src/domain/detector.js';
import { MINUTE_MS } from '../../../src/domain/instants.js';
import { DEAD, episodesOf, INTERVAL_MS, minute, minutely, NORMAL, readingAt, run, tell } from './telling.js';
import type { Volts } from './telling.js';

/** Rated current 144.3 A. */
const RATED: Rating = { capacityKva: 100, connection: 'Dyn11' };
const YYN0: Rating = { capacityKva: 100, connection: 'Yyn0' };
const UNKNOWN: Rating = { capacityKva: null, connection: null };

type Given = Partial<Omit<Extract<DetectorInput, { kind: 'reading' }>, 'kind' | 'ts'>>;
const loaded = (from: number, to: number, given: Given, volts: Volts = NORMAL): DetectorInput[] =>
  minutely(from, to, volts).map((input) => ({ ...input, ...given }));

/** Active power alone of this many percent of 100 kVA. */
const percent = (value: number): Given => ({ p: value, q: 0 });
const amperes = (ia: number, ib: number, ic: number): Given => ({ ia, ib, ic });
const ODD = amperes(100, 100, 70);
/** Balanced phases under load, and this in the neutral. */
const inNeutral = (ampere: number, from = 0, to = 120): DetectorInput[] =>
  loaded(from, to, { ...amperes(100, 100, 100), in: ampere });

describe('load of a transformer', () => {
  const cases: [sentence: string, rating: Rating, inputs: DetectorInput[], told: string[]][] = [
    ['is heavy after 2 h at 80 %', RATED, loaded(0, 120, percent(80)), ['opened overload: minor 0-']],
    ['is not heavy after 1 h 59 min', RATED, loaded(0, 119, percent(95)), []],
    ['is not heavy at 79.9 %', RATED, loaded(0, 300, percent(79.9)), []],
    ['is an overload after 2 h above 100 %', RATED, loaded(0, 120, percent(101)), ['opened overload: major 0-']],
    ['is critical after 2 h above 150 %', RATED, loaded(0, 120, percent(151)), ['opened overload: critical 0-']],
    ['is heavy, not overloaded, at 100 % itself', RATED, loaded(0, 240, percent(100)), ['opened overload: minor 0-']],
    [
      'stays heavy when only an hour of it was overload',
      RATED,
      [...loaded(0, 60, percent(90)), ...loaded(61, 121, percent(110)), ...loaded(122, 200, percent(90))],
      ['opened overload: minor 0-'],
    ],
    [
      'worsens once overload has lasted 2 h itself',
      RATED,
      [...loaded(0, 130, percent(90)), ...loaded(131, 251, percent(110))],
      ['opened overload: minor 0-', 'worsened overload: major 0-'],
    ],
    [
      'starts the 2 h of overload again after a dip to heavy load',
      RATED,
      [...loaded(0, 100, percent(110)), ...loaded(101, 101, percent(90)), ...loaded(102, 200, percent(110))],
      ['opened overload: minor 0-'],
    ],
    [
      'starts the 2 h again after one reading of less',
      RATED,
      [...loaded(0, 100, percent(90)), ...loaded(101, 101, percent(70)), ...loaded(102, 221, percent(90))],
      [],
    ],
    ['never opens over a gap', RATED, [...loaded(0, 60, percent(120)), ...loaded(300, 380, percent(120))], []],
    [
      'ends when it was good for half as long as it was heavy, with the end at the first good reading',
      RATED,
      [...loaded(0, 200, percent(90)), ...loaded(201, 301, percent(40))],
      ['opened overload: minor 0-', 'closed overload: minor 0-201'],
    ],
    [
      'does not end between 75 and 80 %',
      RATED,
      [...loaded(0, 120, percent(90)), ...loaded(121, 600, percent(77))],
      ['opened overload: minor 0-'],
    ],
    [
      'neither ends nor goes on in an outage',
      RATED,
      [...loaded(0, 120, percent(90)), ...loaded(121, 400, percent(0), DEAD)],
      ['opened overload: minor 0-'],
    ],
    ['counts reactive power', RATED, loaded(0, 120, { p: 64, q: 48 }), ['opened overload: minor 0-']],
    [
      'is worked out from voltages and currents where power is not measured',
      RATED,
      loaded(0, 120, amperes(125, 125, 125)),
      ['opened overload: minor 0-'],
    ],
    ['is not judged from one current alone', RATED, loaded(0, 300, { ia: 400 }), []],
    ['is not judged where the capacity is not registered', UNKNOWN, loaded(0, 300, percent(300)), []],
    ['counts when power is fed back (sun at noon)', RATED, loaded(0, 120, percent(-85)), ['opened overload: minor 0-']],
  ];
  it.each(cases)('%s', (_sentence, rating, inputs, told) => {
    expect(tell(run(inputs, undefined, INTERVAL_MS, rating).facts)).toEqual(told);
  });

  it('shows its arithmetic', () => {
    const inputs = loaded(0, 120, { ...amperes(125, 120, 110), p: 81.5, q: 20.1 });
    const [opened] = episodesOf(run(inputs, undefined, INTERVAL_MS, RATED).facts);
    expect(opened).toMatchObject({
      worst: 83.94,
      confirmedAt: minute(120),
      evidence: { loadPercent: 83.94, limitPercent: 80, capacityKva: 100, p: 81.5, q: 20.1, holdMs: 120 * MINUTE_MS },
    });
  });
});

describe('unbalance of a transformer', () => {
  const cases: [sentence: string, rating: Rating, inputs: DetectorInput[], told: string[]][] = [
    ['opens after 2 h above 25 % with Dyn11', RATED, loaded(0, 120, ODD), ['opened unbalance: minor 0-']],
    ['does not open a minute before', RATED, loaded(0, 119, ODD), []],
    ['does not open at the limit itself', RATED, loaded(0, 300, amperes(100, 90, 75)), []],
    ['opens above 15 % with Yyn0', YYN0, loaded(0, 120, amperes(100, 90, 84)), ['opened unbalance: minor 0-']],
    ['does not open at 16 % with Dyn11', RATED, loaded(0, 300, amperes(100, 90, 84)), []],
    [
      'takes Dyn11 where the group is not registered',
      { capacityKva: 100, connection: null },
      loaded(0, 300, amperes(100, 90, 84)),
      [],
    ],
    ['is major when more than half', RATED, loaded(0, 120, amperes(100, 80, 45)), ['opened unbalance: major 0-']],
    [
      'opens above 25 % of the rated current in the neutral with Yyn0',
      YYN0,
      inNeutral(36.5),
      ['opened unbalance: minor 0-'],
    ],
    ['does not open at 25 % in the neutral itself', YYN0, inNeutral(36), []],
    ['opens above 40 % in the neutral with Dyn11', RATED, inNeutral(58), ['opened unbalance: minor 0-']],
    ['does not open below 40 % in the neutral with Dyn11', RATED, inNeutral(57), []],
    [
      'opens by the neutral at light load, too: harmonics of the phases add up in it',
      RATED,
      loaded(0, 120, { ...amperes(40, 40, 40), in: 60 }),
      ['opened unbalance: minor 0-'],
    ],
    [
      'ends only when the neutral is below its limit by the hysteresis',
      YYN0,
      [...inNeutral(40), ...inNeutral(35, 121, 300), ...inNeutral(31, 301, 361)],
      ['opened unbalance: minor 0-', 'closed unbalance: minor 0-301'],
    ],
    ['says nothing by a neutral where the rated current is not known', UNKNOWN, inNeutral(100), []],
    ['means nothing at light load', RATED, loaded(0, 300, amperes(43, 5, 5)), []],
    [
      'waits through the light load of the night',
      RATED,
      [...loaded(0, 120, ODD), ...loaded(121, 700, amperes(30, 30, 30)), ...loaded(701, 900, ODD)],
      ['opened unbalance: minor 0-'],
    ],
    [
      'ends when the phases were balanced under load for half an hour or more',
      RATED,
      [...loaded(0, 120, ODD), ...loaded(121, 181, amperes(90, 90, 89))],
      ['opened unbalance: minor 0-', 'closed unbalance: minor 0-121'],
    ],
    [
      'is not judged while a phase is lost',
      RATED,
      loaded(0, 200, amperes(100, 0, 100), [220, 3, 219]),
      ['opened phase_loss:B major 0-'],
    ],
    ['is not judged when a current is not measured', RATED, loaded(0, 300, { ia: 100, ib: 20 }), []],
    ['is not judged where the rated current is not known', UNKNOWN, loaded(0, 300, ODD), []],
  ];
  it.each(cases)('%s', (_sentence, rating, inputs, told) => {
    expect(tell(run(inputs, undefined, INTERVAL_MS, rating).facts)).toEqual(told);
  });

  it('names the limit, the group and the currents', () => {
    const [opened] = episodesOf(run(loaded(0, 120, ODD), undefined, INTERVAL_MS, RATED).facts);
    expect(opened?.evidence).toMatchObject({
      unbalancePercent: 30,
      limitPercent: 25,
      connection: 'Dyn11',
      isConnectionRegistered: true,
      ia: 100,
      ic: 70,
    });
  });
});

describe('the neutral of a transformer', () => {
  const BROKEN: Volts = [172, 262, 219];
  const cases: [sentence: string, inputs: DetectorInput[], told: string[]][] = [
    [
      'is broken when one phase is high, another low and the sum stays',
      minutely(0, 1, BROKEN),
      ['opened broken_neutral: critical 0-'],
    ],
    ['is not broken by one odd reading', [readingAt(minute(0), BROKEN), ...minutely(1, 30, NORMAL)], []],
    [
      'explains the voltages: they are not low and high as well',
      minutely(0, 120, BROKEN),
      ['opened broken_neutral: critical 0-'],
    ],
    [
      'is broken also when it went to one phase altogether, and that phase is not lost',
      minutely(0, 60, [30, 352, 361]),
      ['opened broken_neutral: critical 0-'],
    ],
    [
      'is sound with a lost HV phase: no phase is high, the sum is two thirds',
      minutely(0, 5, [156, 84, 240]),
      ['opened phase_loss:A critical 0-', 'opened phase_loss:B critical 0-'],
    ],
    [
      'is sound with a lost HV phase of a high network',
      minutely(0, 5, [160, 86, 246]),
      ['opened phase_loss:A critical 0-', 'opened phase_loss:B critical 0-'],
    ],
    ['is sound with a lost LV phase', minutely(0, 5, [3, 245, 220]), ['opened phase_loss:A major 0-']],
    [
      'is sound when load pulls one phase down and sun lifts another a little',
      minutely(0, 15, [197, 243, 220]),
      ['opened low_voltage:A minor 0-', 'opened high_voltage:B major 0-'],
    ],
    [
      'is sound when all phases are high',
      minutely(0, 15, [262, 262, 262]),
      ['opened high_voltage:A major 0-', 'opened high_voltage:B major 0-', 'opened high_voltage:C major 0-'],
    ],
    ['is not judged with a phase not measured', minutely(0, 10, [172, 262, null]), []],
    [
      'is mended after a quarter of an hour of even voltages',
      [...minutely(0, 20, BROKEN), ...minutely(21, 36, NORMAL)],
      ['opened broken_neutral: critical 0-', 'closed broken_neutral: critical 0-21'],
    ],
    [
      'stays broken when the contact comes and goes',
      [0, 20, 40].flatMap((from) => [...minutely(from, from + 9, BROKEN), ...minutely(from + 10, from + 19, NORMAL)]),
      ['opened broken_neutral: critical 0-'],
    ],
  ];
  it.each(cases)('%s', (_sentence, inputs, told) => {
    expect(tell(run(inputs).facts)).toEqual(told);
  });

  it('shows how far it has moved', () => {
    const [opened] = episodesOf(run(minutely(0, 1, BROKEN)).facts);
    expect(opened).toMatchObject({ worst: 262, evidence: { limitV: 242, lowestV: 172, sumV: 653 } });
    // sqrt((Q + sqrt(3 Q^2 - 6 F)) / 2) = 367 V line to line, 212 V from the corners; sqrt(Q / 3 - 212^2) = 52.6 V.
    expect(opened?.evidence.neutralShiftV).toBeCloseTo(52.6, 1);
  });
});
