import { describe, expect, it } from '@jest/globals';
import { inputOfEvent } from '../../../src/domain/detector.js';
import type { DetectorInput } from '../../../src/domain/detector.js';
import { DEAD, minute, minutely, NORMAL, readingAt, run, suppliesOf } from './telling.js';

const event = (kind: 'power_off' | 'power_on' | 'offline' | 'silence', at: number): DetectorInput => ({
  kind,
  ts: minute(at),
});
const live = minutely(0, 5, NORMAL);

describe('supply of a transformer', () => {
  const cases: [sentence: string, inputs: DetectorInput[], supplies: string][] = [
    ['is live from the first reading with voltage', live, 'live@0'],
    [
      'is dead when all three phases are below 60 %',
      [...live, readingAt(minute(6), [131.9, 0, 131.9])],
      'live@0 dead@6',
    ],
    ['is kept at exactly 60 %', [...live, readingAt(minute(6), [132, 0, 0])], 'live@0'],
    ['is kept between 60 and 80 %, downwards', [...live, readingAt(minute(6), [150, 150, 150])], 'live@0'],
    [
      'is kept between 60 and 80 %, upwards',
      [...live, readingAt(minute(6), DEAD), readingAt(minute(7), [175.9, 150, 150])],
      'live@0 dead@6',
    ],
    [
      'is live again when one phase is at 80 %',
      [...live, readingAt(minute(6), DEAD), readingAt(minute(7), [176, 0, 0])],
      'live@0 dead@6 live@7',
    ],
    ['is not dead when a phase was not measured', [...live, readingAt(minute(6), [0, 0, null])], 'live@0'],
    ['is kept when nothing was measured', [...live, readingAt(minute(6), [null, null, null])], 'live@0'],
    ['is dead from a power_off event', [...live, event('power_off', 5.5)], 'live@0 dead@5.5'],
    [
      'is live from a power_on event',
      [...live, event('power_off', 5.5), event('power_on', 90)],
      'live@0 dead@5.5 live@90',
    ],
    [
      'ignores a power_off that is repeated',
      [...live, event('power_off', 5.5), event('power_off', 6)],
      'live@0 dead@5.5',
    ],
    [
      'stays dead in the silence after a last gasp',
      [...live, event('power_off', 6), event('silence', 20)],
      'live@0 dead@6',
    ],
    [
      'stays dead over a gap after a dead reading',
      [...live, readingAt(minute(6), DEAD), readingAt(minute(300), DEAD), readingAt(minute(301), NORMAL)],
      'live@0 dead@6 live@301',
    ],
    ['is unknown from the last input on when nothing is heard', [...live, event('silence', 9)], 'live@0 unknown@5'],
    ['is unknown from the last input on when the will came', [...live, event('offline', 6)], 'live@0 unknown@5'],
    [
      'is unknown once, however often silence is noticed',
      [...live, event('silence', 9), event('silence', 10)],
      'live@0 unknown@5',
    ],
    ['is live over a gap of exactly three intervals', [...live, ...minutely(8, 9, NORMAL)], 'live@0'],
    [
      'was unknown during a gap of more than three intervals',
      [...live, readingAt(minute(8) + 1, NORMAL)],
      `live@0 unknown@5 live@${8 + 1 / 60_000}`,
    ],
    [
      'was unknown, not dead, before it is found dead after a gap',
      [...live, readingAt(minute(500), DEAD)],
      'live@0 unknown@5 dead@500',
    ],
    [
      'never was unknown when the data only came late',
      [...live, event('silence', 9), readingAt(minute(6), NORMAL)],
      'live@0 unknown@5 live@5',
    ],
    [
      'is dead at the event when the silence before it was only lateness',
      [...live, event('silence', 9), event('power_off', 6)],
      'live@0 unknown@5 live@5 dead@6',
    ],
    [
      'is live by power_on alone, and what was before stays unknown',
      [...live, event('power_on', 90)],
      'live@0 unknown@5 live@90',
    ],
    [
      'is unknown before the first input, also when nothing was ever heard',
      [event('silence', 3), event('offline', 4)],
      '',
    ],
  ];
  it.each(cases)('%s', (_sentence, inputs, supplies) => {
    expect(suppliesOf(run(inputs).facts)).toBe(supplies);
  });

  it('ignores what is older than the last input; the caller has to run the history again', () => {
    const { state } = run(live);
    expect(run([readingAt(minute(4), DEAD), event('power_off', 4)], state)).toEqual({ state, facts: [] });
  });

  it('takes a power_off of all phases only for a loss of supply', () => {
    expect(inputOfEvent('power_off', 1, 'ABC')).toEqual({ kind: 'power_off', ts: 1 });
    expect(inputOfEvent('power_off', 1, null)).toEqual({ kind: 'power_off', ts: 1 });
    expect(inputOfEvent('power_off', 1, 'A')).toBeNull();
    expect(inputOfEvent('power_on', 1, 'A')).toEqual({ kind: 'power_on', ts: 1 });
    expect(inputOfEvent('door_open', 1, null)).toBeNull();
  });
});
