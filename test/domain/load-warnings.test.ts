import { describe, expect, it } from '@jest/globals';
import { UNRATED } from '../../src/domain/detector.js';
import type { DetectorFact, DetectorInput, Rating } from '../../src/domain/detector.js';
import { episodeData } from '../../src/domain/history.js';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { decideWarnings } from '../../src/domain/warning-rules.js';
import type { WarningEntry } from '../../src/domain/warning-rules.js';
import type { Facts, Place } from '../../src/domain/warnings/facts.js';
import { WarningBook } from '../../src/domain/warnings/warning-book.js';
import { buildCity } from '../../src/simulator/build-city.js';
import { addDemoStory } from '../../src/simulator/demo-scenario.js';
import { transformerAt } from '../../src/simulator/city.js';
import type { VoltageIncident } from '../../src/simulator/incident.js';
import { readingAt } from '../../src/simulator/telemetry.js';
import { Timeline } from '../../src/simulator/timeline.js';
import { episodesOf, INTERVAL_MS, minutely, NORMAL, policy, run } from './detection/telling.js';

const PLACE: Place = { assetId: 7, code: 'T7', name: '七号配变', area: 'north' };
const FACTS: Facts = {
  transformers: new Map([
    [7, { place: PLACE, supply: 'live', supplySinceAt: null, lastHeardAt: null, inOpenOutage: false }],
  ]),
  outages: new Map(),
  plannedOutages: new Map(),
  orders: new Map(),
  disconnections: new Map(),
  repairs: new Map(),
  notices: new Map(),
  complaints: new Map(),
};
const RATED: Rating = { capacityKva: 100, connection: 'Yyn0' };

/** The warnings that come of what the rules concluded; every episode of the facts is one row. */
function warn(facts: readonly DetectorFact[]): WarningBook {
  const book = new WarningBook([]);
  const ids = new Map<string, number>();
  episodesOf(facts).forEach((fact, index) => {
    const key = `${fact.kind}:${fact.phase}:${fact.startedAt}`;
    if (!ids.has(key)) ids.set(key, ids.size + 1);
    const entry = {
      id: index + 1,
      type: fact.fact,
      subjectType: 'episode',
      subjectId: ids.get(key),
      happenedAt: fact.endedAt ?? fact.lastSeenAt,
      knownAt: fact.endedAt ?? fact.lastSeenAt,
      actor: 'system',
      data: episodeData(7, fact, 1),
    } as WarningEntry;
    book.apply(decideWarnings(entry, FACTS, policy, book));
  });
  return book;
}
const shown = (book: WarningBook): string[] =>
  book.pages.map(({ now }) => `${now.kind} ${now.severity} ${now.status}: ${now.title}`);

const loaded = (from: number, to: number, given: object): DetectorInput[] =>
  minutely(from, to, NORMAL).map((input) => ({ ...input, ...given }));
const told = (inputs: DetectorInput[]): string[] => shown(warn(run(inputs, undefined, INTERVAL_MS, RATED).facts));

describe('warnings of load and neutral', () => {
  const heavy = loaded(0, 130, { p: 91.5, q: 0 });
  const overload = loaded(131, 260, { p: 120, q: 0 });
  const light = loaded(261, 600, { p: 20, q: 0 });
  it.each<[sentence: string, given: object, expected: string[]]>([
    [
      'names the phases to move customers from and to',
      { ia: 60, ib: 180, ic: 62 },
      ['调整单相用户：从 B 相调 41 A 到 A 相，从 B 相调 39 A 到 C 相（实测 A 60 A、B 180 A、C 62 A）'],
    ],
    [
      'moves nobody where even phases leave a loaded neutral',
      { ia: 100, ib: 99, ic: 98, in: 60 },
      ['中性线 60 A 远大于三相不平衡所致的 2 A（实测 A 100 A、B 99 A、C 98 A）：检查三次谐波和零线'],
    ],
    [
      'says both where both are wrong',
      { ia: 100, ib: 82, ic: 78, in: 60 },
      [
        '中性线 60 A 远大于三相不平衡所致的 20 A（实测 A 100 A、B 82 A、C 78 A）：检查三次谐波和零线',
        '调整单相用户：从 A 相调 9 A 到 C 相，从 A 相调 5 A 到 B 相（实测 A 100 A、B 82 A、C 78 A）',
      ],
    ],
  ])('advice for unbalance %s', (_, given, expected) => {
    const [page] = warn(run(loaded(0, 130, given), undefined, INTERVAL_MS, RATED).facts).pages;
    expect(page?.now.advice).toEqual(expected);
  });

  const table: [sentence: string, inputs: DetectorInput[], expected: string[]][] = [
    [
      'heavy load is a minor warning with its load factor',
      heavy,
      ['overload minor open: 七号配变 重载：最高负载率 91.5 %（容量 100 kVA，重载限值 80 %）'],
    ],
    [
      'overload makes it major and changes its name',
      [...heavy, ...overload],
      ['overload major open: 七号配变 过载：最高负载率 120.0 %（容量 100 kVA，重载限值 80 %）'],
    ],
    [
      'less load resolves it',
      [...heavy, ...overload, ...light],
      ['overload major resolved: 七号配变 过载：最高负载率 120.0 %（容量 100 kVA，重载限值 80 %）'],
    ],
    [
      'unbalance names the limit of the group of connection',
      loaded(0, 130, { ia: 100, ib: 90, ic: 80 }),
      ['unbalance minor open: 七号配变 三相不平衡：最高 20.0 %（Yyn0 限值 15 %）'],
    ],
    [
      'too much in the neutral is said beside it',
      loaded(0, 130, { ia: 100, ib: 92, ic: 90, in: 40 }),
      [
        'unbalance minor open: 七号配变 三相不平衡：最高 10.0 %（Yyn0 限值 15 %），中性线电流为额定值的 27.71 %（限值 25 %）',
      ],
    ],
    [
      'a broken neutral is critical, and the only warning of these voltages',
      minutely(0, 60, [172, 262, 219]),
      ['broken_neutral critical open: 七号配变 疑似断零：最高 262.0 V，最低 172.0 V，零点偏移 52.6 V'],
    ],
  ];
  it.each(table)('%s', (_sentence, inputs, expected) => {
    expect(told(inputs)).toEqual(expected);
  });

  it('keep what was measured in their evidence', () => {
    const [page] = warn(run(heavy, undefined, INTERVAL_MS, RATED).facts).pages;
    expect(page?.now.evidence).toMatchObject({
      worst: 91.5,
      episodes: { '1': { picture: { loadPercent: 91.5, capacityKva: 100, p: 91.5, q: 0 } } },
    });
    expect(page?.now.advice).not.toHaveLength(0);
  });
});

describe('the broken neutral of the simulated city', () => {
  it.each([1, 7, 2026, 31_337])('raises its warning, and nothing else of those voltages (seed %d)', (seed) => {
    const ready = Date.parse('2026-07-15T18:00:00+08:00');
    const timeline = new Timeline(buildCity('small', seed), ready - 10 * HOUR_MS);
    addDemoStory(timeline, seed, ready);
    const fault = timeline.incidents.find(({ id }) => id === 'V-NEUTRAL') as VoltageIncident;
    const transformer = transformerAt(timeline.city, fault.transformer);
    const inputs: DetectorInput[] = [];
    for (let ts = fault.from - (fault.from % MINUTE_MS) - 5 * MINUTE_MS; ts < fault.to; ts += MINUTE_MS) {
      const reading = readingAt(timeline, transformer, ts);
      if (reading === null) continue;
      const {
        ua = null,
        ub = null,
        uc = null,
        ia = null,
        ib = null,
        ic = null,
        in: neutral = null,
        p = null,
        q = null,
      } = reading;
      inputs.push({ kind: 'reading', ts, ua, ub, uc, ia, ib, ic, in: neutral, p, q });
    }
    const { facts } = run(inputs, undefined, INTERVAL_MS, UNRATED);
    const book = warn(facts);
    expect(book.pages.map(({ now }) => `${now.kind} ${now.severity} ${now.status}`)).toEqual([
      'broken_neutral critical open',
    ]);
    expect(book.pages[0]?.now.happenedAt).toBeLessThan(fault.from + MINUTE_MS);
  });
});
