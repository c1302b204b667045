import { describe, expect, it } from '@jest/globals';
import type { DetectorInput } from '../../../src/domain/detector.js';
import { MINUTE_MS } from '../../../src/domain/instants.js';
import { DEAD, episodesOf, minute, minutely, NORMAL, readingAt, run, suppliesOf, tell } from './telling.js';
import type { Volts } from './telling.js';

const LOW: Volts = [197, 221, 219];
const HIGH: Volts = [236, 221, 219];
const NO_B: Volts = [220, 3, 219];

describe('episodes of a transformer', () => {
  const cases: [sentence: string, inputs: DetectorInput[], told: string[]][] = [
    ['opens low voltage after 15 minutes', minutely(0, 15, LOW), ['opened low_voltage:A minor 0-']],
    ['does not open low voltage a millisecond before', [...minutely(0, 14, LOW), readingAt(minute(15) - 1, LOW)], []],
    ['does not open low voltage at the limit itself', minutely(0, 60, [198, 221, 219]), []],
    ['does not open high voltage at the limit itself', minutely(0, 60, [235.4, 221, 219]), []],
    ['opens high voltage beyond the limit', minutely(0, 15, [235.5, 221, 219]), ['opened high_voltage:A minor 0-']],
    [
      'starts the hold time again after one good reading',
      [...minutely(0, 10, LOW), readingAt(minute(11), NORMAL), ...minutely(12, 26, LOW)],
      [],
    ],
    [
      'closes after the clear time, with the end at the first good reading',
      [...minutely(0, 20, LOW), ...minutely(21, 36, NORMAL)],
      ['opened low_voltage:A minor 0-', 'closed low_voltage:A minor 0-21'],
    ],
    [
      'does not close a minute earlier',
      [...minutely(0, 20, LOW), ...minutely(21, 35, NORMAL)],
      ['opened low_voltage:A minor 0-'],
    ],
    [
      'does not close in the hysteresis band',
      [...minutely(0, 20, LOW), ...minutely(21, 200, [199.9, 221, 219])],
      ['opened low_voltage:A minor 0-'],
    ],
    [
      'worsens by band, and never gets better within the episode',
      [
        ...minutely(0, 15, LOW),
        ...minutely(16, 16, [186, 221, 219]),
        ...minutely(17, 17, [170, 221, 219]),
        ...minutely(18, 30, LOW),
      ],
      ['opened low_voltage:A minor 0-', 'worsened low_voltage:A major 0-', 'worsened low_voltage:A critical 0-'],
    ],
    [
      'opens at the severity of the worst reading of the hold time',
      [...minutely(0, 7, [243, 221, 219]), ...minutely(8, 15, HIGH)],
      ['opened high_voltage:A major 0-'],
    ],
    ['opens phase loss after a minute', minutely(0, 1, NO_B), ['opened phase_loss:B major 0-']],
    ['does not open phase loss on one reading', [readingAt(minute(0), NO_B)], []],
    [
      'takes two lost phases for two episodes',
      minutely(0, 1, [3, 220, 131]),
      ['opened phase_loss:A critical 0-', 'opened phase_loss:C critical 0-'],
    ],
    ['never takes a lost phase for low voltage', minutely(0, 60, NO_B), ['opened phase_loss:B major 0-']],
    [
      'takes 60 to 80 % of a phase for low voltage',
      minutely(0, 15, [220, 140, 219]),
      ['opened low_voltage:B critical 0-'],
    ],
    [
      'keeps a lost phase lost between 60 and 80 %, and does not call it low voltage',
      [...minutely(0, 1, NO_B), ...minutely(2, 60, [220, 150, 219])],
      ['opened phase_loss:B major 0-'],
    ],
    [
      'closes phase loss when the phase is back at 80 %',
      [...minutely(0, 5, NO_B), ...minutely(6, 7, NORMAL)],
      ['opened phase_loss:B major 0-', 'closed phase_loss:B major 0-6'],
    ],
    [
      'takes two collapsed phases that add up to the third for a lost HV phase',
      minutely(0, 1, [156, 84, 240]),
      ['opened phase_loss:A critical 0-', 'opened phase_loss:B critical 0-'],
    ],
    ['takes no phase for lost when none is supplied', minutely(0, 14, [100, 3, 150]), []],
    [
      'neither opens nor closes anything in an outage',
      [...minutely(0, 20, LOW), ...minutely(21, 200, DEAD), ...minutely(201, 230, LOW)],
      ['opened low_voltage:A minor 0-'],
    ],
    [
      'starts the hold time again after an outage',
      [...minutely(0, 10, LOW), ...minutely(11, 12, DEAD), ...minutely(13, 27, LOW)],
      [],
    ],
    [
      'leaves a phase alone that is not measured',
      [...minutely(0, 15, LOW), ...minutely(16, 90, [null, 221, 219])],
      ['opened low_voltage:A minor 0-'],
    ],
    ['never opens over a gap', [...minutely(0, 10, LOW), ...minutely(500, 514, LOW)], []],
    [
      'begins after the gap what it opens after the gap',
      [...minutely(0, 10, LOW), ...minutely(500, 515, LOW)],
      ['opened low_voltage:A minor 500-'],
    ],
    [
      'keeps an open episode open over a gap',
      [...minutely(0, 15, LOW), ...minutely(500, 515, LOW)],
      ['opened low_voltage:A minor 0-'],
    ],
    [
      'does not count a gap as clear time',
      [...minutely(0, 15, LOW), ...minutely(16, 20, NORMAL), ...minutely(500, 510, NORMAL)],
      ['opened low_voltage:A minor 0-'],
    ],
    [
      'adds up the clear time on both sides of a gap',
      [...minutely(0, 15, LOW), ...minutely(16, 20, NORMAL), ...minutely(500, 511, NORMAL)],
      ['opened low_voltage:A minor 0-', 'closed low_voltage:A minor 0-16'],
    ],
  ];
  it.each(cases)('%s', (_sentence, inputs, told) => {
    expect(tell(run(inputs).facts)).toEqual(told);
  });

  it('names the side of the network on which a phase was lost, the worst value and the hold time', () => {
    const [opened] = episodesOf(run(minutely(0, 1, [156.4, 84.3, 240.1])).facts);
    expect(opened).toMatchObject({
      worst: 156.4,
      confirmedAt: minute(1),
      evidence: { side: 'hv', ua: 156.4, ub: 84.3, uc: 240.1, limitV: 132, holdMs: MINUTE_MS },
    });
    const { facts } = run([...minutely(0, 5, [156.4, 84.3, 240.1]), ...minutely(6, 8, NORMAL)]);
    expect(episodesOf(facts).at(-1)).toMatchObject({ fact: 'episode_closed', evidence: opened?.evidence ?? {} });
    const [ofOneSide] = episodesOf(run(minutely(0, 1, NO_B)).facts);
    expect(ofOneSide?.evidence).toMatchObject({ side: 'lv' });
  });

  it('takes the recorded picture of a lost HV phase for phase loss every quarter of an hour, never for an outage', () => {
    // The voltages of a real terminal in the shape of its record: two phases collapse, drift, and add up to the third.
    const picture: Volts[] = [
      [154, 87, 235],
      [156, 84, 235],
      [159, 81, 235],
      [127, 113, 235],
    ];
    const quarter = (index: number, volts: Volts): DetectorInput => readingAt(minute(15 * index), volts);
    const inputs = [
      quarter(0, NORMAL),
      ...picture.map((volts, index) => quarter(index + 1, volts)),
      ...[5, 6, 7].map((index) => quarter(index, NORMAL)),
    ];
    for (const intervalMs of [15 * MINUTE_MS, MINUTE_MS]) {
      const { facts } = run(inputs, undefined, intervalMs);
      expect(suppliesOf(facts)).not.toContain('dead');
      expect(new Set(episodesOf(facts).map((fact) => `${fact.kind}:${fact.phase}`))).toEqual(
        new Set(['phase_loss:A', 'phase_loss:B']),
      );
      expect(episodesOf(facts).filter((fact) => fact.fact === 'episode_closed')).toHaveLength(2);
    }
  });

  it('judges alike what is measured and what single precision made of it', () => {
    for (const volts of [235.4, 198, 200, 131.99, 176, 242, 187]) {
      const measured = run(minutely(0, 30, [volts, 221, 219]));
      expect(run(minutely(0, 30, [Math.fround(volts), 221, 219]))).toEqual(measured);
    }
  });

  describe('that come back', () => {
    const night = (day: number): DetectorInput[] => [
      ...minutely(day * 1440, day * 1440 + 479, HIGH),
      ...minutely(day * 1440 + 480, day * 1440 + 1439, NORMAL),
    ];

    it('are one standing episode when the limit is passed every night', () => {
      const days = Array.from({ length: 20 }, (_, day) => night(day)).flat();
      expect(tell(run(days).facts)).toEqual([
        'opened high_voltage:A minor 0-',
        'closed high_voltage:A minor 0-480',
        'opened high_voltage:A minor 1440-',
      ]);
    });

    it('are over after a whole good day', () => {
      const { facts, state } = run([...night(0), ...night(1), ...minutely(2880, 4500, NORMAL)]);
      expect(tell(facts).at(-1)).toBe('closed high_voltage:A minor 1440-1920');
      expect(episodesOf(facts).at(-1)?.evidence).toMatchObject({ standing: true });
      expect(state.signals).toBeNull();
    });

    it('are separate when they come back after more than a day', () => {
      const { facts } = run([
        ...minutely(0, 20, LOW),
        ...minutely(21, 1600, NORMAL),
        ...minutely(1601, 1621, LOW),
        ...minutely(1622, 1640, NORMAL),
      ]);
      expect(tell(facts)).toHaveLength(4);
    });
  });
});
