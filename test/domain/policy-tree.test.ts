import { describe, expect, it } from '@jest/globals';
import { differencesOf } from '../../src/domain/policy-difference.js';
import { PolicyTimeline } from '../../src/domain/policy-in-force.js';
import { overlay } from '../../src/domain/policy.js';
import { readPolicyTree } from '../../src/domain/policy-tree.js';
import type { PolicyReading } from '../../src/domain/policy-tree.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';

const { raw } = readPolicyFile(builtInPolicyFile('csg'));
const leaf = (value: unknown) => ({ value, source: 'a test' });

/** The profile with some of it replaced, read. */
const readWith = (over: object) => readPolicyTree(overlay(raw, over));
const errorsOf = (over: object): string[] => {
  const found = readWith(over);
  return 'errors' in found ? found.errors.map(({ path, message }) => `${path}: ${message}`) : [];
};
const reading = (over: object): PolicyReading => {
  const found = readWith(over);
  if ('errors' in found) throw new Error(JSON.stringify(found.errors));
  return found;
};

describe('a wrong value names its path and its bounds', () => {
  const table: [story: string, over: object, errors: string[]][] = [
    [
      'beyond its bounds',
      { outage: { momentaryMinutes: leaf(-1) } },
      ['outage.momentaryMinutes: must be a number from 0 to 100000, not -1'],
    ],
    [
      'a share above one',
      { outage: { groupShare: leaf(50) } },
      ['outage.groupShare: must be a number from 0 to 1, not 50'],
    ],
    [
      'a limit that is none',
      { complaintPromises: { contact: leaf('soon') } },
      ['complaintPromises.contact: must be a limit such as 24 hours or 4 working days, not "soon"'],
    ],
    [
      'hours of a day that overlap',
      { promises: { workingHours: leaf(['08:00-12:00', '11:00-18:00']) } },
      [
        'promises.workingHours: must be a list of at least 1, each a part of a day such as 08:30-12:00, after the one before it, not ["08:00-12:00","11:00-18:00"]',
      ],
    ],
    [
      'a text instead of a number',
      { voltage: { holdMinutes: leaf('15') } },
      ['voltage.holdMinutes: must be a number from 0 to 100000, not "15"'],
    ],
    [
      'a fraction where things are counted',
      { notices: { attempts: leaf(2.5) } },
      ['notices.attempts: must be a whole number from 1 to 1000000, not 2.5'],
    ],
    [
      'one element of a list',
      { reconnection: { warnAtShares: leaf([0.5, 1]) } },
      ['reconnection.warnAtShares[1]: must be a number above 0 and below 1, not 1'],
    ],
    [
      'an empty list',
      { reconnection: { warnAtShares: leaf([]) } },
      ['reconnection.warnAtShares: must be a list of at least 1, each a number above 0 and below 1, not []'],
    ],
    [
      'a number without its source',
      { outage: { longHours: { value: 8 } } },
      ['outage.longHours.source: must say where the value comes from'],
    ],
    [
      'a bare number',
      { supply: { nominalV: 230 } },
      ['supply.nominalV: must be { value: a number from 0 to 1000, source: text }, not 230'],
    ],
    [
      'an empty source',
      { outage: { longHours: { value: 8, source: '' } } },
      ['outage.longHours.source: must say where the value comes from'],
    ],
    [
      'a setting that is not known',
      { phaseLoss: { holdSeconds: leaf(60) } },
      ['phaseLoss.holdSeconds: is not known here; known are holdMinutes, clearMinutes, hvSumTolerance'],
    ],
    [
      'several at once, all are named',
      { outage: { groupShare: leaf(2) }, voltage: { lowV: leaf(-3) } },
      [
        'voltage.lowV: must be a number from 0 to 1000, not -3',
        'outage.groupShare: must be a number from 0 to 1, not 2',
      ],
    ],
    [
      'low major above low',
      { voltage: { lowMajorV: leaf(199) } },
      ['voltage.lowV: must be above voltage.lowMajorV (199), not 198'],
    ],
    [
      'critical not beyond major',
      { voltage: { highCriticalV: leaf(242) } },
      ['voltage.highCriticalV: must be above voltage.highMajorV (242), not 242'],
    ],
    [
      'a hysteresis that leaves no band',
      { voltage: { hysteresisV: leaf(20) } },
      ['voltage.hysteresisV: must be below half of the band from voltage.lowV (198) to voltage.highV (235.4), not 20'],
    ],
    [
      'live below dead',
      { supply: { liveFromShare: leaf(0.5) } },
      ['supply.liveFromShare: must be above supply.deadBelowShare (0.6), not 0.5'],
    ],
    [
      'notice at the latest before notice at the earliest',
      { disconnection: { noticeMaxDays: leaf(2) } },
      ['disconnection.noticeMaxDays: must be at least disconnection.noticeMinDays (3), not 2'],
    ],
    [
      'a ladder without the limit',
      { outage: { longHours: leaf(10) } },
      ['outage.ladderHours: must contain outage.longHours (10), not only 4, 6, 8, 12, 24'],
    ],
    [
      'a night that begins before it ends',
      { notices: { dayToHour: leaf(8) } },
      ['notices.dayToHour: must be above notices.dayFromHour (8), not 8'],
    ],
    [
      'an area beyond the bounds',
      { areas: { north: { voltage: { lowV: leaf(2000) } } } },
      ['areas.north.voltage.lowV: must be a number from 0 to 1000, not 2000'],
    ],
    [
      'an area that contradicts what it inherits',
      { areas: { north: { voltage: { lowV: leaf(180) } } } },
      ['areas.north.voltage.lowV: must be above voltage.lowMajorV (187), not 180'],
    ],
    [
      'an area with an unknown setting',
      { areas: { north: { voltage: { lowVolts: leaf(180) } } } },
      [expect.stringMatching(/^areas\.north\.voltage\.lowVolts: is not known here; known are lowV, highV, /) as never],
    ],
    [
      'an area that wants what holds for all',
      { areas: { north: { outage: { groupShare: leaf(0.4) } } } },
      [
        expect.stringMatching(
          /^areas\.north\.outage\.groupShare: holds for the whole utility; what may differ/,
        ) as never,
      ],
    ],
    ['an area without a tree', { areas: { north: 3 } }, ['areas.north: must be a tree of the settings that differ']],
    ['areas that name nothing', { areas: [] }, ['areas: must name areas']],
  ];
  it.each(table)('%s', (_, over, errors) => {
    expect(errorsOf(over)).toEqual(errors);
  });

  it('says the fault of the whole utility once, not once more for each area', () => {
    expect(
      errorsOf({ outage: { momentaryMinutes: leaf(-1) }, areas: { north: { voltage: { lowV: leaf(195) } } } }),
    ).toEqual(['outage.momentaryMinutes: must be a number from 0 to 100000, not -1']);
  });

  it('names what is missing', () => {
    const { outage: _, ...rest } = raw as Record<string, unknown>;
    const found = readPolicyTree(rest);
    expect('errors' in found && found.errors).toEqual([
      { path: 'outage', message: expect.stringMatching(/^is missing; must be a section with momentaryMinutes, /) },
    ]);
    expect(readPolicyTree(null)).toEqual({ errors: [{ path: '(top)', message: 'must be a tree of settings' }] });
  });
});

describe('areas', () => {
  it('differ in what they name, and have the rest and its sources from the utility', () => {
    const { policy, areas } = reading({
      areas: { 北区: { voltage: { lowV: { value: 205, source: 'islanded net' } } } },
    });
    const north = areas.get('北区');
    expect(policy.voltage.lowV).toBe(198);
    expect(north?.policy).toEqual({ ...policy, voltage: { ...policy.voltage, lowV: 205 } });
    expect(north?.sources['voltage.lowV']).toBe('islanded net');
    expect(north?.sources['voltage.highV']).toContain('GB/T 12325');
  });
});

describe('differences', () => {
  it('are paths with values and sources of both sides; a new source alone counts', () => {
    const after = overlay(raw, {
      outage: { longHours: { value: 8, source: 'another rule' }, ladderHours: leaf([8, 12]) },
      areas: { north: { voltage: { lowV: leaf(205) } } },
    });
    expect(differencesOf(raw, after)).toEqual([
      { path: 'areas.north.voltage.lowV', before: null, after: 205, sourceBefore: null, sourceAfter: 'a test' },
      {
        path: 'outage.ladderHours',
        before: [4, 6, 8, 12, 24],
        after: [8, 12],
        sourceBefore: 'own: two steps before the 8 h limit, two after',
        sourceAfter: 'a test',
      },
      expect.objectContaining({ path: 'outage.longHours', before: 8, after: 8, sourceAfter: 'another rule' }),
    ]);
    expect(differencesOf(raw, raw)).toEqual([]);
  });
});

describe('which version is in force', () => {
  const base = reading({});
  const make = (version: number, effectiveFrom: number, over: object = {}) => ({
    ...reading(over),
    version,
    effectiveFrom,
  });
  const north = { areas: { north: { voltage: { lowV: leaf(205) } } } };
  const first = make(1, 100);

  it.each<[story: string, versions: ReturnType<typeof make>[], moment: number, version: number]>([
    ['before everything, the first', [first], 50, 1],
    ['from its own instant on', [make(2, 200), first], 200, 2],
    ['not a millisecond earlier', [make(2, 200), first], 199, 1],
    ['of two that have begun, the one written last', [make(3, 150), make(2, 120), first], 160, 3],
    ['one written later replaces one that was to begin later', [make(3, 150), make(2, 200), first], 250, 3],
    ['a plan stands beside a later plan', [make(3, 300), make(2, 200), first], 250, 2],
  ])('%s', (_, versions, moment, version) => {
    expect(new PolicyTimeline(versions).at(moment).version).toBe(version);
  });

  it('gives an area its own limits, by the version of the instant asked for', () => {
    const active = new PolicyTimeline([make(2, 200, north), first]).at(250);
    expect([...active.areas.keys()]).toEqual(['north']);
    expect(active.policyFor('north').voltage.lowV).toBe(205);
    expect(active.policyFor('south')).toEqual(base.policy);
    expect(active.policyAt('north', 199).voltage.lowV).toBe(198);
    expect(active.policyAt('north', 200)).toBe(active.policyFor('north'));
  });

  it('takes in what was written since, once', () => {
    const one = new PolicyTimeline([first]);
    const two = one.with([make(2, 200), make(3, 300)]);
    expect(two.with([make(2, 200), make(3, 300)]).at(250).version).toBe(2);
    expect([one.newest, two.newest]).toEqual([1, 3]);
  });
});
