import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EXTENTS as SERVER_EXTENTS } from '../../src/domain/repairs/job-grouping.js';
import { KNOWN_CAUSES } from '../../src/domain/repairs/known-cause.js';
import { DUNNING_RESULTS, DUNNING_STAGES } from '../../src/domain/reconnection/dunning.js';
import { MISSED_REASONS } from '../../src/domain/complaints/missed-warning.js';
import { PARTS } from '../../src/domain/service-quality/rating.js';
import { REPAIR_CLOCKS } from '../../src/domain/repairs/repair-clocks.js';
import { ARREARS_TEXTS } from '../../web/src/model/arrears-texts.js';
import { COMPLAINT_REPORT_TEXTS } from '../../web/src/model/complaint-report-texts.js';
import { SERVICE_TEXTS } from '../../web/src/model/service-texts.js';
import { callOf, EMPTY_CALL, EXTENTS } from '../../web/src/model/intake.js';
import { INTAKE_TEXTS } from '../../web/src/model/intake-texts.js';
import { PROMISE_TEXTS } from '../../web/src/model/promise-texts.js';
import { clockOf, legsInOrder, nextStep, ordersByUrgency } from '../../web/src/model/repair-loop.js';

const at = (clock: string): string => `2026-07-15T${clock}:00+08:00`;
const deadline = (kind: string, stage: string, clock: string, state: string) => ({
  id: 1,
  kind,
  stage,
  dueAt: at(clock),
  state,
});

describe('a clock of the repair loop', () => {
  it('is that of its limit, not of the warnings before it', () => {
    const rows = [
      deadline('repair_arrival_promise', '75%', '10:34', 'fired'),
      deadline('repair_arrival_promise', 'due', '10:45', 'pending'),
      deadline('repair_arrival_regulation', 'due', '11:00', 'pending'),
    ];
    expect(clockOf(rows, 'repair_arrival_promise')).toEqual({
      kind: 'repair_arrival_promise',
      dueAt: Date.parse(at('10:45')),
      state: 'running',
    });
    expect(clockOf(rows, 'repair_callback')).toBeNull();
  });

  it.each([
    ['pending', 'running'],
    ['met', 'in-time'],
    ['fired', 'late'],
    ['cancelled', 'off'],
    ['paused', 'off'],
  ])('that is %s is %s', (state, shown) =>
    expect(clockOf([deadline('repair_dispatch', 'due', '10:05', state)], 'repair_dispatch')?.state).toBe(shown),
  );
});

describe('repair orders', () => {
  const order = (id: number, reported: string, ...deadlines: ReturnType<typeof deadline>[]) => ({
    id,
    reportedAt: at(reported),
    deadlines,
  });

  it('stand with the next limit first, those without one last, the oldest first', () => {
    const orders = [
      order(1, '09:00'),
      order(2, '10:00', deadline('repair_arrival_regulation', 'due', '11:00', 'pending')),
      order(3, '10:10', deadline('repair_dispatch', 'due', '10:15', 'pending')),
      order(4, '08:00', deadline('repair_dispatch', 'due', '08:05', 'fired')),
    ];
    expect(ordersByUrgency(orders).map(({ id }) => id)).toEqual([3, 2, 4, 1]);
  });

  it('are all kept whatever their clocks are', () => {
    const clocks = fc.array(fc.tuple(fc.constantFrom(...REPAIR_CLOCKS), fc.constantFrom('pending', 'met', 'fired')));
    fc.assert(
      fc.property(fc.array(clocks), (given) => {
        const orders = given.map((rows, id) =>
          order(id, '10:00', ...rows.map(([kind, state]) => deadline(kind, 'due', '11:00', state))),
        );
        const shown = ordersByUrgency(orders);
        expect(shown).toHaveLength(orders.length);
        expect(new Set(shown)).toEqual(new Set(orders));
      }),
    );
  });

  it('go from call to call', () => {
    const steps = ['reported', 'dispatched', 'arrived', 'repaired', 'closed'].map(nextStep);
    expect(steps).toEqual(['dispatched', 'arrived', 'repaired', 'called-back', null]);
  });
});

it('legs booked at one instant stand in the order in which they follow', () => {
  const legs = ['field_order', 'ordered', 'received', 'cleared'].map((leg) => ({ leg, at: at('10:00') }));
  const all = [...legs, { leg: 'power_measured', at: at('09:59') }, { leg: 'paid', at: at('09:00') }];
  expect(legsInOrder(all).map(({ leg }) => leg)).toEqual([
    'paid',
    'power_measured',
    'received',
    'cleared',
    'ordered',
    'field_order',
  ]);
});

it('has words for every clock of the repair loop in both languages', () => {
  for (const texts of Object.values(PROMISE_TEXTS))
    for (const kind of REPAIR_CLOCKS) expect(texts.deadlineKind[kind]).toBeDefined();
});

it('has words for all that collection, consumption, rating and missed warnings say, in both languages', () => {
  const covered: [tables: Readonly<Record<string, string>>[], names: readonly string[]][] = [
    [Object.values(ARREARS_TEXTS).map(({ result }) => result), [...DUNNING_RESULTS, 'sending']],
    [Object.values(ARREARS_TEXTS).map(({ stage }) => stage), [...DUNNING_STAGES, 'notice', 'cut']],
    [Object.values(SERVICE_TEXTS).map(({ part }) => part), PARTS],
    [Object.values(COMPLAINT_REPORT_TEXTS).map(({ reason }) => reason), MISSED_REASONS],
  ];
  for (const [tables, names] of covered)
    for (const table of tables) expect(Object.keys(table).toSorted()).toEqual([...names].toSorted());
});

describe('a call that is taken down', () => {
  it.each([
    ['nothing said', {}, null],
    ['a place, but nothing wrong', { accountNo: '1' }, null],
    ['something wrong, but nowhere', { symptom: '没电', place: '三楼', contact: '张' }, null],
    [
      'both',
      { symptom: ' 没电 ', address: '人民路 1 号 ', contact: '  ' },
      { symptom: '没电', address: '人民路 1 号', extent: 'unknown' },
    ],
  ])('is sent only when a crew could find it: %s', (_, said, sent) =>
    expect(callOf({ ...EMPTY_CALL, ...said })).toEqual(sent),
  );

  it('has words for every extent and known cause in both languages', () => {
    expect(EXTENTS.toSorted()).toEqual(SERVER_EXTENTS.toSorted());
    for (const texts of Object.values(INTAKE_TEXTS)) {
      for (const extent of EXTENTS) expect(texts.extent[extent]).toBeDefined();
      for (const cause of KNOWN_CAUSES) expect(texts.cause[cause]).toBeDefined();
    }
  });
});
