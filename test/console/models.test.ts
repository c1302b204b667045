import { describe, expect, it } from '@jest/globals';
import { evidenceLines } from '../../web/src/model/evidence.js';
import { choices, NO_FILTER, outagesShown, warningsShown } from '../../web/src/model/filters.js';
import { isFresh, NOTHING_SEEN, see } from '../../web/src/model/fresh.js';
import { atOffset, offsetMinutesOf, readableInstants, shortInstant, wallClock } from '../../web/src/model/instants.js';
import { ordersShown } from '../../web/src/model/orders.js';
import { keyInHash } from '../../web/src/model/session-key.js';
import { en } from '../../web/src/model/texts-en.js';
import { zh } from '../../web/src/model/texts-zh.js';
import { touchedBy } from '../../web/src/model/touched.js';
import { WARNING_KINDS } from '../../src/domain/warnings/warning.js';

describe('times on the screen', () => {
  it("are the utility's wall clock, whatever zone the browser is in", () => {
    expect(wallClock('2026-07-15T23:59:30.250+08:00')).toEqual({ date: '2026-07-15', time: '23:59:30' });
    expect(shortInstant('2026-07-15T09:05:00+08:00', '2026-07-15T10:00:00+08:00')).toBe('09:05');
    expect(shortInstant('2026-07-14T09:05:00+08:00', '2026-07-15T10:00:00+08:00')).toBe('07-14 09:05');
    expect(shortInstant(null, null)).toBe('—');
  });

  it.each(['2026-07-15T10:00:00+08:00', '2026-01-01T00:30:00-03:30', '2026-07-15T10:00:00+00:00'])(
    'survive the way through an epoch instant: %s',
    (instant) => expect(atOffset(Date.parse(instant), offsetMinutesOf(instant))).toBe(instant),
  );

  it('are written in sentences as people write them', () => {
    expect(readableInstants('Due: 2026-11-22T10:38:04.616+08:00, told 2026-11-22T10:38:05+08:00')).toBe(
      'Due: 2026-11-22 10:38:04, told 2026-11-22 10:38:05',
    );
  });
});

describe('a key in the address', () => {
  it.each([
    ['#key=abc-123_x', 'abc-123_x'],
    ['#key=', null],
    ['', null],
    ['#somewhere', null],
  ])('%s', (hash, key) => expect(keyInHash(hash)).toBe(key));
});

describe('what the board shows', () => {
  const warning = (id: number, over: object) => ({
    id,
    kind: 'outage',
    severity: 'major',
    status: 'open',
    happenedAt: '2026-07-15T08:00:00+08:00',
    dueAt: null as string | null,
    subject: { area: '城东' },
    ...over,
  });

  it('puts warnings first that nobody has taken, then the gravest, then the most urgent, then the newest', () => {
    const shown = warningsShown(
      [
        warning(1, { status: 'acknowledged', severity: 'critical' }),
        warning(2, {}),
        warning(3, { dueAt: '2026-07-15T12:00:00+08:00' }),
        warning(4, { dueAt: '2026-07-15T11:00:00+08:00' }),
        warning(5, { severity: 'critical' }),
        warning(6, { happenedAt: '2026-07-15T09:00:00+08:00' }),
      ],
      NO_FILTER,
    );
    expect(shown.map((one) => one.id)).toEqual([5, 4, 3, 6, 2, 1]);
  });

  it('keeps to the chosen areas, kinds and severities', () => {
    const all = [warning(1, {}), warning(2, { subject: { area: '城西' } }), warning(3, { kind: 'low_voltage' })];
    expect(warningsShown(all, { ...NO_FILTER, areas: ['城东'], kinds: ['outage'] }).map((one) => one.id)).toEqual([1]);
    expect(warningsShown(all, { ...NO_FILTER, severities: ['minor'] })).toEqual([]);
  });

  it('puts the longest outage first, for it is the nearest to the limit', () => {
    const outage = (id: number, startedAt: string, area = '城东') => ({ id, startedAt, rootAsset: { area } });
    const all = [
      outage(1, '2026-07-15T09:00:00+08:00'),
      outage(2, '2026-07-15T07:00:00+08:00'),
      outage(3, '2026-07-15T08:00:00+08:00', '城西'),
    ];
    expect(outagesShown(all, NO_FILTER).map((one) => one.id)).toEqual([2, 3, 1]);
    expect(outagesShown(all, { ...NO_FILTER, areas: ['城西'] }).map((one) => one.id)).toEqual([3]);
    expect(choices(['城西', '', '城东', '城西'])).toHaveLength(2);
  });

  it('puts waiting reconnections by their limit, and the met ones below', () => {
    const order = (id: number, restoredAt: string | null, dueAt: string) => ({ id, restoredAt, dueAt });
    const all = [
      order(1, '2026-07-15T07:00:00+08:00', '2026-07-15T09:00:00+08:00'),
      order(2, null, '2026-07-15T12:00:00+08:00'),
      order(3, null, '2026-07-15T08:00:00+08:00'),
    ];
    expect(ordersShown(all).map((one) => one.id)).toEqual([3, 2, 1]);
  });
});

describe('new rows', () => {
  it('are those that came after the first list, for a while', () => {
    const first = see(NOTHING_SEEN, [], 0);
    const second = see(first, [7], 1_000);
    expect(isFresh(second, 7, 2_000)).toBe(true);
    expect(isFresh(second, 7, 60_000)).toBe(false);
    expect(isFresh(see(NOTHING_SEEN, [7], 0), 7, 1)).toBe(false);
    expect(see(second, [7], 3_000)).toBe(second);
  });
});

describe('evidence', () => {
  it('is one line a value, however deep it lies', () => {
    expect(
      evidenceLines({
        limitV: 198,
        worst: { phase: 'B', volts: 187.25391 },
        at: '2026-07-15T10:00:00+08:00',
        steps: [{ n: 1 }, { n: 2 }],
        phases: ['A', 'B'],
        ok: true,
        none: null,
      }),
    ).toEqual([
      { name: 'limitV', value: '198' },
      { name: 'worst.phase', value: 'B' },
      { name: 'worst.volts', value: '187.254' },
      { name: 'at', value: '2026-07-15 10:00:00' },
      { name: 'steps[1].n', value: '1' },
      { name: 'steps[2].n', value: '2' },
      { name: 'phases', value: 'A, B' },
      { name: 'ok', value: '✓' },
      { name: 'none', value: '—' },
    ]);
  });
});

describe('words and resources', () => {
  it('has a word for every kind of warning in both languages', () => {
    for (const kind of WARNING_KINDS) expect([kind, zh.kind[kind] ?? '', en.kind[kind] ?? '']).not.toContain('');
    expect(Object.keys(zh.kind).toSorted()).toEqual([...WARNING_KINDS].toSorted());
  });

  it('reads those lists again that an entry may have changed', () => {
    expect(touchedBy('warning_raised')).toEqual(['board', 'warnings', 'journal']);
    expect(touchedBy('planned_outage_changed')).toEqual([
      'outages',
      'planned-outages',
      'accounts',
      'supervision-orders',
      'journal',
    ]);
    expect(touchedBy('something_new')).toEqual(['journal']);
  });
});
