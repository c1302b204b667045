import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS, formatInstant, HOUR_MS } from '../../src/domain/instants.js';
import type { Channel } from '../../src/domain/complaints/complaint.js';
import { explainReceipt } from '../../src/domain/receipt-words.js';
import { recordComplaintStep } from '../../src/modules/complaints/promises.js';
import { receive } from '../../src/modules/complaints/receive.js';
import { pausePromise, resumePromise } from '../../src/modules/deadlines/pauses.js';
import { sweep } from '../../src/modules/deadlines/deadline-sweep.js';
import { followerOf } from '../../src/modules/warnings/warnings.follower.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildSmallCity, catchUp, POLICY } from '../support/small-city.js';

/** Wednesday before the seven days of National Day. */
const RECEIVED = Date.parse('2026-09-30T10:00:00+08:00');
const clock = new TestClock(RECEIVED);
const held = useDatabase(clock);
const ACTIVE = { ...POLICY, at: () => POLICY };
const warnings = followerOf(POLICY);
let number = 0;

async function complain(channel: Channel = 'hotline', receivedAt = RECEIVED): Promise<number> {
  number += 1;
  const complaint = {
    externalId: `P-${number}`,
    channel,
    category: null,
    accountNo: 'C1',
    callerPhone: null,
    address: null,
    text: '电费有疑问',
    receivedAt,
  };
  const { ids } = await held.db.inTx((tx) => receive(tx, [complaint], POLICY, 'desk'));
  return ids.get(complaint.externalId) ?? 0;
}

const step = (id: number, name: 'contacted' | 'answered', at = clock.now(), by = '王'): Promise<void> =>
  held.db.inTx((tx) => recordComplaintStep(tx, POLICY, id, { step: name, at, by, note: '' }, 'li'));

/** Lets all followers and sweeps work up to an instant. */
async function until(moment: number): Promise<void> {
  clock.set(moment);
  while ((await sweep(held.db, ACTIVE)).fired.length > 0);
  await catchUp(held.db, warnings);
}

/** `complaint_answer due 10-13T18:00 pending` */
const stages = async (id: number, kind = ''): Promise<string[]> =>
  (
    await held.db.query<{ kind: string; stage: string; dueAt: number; state: string }>(
      `select kind, stage, due_at as "dueAt", state from deadline where subject_id = $1 and kind like $2 || '%' order by due_at, id`,
      [id, kind],
    )
  ).map((row) => `${row.kind} ${row.stage} ${formatInstant(row.dueAt).slice(5, 16)} ${row.state}`);

const shownWarnings = async (): Promise<string[]> =>
  (
    await held.db.query<{ kind: string; severity: string; status: string }>(
      'select kind, severity, status from warning order by id',
    )
  ).map(({ kind, severity, status }) => `${kind} ${severity} ${status}`);

const dueRow = async (id: number): Promise<{ id: number; dueAt: number; receipt: Record<string, unknown> }> => {
  const [row] = await held.db.query<{ id: number; dueAt: number; receipt: Record<string, unknown> }>(
    `select id, due_at as "dueAt", receipt from deadline where subject_id = $1 and kind = 'complaint_answer' and stage = 'due'`,
    [id],
  );
  if (row === undefined) throw new Error('no answer is promised');
  return row;
};

beforeAll(async () => {
  await buildSmallCity(held.db);
});
beforeEach(async () => {
  clock.set(RECEIVED);
  await held.db.query(
    'truncate complaint, complaint_link, deadline, deadline_pause, duty_person, warning, warning_comment, journal cascade',
  );
  await held.db.query('delete from follower_cursor');
});

describe('promises to who complains', () => {
  it.each([
    ['hotline', '10-13T18:00'], // five working days: 8, 9, Saturday 10 made up, 12, 13 October
    ['online', '10-13T18:00'],
    ['regulator', '10-20T18:00'],
    ['government', '10-07T10:00'], // seven days that pass always
    ['media', '10-10T10:00'],
  ] as const)('are set by the channel: %s is answered by %s', async (channel, due) => {
    const id = await complain(channel);
    expect((await stages(id, 'complaint_answer')).at(-1)).toBe(`complaint_answer due ${due} pending`);
    expect(await stages(id, 'complaint_contact')).toEqual([
      'complaint_contact 75% 10-01T04:00 pending',
      'complaint_contact 90% 10-01T07:36 pending',
      'complaint_contact due 10-01T10:00 pending',
    ]);
  });

  it('can print why, with the holidays left out', async () => {
    const { receipt, dueAt } = await dueRow(await complain());
    expect(explainReceipt(receipt, dueAt)).toEqual(
      expect.arrayContaining([
        {
          zh: '计时起点：2026-09-30T10:00:00+08:00（收到投诉）',
          en: 'Start: 2026-09-30T10:00:00+08:00 (complaint received)',
        },
        {
          zh: '时限：5 个工作日（工作时间 08:30-12:00、14:30-18:00，当日不计）',
          en: 'Limit: 5 working days (working hours 08:30-12:00, 14:30-18:00, the day of the start not counted)',
        },
        {
          zh: '不计：2026-10-01 至 2026-10-07，7 天（国庆节）',
          en: 'Not counted: 2026-10-01 to 2026-10-07, 7 days (National Day)',
        },
        { zh: '调休上班，计入：2026-10-10', en: 'Weekend days on which work is made up, counted: 2026-10-10' },
        { zh: '到期：2026-10-13T18:00:00+08:00', en: 'Due: 2026-10-13T18:00:00+08:00' },
      ]),
    );
  });

  it('warn before the limit, and at it; a word with the customer ends it', async () => {
    await held.db.query(
      `insert into duty_person (role, area, name, changed_by, changed_at) values ('director', 'north', '李', 'li', now())`,
    );
    const id = await complain();
    await until(RECEIVED + 18 * HOUR_MS);
    expect(await shownWarnings()).toEqual(['complaint_due_soon info open']);
    await until(RECEIVED + 22 * HOUR_MS);
    expect(await shownWarnings()).toEqual(['complaint_due_soon minor open']);
    await until(RECEIVED + 24 * HOUR_MS);
    expect(await shownWarnings()).toEqual([
      'complaint_due_soon minor resolved',
      'complaint_contact_overdue major open',
    ]);
    const [row] = await held.db.query<{ title: string; evidence: object; area: string }>(
      `select title, evidence, area from warning where kind = 'complaint_contact_overdue'`,
    );
    expect(row).toMatchObject({
      title: `投诉 P-${number}（电价电费）首次联系超时：受理已满 24 小时`,
      area: 'north',
      evidence: { escalatedTo: [{ stage: 'due', role: 'director', persons: ['李'] }] },
    });
    clock.advance(HOUR_MS);
    await step(id, 'contacted');
    await until(clock.now());
    expect(await shownWarnings()).toEqual([
      'complaint_due_soon minor resolved',
      'complaint_contact_overdue major resolved',
    ]);
  });

  it('are kept by what happened, not by when it was recorded', async () => {
    const id = await complain();
    await until(RECEIVED + 25 * HOUR_MS);
    await step(id, 'contacted', RECEIVED + 2 * HOUR_MS);
    await until(clock.now());
    expect(await stages(id, 'complaint_contact')).toEqual([
      'complaint_contact 75% 10-01T04:00 met',
      'complaint_contact 90% 10-01T07:36 met',
      'complaint_contact due 10-01T10:00 met',
    ]);
    expect((await shownWarnings())[1]).toBe('complaint_contact_overdue major resolved');
  });

  it('an answer is a word with the customer, too, and makes the complaint answered', async () => {
    const id = await complain();
    clock.advance(3 * HOUR_MS);
    await step(id, 'answered');
    expect((await stages(id)).every((stage) => stage.endsWith('met'))).toBe(true);
    expect(await held.db.query('select state from complaint')).toEqual([{ state: 'answered' }]);
  });

  it('an answer may wait for the customer: the limit moves on, and what warned too early ends', async () => {
    const id = await complain();
    await step(id, 'contacted');
    const answer = await dueRow(id);
    await until(answer.dueAt);
    expect((await shownWarnings()).at(-1)).toBe('complaint_answer_overdue major open');
    clock.advance(HOUR_MS);
    const pausedAt = Date.parse('2026-10-12T10:00:00+08:00');
    const given = { reason: '客户要求改期', evidence: '录音 3', pausedAt, resumedAt: null };
    await held.db.inTx((tx) => pausePromise(tx, POLICY, answer.id, given, 'li'));
    await until(clock.now());
    expect((await shownWarnings()).at(-1)).toBe('complaint_answer_overdue major resolved');
    clock.set(Date.parse('2026-10-14T10:00:00+08:00'));
    await held.db.inTx((tx) => resumePromise(tx, answer.id, clock.now(), 'li'));
    // Left at the pause: two hours of Monday's morning, Monday afternoon, Tuesday.
    expect((await stages(id, 'complaint_answer')).at(-1)).toBe('complaint_answer due 10-15T18:00 pending');
    await until(Date.parse('2026-10-15T18:00:00+08:00'));
    expect((await shownWarnings()).at(-1)).toBe('complaint_answer_overdue major open');
    const contact = await held.db.query<{ id: number }>(
      `select id from deadline where kind = 'complaint_contact' limit 1`,
    );
    await expect(
      held.db.inTx((tx) => pausePromise(tx, POLICY, contact[0]?.id ?? 0, given, 'li')),
    ).rejects.toMatchObject({ problem: 'pause_not_allowed' });
  });

  it('takes a step once: again the same changes nothing, another is refused, and none before the complaint or to come', async () => {
    const id = await complain();
    await step(id, 'contacted', RECEIVED);
    await step(id, 'contacted', RECEIVED);
    await expect(step(id, 'contacted', RECEIVED, '赵')).rejects.toMatchObject({ problem: 'step_on_record' });
    await expect(step(id, 'answered', RECEIVED - 1)).rejects.toThrow('lies before the complaint was received');
    await expect(step(id, 'answered', RECEIVED + HOUR_MS)).rejects.toThrow('lies in the future');
    await expect(step(999_999, 'answered')).rejects.toMatchObject({ code: 'not_found' });
    expect(await held.db.query('select step from complaint_step')).toEqual([{ step: 'contacted' }]);
  });

  it('promises nothing to the complaints of a file of the past', async () => {
    const old = await complain('hotline', RECEIVED - 31 * DAY_MS);
    const recent = await complain('hotline', RECEIVED - 29 * DAY_MS);
    expect([await stages(old), (await stages(recent)).length]).toEqual([[], 6]);
  });
});
