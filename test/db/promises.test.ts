import { beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { receiptOf } from '../../src/domain/deadline-receipt.js';
import { formatInstant, HOUR_MS } from '../../src/domain/instants.js';
import type { Limit } from '../../src/domain/limit.js';
import type { CalendarYear } from '../../src/domain/working-calendar.js';
import type { Policy } from '../../src/domain/policy.js';
import { changeCalendar, findCalendarVersions, loadCalendar } from '../../src/modules/deadlines/calendars.js';
import { DeadlinesMetrics } from '../../src/modules/deadlines/deadlines.metrics.js';
import { setDeadlines, settleDeadlines } from '../../src/modules/deadlines/deadlines.js';
import { sweep } from '../../src/modules/deadlines/deadline-sweep.js';
import { importDutyPersons } from '../../src/modules/deadlines/duty-persons.js';
import { pausePromise, resumePromise } from '../../src/modules/deadlines/pauses.js';
import { YEARS } from '../support/calendars.js';
import { TestClock, useDatabase } from '../support/database.js';
import { journalOf, POLICY } from '../support/small-city.js';

const START = Date.parse('2026-11-16T10:00:00+08:00');
const DAY: Limit = { amount: 24, unit: 'hours' };
const FOUR_DAYS: Limit = { amount: 4, unit: 'working_days' };
const shown = (epochMs: number): string => formatInstant(epochMs).slice(5, 16);

const clock = new TestClock(START);
const held = useDatabase(clock);
const policy: Policy = {
  ...POLICY.policy,
  promises: { ...POLICY.policy.promises, pausableKinds: ['complaint_answer'] },
};
const ACTIVE = { ...POLICY, policy, at: () => ({ policy }) };

/** Sets stages at three quarters and at the limit; again with another start, when a fact arrived late. */
async function promise(limit: Limit, start = START, kind = 'complaint_answer', area?: string): Promise<void> {
  await held.db.inTx(async (tx) => {
    const calendar = await loadCalendar(tx, policy);
    const stages = [0.75, 1].map((share) => {
      const given = { startMeaning: 'complaint received', start, share, profile: 'csg', source: 'a promise' };
      const receipt = receiptOf({ ...given, limit, calendar });
      return { stage: share === 1 ? 'due' : '75%', dueAt: receipt.due, receipt };
    });
    const set = { kind, subjectType: 'complaint', subjectId: 1, policyVersion: 1, stages };
    await setDeadlines(tx, area === undefined ? set : { ...set, area });
  });
}

const idOf = async (stage = 'due'): Promise<number> =>
  (await held.db.query<{ id: number }>('select id from deadline where stage = $1', [stage]))[0]?.id ?? 0;

const pause = async (from: number, to: number | null = null, reason = '客户外出'): Promise<void> => {
  const id = await idOf();
  const given = { reason, evidence: '录音 17', pausedAt: from, resumedAt: to };
  await held.db.inTx((tx) => pausePromise(tx, ACTIVE, id, given, 'li'));
};
const resume = async (at = clock.now()): Promise<void> => {
  const id = await idOf();
  await held.db.inTx((tx) => resumePromise(tx, id, at, 'li'));
};
const settle = (endedAt: number): Promise<void> =>
  held.db.inTx((tx) => settleDeadlines(tx, 'complaint_answer', 'complaint', [1], 'met', [endedAt]));
const fire = async (): Promise<string[]> => (await sweep(held.db, ACTIVE)).fired.map(({ stage }) => stage);

/** `75% 11-17T04:00 pending` */
const stages = async (): Promise<string[]> =>
  (
    await held.db.query<{ stage: string; dueAt: number; state: string }>(
      'select stage, due_at as "dueAt", state from deadline order by due_at, id',
    )
  ).map(({ stage, dueAt, state }) => `${stage} ${shown(dueAt)} ${state}`);

/** What the metric shows. */
async function provisional(): Promise<number> {
  const registry = new Registry();
  new DeadlinesMetrics(registry, held.db);
  const text = await registry.getSingleMetricAsString('lamplighter_deadlines_without_calendar');
  return Number(/^lamplighter_deadlines_without_calendar (\d+)$/m.exec(text)?.[1]);
}

beforeEach(async () => {
  clock.set(START);
  await held.db.query('truncate deadline, deadline_pause, duty_person, journal cascade');
});

describe('pausing a promise', () => {
  it('moves all its stages by the paused time, and the receipts say why', async () => {
    await promise(DAY);
    clock.set(START + 2 * HOUR_MS);
    await pause(clock.now());
    expect(await stages()).toEqual(['75% 11-17T04:00 paused', 'due 11-17T10:00 paused']);
    clock.set(START + 100 * HOUR_MS);
    expect(await fire()).toEqual([]);
    clock.set(START + 5 * HOUR_MS);
    await resume();
    expect(await stages()).toEqual(['75% 11-17T07:00 pending', 'due 11-17T13:00 pending']);
    const [row] = await held.db.query<{ receipt: object }>('select receipt from deadline where id = $1', [
      await idOf(),
    ]);
    expect(row?.receipt).toMatchObject({
      pauses: [{ from: START + 2 * HOUR_MS, to: START + 5 * HOUR_MS, why: '客户外出', evidence: '录音 17' }],
      due: START + 27 * HOUR_MS,
    });
    expect(
      (await journalOf(held.db, ['deadline_paused', 'deadline_resumed'])).map((one) => [one.type, one.data]),
    ).toEqual([
      ['deadline_paused', expect.objectContaining({ reason: '客户外出', resumedAt: null, dueAt: null })],
      ['deadline_resumed', expect.objectContaining({ resumedAt: START + 5 * HOUR_MS, dueAt: START + 27 * HOUR_MS })],
    ]);
  });

  it('leaves alone what came due before it, and takes back what fired while it had begun already', async () => {
    await promise(DAY);
    clock.set(START + 19 * HOUR_MS);
    expect(await fire()).toEqual(['75%']);
    await pause(START + 18.5 * HOUR_MS); // known half an hour late
    expect(await stages()).toEqual(['75% 11-17T04:00 fired', 'due 11-17T10:00 paused']);
    await resume();
    clock.set(START + 26 * HOUR_MS);
    expect(await fire()).toEqual(['due']);
    await pause(START + 20 * HOUR_MS, START + 23 * HOUR_MS, '台风');
    expect(await stages()).toEqual(['75% 11-17T04:00 fired', 'due 11-17T13:30 pending']);
    clock.set(START + 28 * HOUR_MS);
    expect(await fire()).toEqual(['due']);
  });

  it('counts pauses that overlap once', async () => {
    await promise(DAY);
    clock.set(START + 10 * HOUR_MS);
    await pause(START + HOUR_MS, START + 4 * HOUR_MS);
    await pause(START + 3 * HOUR_MS, START + 6 * HOUR_MS);
    expect(await stages()).toEqual(['75% 11-17T09:00 pending', 'due 11-17T15:00 pending']);
  });

  it('keeps its pauses when a fact arrives late and the clock began at another time', async () => {
    await promise(DAY);
    clock.set(START + 6 * HOUR_MS);
    await pause(START + 2 * HOUR_MS, START + 5 * HOUR_MS);
    await promise(DAY, START - 24 * HOUR_MS);
    expect(await stages()).toEqual(['75% 11-16T04:00 pending', 'due 11-16T10:00 pending']);
    await promise(DAY, START - 20 * HOUR_MS);
    expect(await stages()).toEqual(['75% 11-16T08:00 pending', 'due 11-16T17:00 pending']);
    clock.set(START + 6.5 * HOUR_MS);
    await pause(START + 6 * HOUR_MS);
    await promise(DAY, START - 19 * HOUR_MS);
    expect((await stages())[1]).toBe('due 11-16T18:00 paused');
  });

  it('may still turn a breach into a promise kept, once it is known when it was kept', async () => {
    await promise(DAY);
    clock.set(START + 30 * HOUR_MS);
    await fire();
    await settle(START + 26 * HOUR_MS);
    expect(await stages()).toEqual(['75% 11-17T04:00 fired', 'due 11-17T10:00 fired']);
    await pause(START + 20 * HOUR_MS, START + 23 * HOUR_MS);
    expect(await stages()).toEqual(['75% 11-17T04:00 fired', 'due 11-17T13:00 met']);
  });

  it('ends with the promise', async () => {
    await promise(DAY);
    clock.set(START + 2 * HOUR_MS);
    await pause(clock.now());
    clock.set(START + 90 * HOUR_MS);
    await settle(START + 80 * HOUR_MS);
    expect(await stages()).toEqual(['75% 11-17T04:00 met', 'due 11-17T10:00 met']);
  });

  it.each([
    [
      'a kind that the policy does not name',
      async () => promise(DAY, START, 'reconnection'),
      START,
      null,
      'pause_not_allowed',
    ],
    [
      'twice at a time',
      async () => {
        await promise(DAY);
        await pause(START);
      },
      START,
      null,
      'already_paused',
    ],
    [
      'what is over',
      async () => {
        await promise(DAY);
        await held.db.inTx((tx) => settleDeadlines(tx, 'complaint_answer', 'complaint', [1], 'cancelled'));
      },
      START,
      null,
      'promise_over',
    ],
    ['after the limit', async () => promise(DAY, START - 25 * HOUR_MS), START, null, 'limit_passed'],
    ['in the future', async () => promise(DAY), START + 1, null, 'invalid_input'],
    ['backwards', async () => promise(DAY), START - 1, START - 2, 'invalid_input'],
    ['before the clock ran', async () => promise(DAY), START - 3, START - 2, 'invalid_input'],
  ])('refuses %s', async (_, given, from, to, problem) => {
    await given();
    const before = await stages();
    await expect(pause(from, to)).rejects.toMatchObject({ problem });
    expect(await stages()).toEqual(before);
  });

  it('says the rule and its source when it refuses', async () => {
    await promise(DAY, START, 'reconnection');
    await expect(pause(START)).rejects.toMatchObject({
      message: expect.stringMatching(
        /kind reconnection may not be stopped: promises\.pausableKinds .* only complaint_answer\./,
      ),
      errors: [{ rule: 'pause_not_allowed', source: expect.stringMatching(/.+; its limit: a promise$/) }],
    });
    await expect(resume()).rejects.toMatchObject({ problem: 'not_paused' });
  });
});

describe('calendars', () => {
  it('come with the service as the notices say', async () => {
    const { years } = await held.db.inTx((tx) => loadCalendar(tx, policy));
    expect([...years.values()]).toEqual(YEARS);
  });

  it('count promises anew when a year is entered, and keep every version', async () => {
    await promise(FOUR_DAYS, Date.parse('2026-12-30T10:00:00+08:00'));
    expect((await stages())[1]).toBe('due 01-05T18:00 pending');
    expect(await provisional()).toBe(2); // both stages reach into January
    const next: CalendarYear = {
      year: 2027,
      holidays: [{ from: '2027-01-01', to: '2027-01-03', zh: '元旦', en: "New Year's Day" }],
      workingDays: [],
      source: 'a notice',
    };
    const enter = (calendar: CalendarYear) => held.db.inTx((tx) => changeCalendar(tx, calendar, 'wang'));
    await enter(next);
    expect((await stages())[1]).toBe('due 01-06T18:00 pending');
    expect(await provisional()).toBe(0);
    await enter(next);
    await enter({ ...next, workingDays: ['2027-01-02'], holidays: [] });
    // Friday the 1st and Saturday the 2nd work by it.
    expect((await stages())[1]).toBe('due 01-04T18:00 pending');
    expect((await findCalendarVersions(held.db, 2027)).map(({ changedBy }) => changedBy)).toEqual(['wang', 'wang']);
    expect((await journalOf(held.db, ['calendar_changed'])).map(({ subjectId }) => subjectId)).toEqual([2027, 2027]);
    await held.db.query('delete from calendar_year where year = 2027');
  });

  it('take back what fired and by the new calendar is not due yet', async () => {
    await promise(FOUR_DAYS, Date.parse('2026-12-30T10:00:00+08:00'));
    clock.set(Date.parse('2027-01-05T19:00:00+08:00'));
    await fire();
    const holidays = [{ from: '2027-01-01', to: '2027-01-05', zh: '元旦', en: "New Year's Day" }];
    await held.db.inTx((tx) => changeCalendar(tx, { year: 2027, holidays, workingDays: [], source: 'late' }, 'wang'));
    expect(await stages()).toEqual(['75% 01-07T18:00 pending', 'due 01-08T18:00 pending']);
    await held.db.query('delete from calendar_year where year = 2027');
  });

  it('refuse what contradicts itself, every fault at once', async () => {
    const holidays = [
      { from: '2027-01-03', to: '2027-01-01', zh: '元旦', en: 'New Year' },
      { from: '2028-02-01', to: '2028-02-02', zh: '春节', en: 'Spring Festival' },
    ];
    const given = { year: 2027, holidays, workingDays: ['2027-01-04'], source: 'x' };
    const refusal = held.db.inTx((tx) => changeCalendar(tx, given, 'wang'));
    await expect(refusal).rejects.toMatchObject({
      code: 'invalid_input',
      errors: ['body.holidays[0].to', 'body.holidays[1].from', 'body.holidays[1].to', 'body.workingDays[0]'].map(
        (path) => expect.objectContaining({ path }),
      ),
    });
  });
});

describe('the escalation ladder', () => {
  const enter = (...rows: [role: string, area: string, name: string][]): Promise<object> =>
    held.db.inTx((tx) =>
      importDutyPersons(
        tx,
        rows.map(([role, area, name], index) => ({ line: index + 2, cells: { role, area, name, phone: '' } })),
        'li',
      ),
    );

  it('takes each stage to its role: to who has it in the area, else to who has it for all', async () => {
    await enter(
      ['shift_leader', 'north', '赵'],
      ['shift_leader', 'north', '钱'],
      ['shift_leader', '', '孙'],
      ['director', '', '李'],
    );
    await promise(DAY, START, 'complaint_answer', 'north');
    clock.set(START + 24 * HOUR_MS);
    await fire();
    const entries = await journalOf(held.db, ['deadline_fired']);
    expect(entries.map(({ data }) => data)).toEqual([
      expect.objectContaining({ stage: '75%', escalation: { role: 'shift_leader', persons: ['赵', '钱'].sort() } }),
      expect.objectContaining({ stage: 'due', escalation: { role: 'director', persons: ['李'] } }),
    ]);
    const rows = await held.db.query('select escalated_role as role, escalated_to as who from deadline order by id');
    expect(rows).toEqual([
      { role: 'shift_leader', who: ['赵', '钱'].sort() },
      { role: 'director', who: ['李'] },
    ]);
  });

  it('names the role also where nobody has it, and says nothing of stages without one', async () => {
    await promise(DAY);
    await held.db.query("update deadline set stage = '50%' where stage = '75%'");
    clock.set(START + 24 * HOUR_MS);
    await fire();
    const entries = await journalOf(held.db, ['deadline_fired']);
    expect(entries.map(({ data }) => 'escalation' in data && data.escalation)).toEqual([
      false,
      { role: 'director', persons: [] },
    ]);
  });

  it('takes the list in by role, area and name, and answers the lines that it cannot read', async () => {
    expect(
      await enter(['shift_leader', 'north', '赵'], ['boss', 'north', '钱'], ['shift_leader', 'north', '赵']),
    ).toEqual({
      accepted: 1,
      rejected: [
        { line: 3, reason: expect.stringContaining('"boss" is none of shift_leader') as unknown },
        { line: 4, reason: '赵 stands in the file already' },
      ],
    });
    expect(await enter(['shift_leader', 'north', '赵'])).toEqual({ accepted: 1, rejected: [] });
    expect(await held.db.query('select name from duty_person')).toEqual([{ name: '赵' }]);
  });
});
