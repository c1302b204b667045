import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CORROBORATED, lostCommunication, release, suspect } from '../../src/domain/corroboration.js';
import type {
  Caller,
  CorroborationRules,
  Evidence,
  Loss,
  SilentStation,
  Station,
  Surroundings,
} from '../../src/domain/corroboration.js';
import { MINUTE_MS } from '../../src/domain/instants.js';

const RULES: CorroborationRules = {
  windowMs: 5 * MINUTE_MS,
  deadShare: 0.3,
  callers: 2,
  loneCallerMs: 15 * MINUTE_MS,
  cellTerminals: 3,
  cellIntervals: 2,
  restShare: 0.8,
};
const FEEDER = 1;
const T0 = 1_000 * MINUTE_MS;

/** `A: dead silent live` = section 10 with three transformers; times are minutes after T0. */
const picture = (text: string): Station[] =>
  text.split(';').flatMap((part, section) =>
    part
      .trim()
      .split(' ')
      .map((word, index): Station => {
        const [state = 'live', minute = '0'] = word.split('@');
        const transformerId = 100 + 10 * section + index;
        const moment = T0 + Number(minute) * MINUTE_MS;
        const supply = state === 'silent' ? 'unknown' : (state as 'live' | 'dead');
        return {
          transformerId,
          path: [FEEDER, 10 + section, transformerId],
          supply,
          since: moment,
          intervalMs: MINUTE_MS,
        };
      }),
  );
const call = (customerId: number, transformerId: number, minute = 1): Caller => ({
  who: `customer ${customerId}`,
  transformerId,
  at: T0 + minute * MINUTE_MS,
});
/** So many report in the area, and so many are silent: those of the picture, and others since T0. */
const around = (stations: readonly Station[], reports: number, silent: number): Surroundings => {
  const own = stations.filter(({ supply }) => supply === 'unknown');
  const others = Array.from({ length: Math.max(0, silent - own.length) }, (_, n) => ({
    transformerId: 900 + n,
    since: T0,
  }));
  return { reports, silent: [...own, ...others] };
};

describe('silence is suspected to be an outage', () => {
  const stories: [string, string, Caller[], [reports: number, silent: number], number[]][] = [
    ['never by itself, one transformer', 'silent live live@5', [], [100, 1], []],
    ['never by itself, a whole feeder', 'silent silent; silent silent', [], [100, 4], []],
    ['when neighbours of its section are dead and none is live', 'dead dead silent; live@5 live@5', [], [50, 1], [102]],
    ['when the whole feeder beside it is dead', 'silent silent; dead dead; dead dead', [], [50, 2], [100, 101]],
    ['not when one neighbour of its section is live', 'dead dead silent live@5', [], [50, 1], []],
    ['not before a neighbour that was live before the loss has spoken', 'dead@1 dead@1 silent live@0', [], [50, 1], []],
    [
      'not when most below the asset are silent and few dead',
      'dead dead silent silent silent silent silent',
      [],
      [50, 5],
      [],
    ],
    ['not of two by one dead neighbour', 'dead silent silent', [], [50, 2], []],
    ['not when the neighbours died long before it was last heard', 'dead dead silent@60', [], [50, 1], []],
    ['also when it was silent before they died', 'dead@60 dead@60 silent@0', [], [50, 1], [102]],
    ['when two customers of a silent transformer call', 'silent live@5', [call(1, 100), call(2, 100)], [50, 1], [100]],
    ['when one customer calls soon', 'silent live@5', [call(1, 100, 15)], [50, 1], [100]],
    [
      'not when one customer calls later, and twice',
      'silent live@5',
      [call(1, 100, 16), call(1, 100, 17)],
      [50, 1],
      [],
    ],
    [
      'when one calls and one other terminal fell silent with it',
      'silent live@5; silent@1 live@5',
      [call(1, 100)],
      [50, 2],
      [100],
    ],
    [
      'not when one calls of a radio cell: two other terminals of the area fell silent with it',
      'silent live@5; silent@2 live@5',
      [call(1, 100)],
      [50, 3],
      [],
    ],
    [
      'when one calls and the others fell silent at another time than a cell would',
      'silent live@5; silent@3 silent@-3 silent@4 live@5',
      [call(1, 100)],
      [50, 4],
      [100],
    ],
    [
      'when one calls and of the others that fell silent with it the neighbours are dead',
      'silent live@5; silent silent@1 dead dead',
      [call(1, 100)],
      [50, 3],
      [110, 111, 100],
    ],
    [
      'not of two by one caller each, where both are of a radio cell',
      'silent live@5; silent live@5; silent live@5',
      [call(1, 100), call(2, 110)],
      [50, 3],
      [],
    ],
    [
      'of a section with callers where the rest of the area was silent long before',
      'silent@60 silent@61; live@65 live@65',
      [call(1, 100, 62), call(2, 101, 62)],
      [10, 30],
      [100, 101],
    ],
    ['not when one calls and the area around is silent as well', 'silent live@5', [call(1, 100)], [10, 30], []],
    ['not when the calls are about another transformer', 'silent live@5', [call(1, 101), call(2, 101)], [50, 1], []],
    [
      'not when the calls came before it was last heard',
      'silent live@5',
      [call(1, 100, -1), call(2, 100, -2)],
      [50, 1],
      [],
    ],
    [
      'of one transformer also when the area around is silent',
      'silent live@5',
      [call(1, 100), call(2, 100)],
      [10, 30],
      [100],
    ],
    [
      'not of more when the area around is silent as well',
      'silent silent@1; live@5',
      [call(1, 100), call(2, 101)],
      [10, 30],
      [],
    ],
    [
      'of a whole section with callers',
      'silent silent@1; live@5 live@5',
      [call(1, 100), call(2, 101)],
      [50, 2],
      [100, 101],
    ],
  ];
  it.each(stories)('%s', (_, text, callers, [reports, silent], expected) => {
    const stations = picture(text);
    const suspicions = suspect(stations, callers, around(stations, reports, silent), RULES);
    expect(suspicions.map(({ transformerId }) => transformerId)).toEqual(expected);
  });

  it.each<[string, string, number[]]>([
    ['of one in the window of a planned work', 'silent@1', [100]],
    ['not beside one that is live below the asset of the work', 'silent@1 live@5', []],
    ['whatever is live below another section', 'silent@1 silent@2; live@5', [100, 101]],
  ])('%s: is the work', (_, text, expected) => {
    const work = { plannedOutageId: 7, assetId: 10, startsAt: T0, endsAt: T0 + 60 * MINUTE_MS };
    const stations = picture(text).map((one) => (one.path.includes(10) ? { ...one, work } : one));
    const suspicions = suspect(stations, [], around(stations, 9, 1), RULES);
    expect(suspicions.map(({ transformerId }) => transformerId)).toEqual(expected);
    for (const { evidence } of suspicions)
      expect(evidence).toEqual({ by: 'planned_work', ...work, silent: expected.length });
  });

  it('begins when the neighbours lost supply and names them as evidence', () => {
    const [suspicion] = suspect(picture('dead@2 dead@3 silent@1'), [], { reports: 9, silent: [] }, RULES);
    expect(suspicion).toEqual({
      transformerId: 102,
      notBefore: T0 + MINUTE_MS,
      startedAt: T0 + 2 * MINUTE_MS,
      evidence: { by: 'dead_neighbours', assetId: 10, dead: 2, silent: 1, live: 0, firstLossAt: T0 + 2 * MINUTE_MS },
    });
  });

  it('never without something dead or somebody calling, whatever is silent', () => {
    const station = fc.constantFrom('silent', 'silent@1', 'silent@90', 'live', 'live@3');
    const section = fc.array(station, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(
        fc.array(section, { minLength: 1, maxLength: 4 }),
        fc.nat(100),
        fc.nat(100),
        (parts, reports, silent) => {
          const stations = picture(parts.join(';'));
          expect(suspect(stations, [], around(stations, reports, silent), RULES)).toEqual([]);
        },
      ),
    );
  });

  it('never of what is measured, and of each at most once', () => {
    const station = fc.constantFrom('silent', 'dead', 'live', 'live@3', 'dead@2', 'silent@3');
    const section = fc.array(station, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
    const calls = fc.array(fc.tuple(fc.nat(3), fc.nat(30)).map(([who, where]) => call(who, 100 + where)));
    fc.assert(
      fc.property(fc.array(section, { minLength: 1, maxLength: 3 }), calls, (parts, callers) => {
        const stations = picture(parts.join(';'));
        const ids = suspect(stations, callers, around(stations, 50, 5), RULES).map((one) => one.transformerId);
        expect(new Set(ids).size).toBe(ids.length);
        for (const id of ids) expect(stations.find((one) => one.transformerId === id)?.supply).toBe('unknown');
      }),
    );
  });
});

describe('a suspicion looked at again', () => {
  const loss = (transformerId: number, endMinute: number | null, source = 'power_off', section = 10): Loss => ({
    transformerId,
    path: [FEEDER, section, transformerId],
    startedAt: T0,
    endedAt: endMinute === null ? null : T0 + endMinute * MINUTE_MS,
    source,
  });
  const suspected = loss(102, null, CORROBORATED);

  const calls: Evidence = { by: 'callers', assetId: 10, silent: 1, callers: 2, restReports: 9, restSilent: 0 };
  const stillOut: Evidence = { by: 'still_out', assetId: 102, callers: 1, supply: 'unknown', restoredAt: T0 };
  const work: Evidence = { by: 'planned_work', assetId: 10, plannedOutageId: 7, silent: 1, startsAt: T0, endsAt: T0 };

  it.each<[string, Loss[], Evidence[], ReturnType<typeof release>]>([
    ['stays while a neighbour is dead', [loss(100, null), loss(101, 30)], [], 'stays'],
    [
      'ends with the last neighbour of its section',
      [loss(100, 20), loss(101, 30)],
      [],
      { endedAt: T0 + 30 * MINUTE_MS },
    ],
    [
      'ends although another section is still out',
      [loss(100, 20), loss(200, null, 'power_off', 11)],
      [],
      { endedAt: T0 + 20 * MINUTE_MS },
    ],
    ['goes when no loss of a neighbour is left', [suspected], [], 'withdrawn'],
    ['stays on the word of callers', [suspected], [calls], 'stays'],
    ['stays in the window of a planned work', [suspected], [work], 'stays'],
    ['ends with measured neighbours in a planned work, too', [loss(100, 20)], [work], { endedAt: T0 + 20 * MINUTE_MS }],
    ['stays when its customers say so after its neighbours are back', [loss(100, 20)], [stillOut], 'stays'],
    [
      'goes when the customers of another transformer say so',
      [suspected],
      [{ ...stillOut, assetId: 101 }],
      'withdrawn',
    ],
  ])('%s', (_, losses, evidence, expected) => {
    expect(release(suspected, losses, evidence)).toEqual(expected);
  });
});

describe('lost communication', () => {
  it('is what fell silent together across feeders', () => {
    const cell = [1, 2, 3, 4, 5].map((n): SilentStation => ({
      transformerId: n,
      path: [n % 2, n],
      since: T0 + n * 1_000,
    }));
    const later = { transformerId: 9, path: [1, 9], since: T0 + 60 * MINUTE_MS };
    const rules = { windowMs: 5 * MINUTE_MS, terminals: 5 };
    expect(lostCommunication([later, ...cell], rules)).toEqual([
      { transformerIds: [1, 2, 3, 4, 5], since: T0 + 1_000, feeders: 2 },
    ]);
    expect(lostCommunication(cell.slice(1), rules)).toEqual([]);
  });
});
