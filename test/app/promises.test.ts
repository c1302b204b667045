import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { phraseZh } from '../../src/domain/receipt-words.js';
import { TestClock } from '../support/database.js';
import { buildGrid, tellSupply } from '../support/grid.js';
import type { Grid } from '../support/grid.js';
import { eventually, useService } from '../support/service.js';
import type { Answer } from '../support/service.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-09-30T10:00:00+08:00');

interface Deadline {
  id: number;
  kind: string;
  stage: string;
  area: string;
  dueAt: string;
  state: string;
  pausable: boolean;
  escalation: { role: string; persons: string[] } | null;
}
interface Page {
  items: Deadline[];
  nextCursor: string | null;
}
interface Receipt extends Deadline {
  steps: { zh: string; en: string }[];
  pauses: { reason: string; pausedBy: string; resumedAt: string | null }[];
  code: string;
  errors: { source: string }[];
}
interface Complaint {
  id: number;
  state: string;
  steps: { step: string; by: string }[];
  deadlines: { kind: string; stage: string; state: string }[];
}

const clock = new TestClock(START);
const held = useService({ clock });
let grid: Grid;
let complaintId = 0;
let keys = 0;

const call = <Body>(method: string, path: string, body?: object | string, key?: string): Promise<Answer<Body>> =>
  held.service.call<Body>(method, path, body, key);
const deadlines = async (query: string): Promise<Deadline[]> =>
  (await call<Page>('GET', `/deadlines?limit=500&${query}`)).body.items;
const answerDue = async (): Promise<Deadline> => {
  const [found] = (await deadlines(`kind=complaint_answer&subjectId=${complaintId}`)).filter(
    ({ stage }) => stage === 'due',
  );
  if (found === undefined) throw new Error('no answer is promised');
  return found;
};
const keyFor = async (role: string): Promise<string> =>
  (await call<{ key: string }>('POST', '/api-keys', { name: `${role} ${(keys += 1)}`, roles: [role] })).body.key;

/** The account's debt, its cut and the payment in full of `paidAt`. */
async function cutAndPaid(accountNo: string, paidAt: number): Promise<void> {
  const post = async (path: string, body: object): Promise<void> => {
    const answer = await call<{ detail?: string }>('POST', path, body);
    expect({ path, status: answer.status, detail: answer.body.detail }).toEqual({
      path,
      status: 200,
      detail: undefined,
    });
  };
  await post('/arrears', { accountNo, amount: 100, dueOn: '2026-07-20' });
  await post(`/arrears/${accountNo}/dunning`, {
    stage: 'phone',
    at: START - 15 * DAY,
    by: '抄表员',
    result: '承诺交费',
  });
  await post('/disconnections', {
    externalId: `D-${accountNo}`,
    accountNo,
    reason: 'arrears',
    approvedBy: '李主任',
    noticeServedAt: START - 7 * DAY,
    finalNoticeAt: START - 2 * DAY - HOUR,
    plannedAt: START - 2 * DAY,
    disconnectedAt: START - 2 * DAY,
  });
  await post('/payments', { externalId: `P-${accountNo}`, accountNo, paidAt, amount: 100, settled: true });
}

beforeAll(async () => {
  grid = await buildGrid(held.service.db, { feeders: 2, sections: 1, transformers: 4, customers: 2 });
  await held.service.db.query(`insert into customer (account_no, transformer_id) values ('A1', $1)`, [
    grid.get('F1.A.1'),
  ]);
  const csv = 'role,area,name,phone\nshift_leader,F1,赵,13900001111\ndirector,,李,13900002222\n';
  expect((await call('POST', '/duty-persons', csv)).body).toEqual({ accepted: 2, rejected: [] });
  const complaint = { channel: 'hotline', accountNo: 'F1.A.1/1', text: '电费有疑问', receivedAt: START };
  const answer = await call<Complaint>('POST', '/complaints', { ...complaint, externalId: 'K-1' });
  complaintId = answer.body.id;
});

describe('promises over HTTP', () => {
  it('a complaint has its clocks, and a call with the customer ends the first', async () => {
    await held.service.goTo(clock.now() + HOUR);
    const { body } = await call<Complaint>('POST', `/complaints/${complaintId}/contacted`, { by: '王' });
    expect(body.steps).toEqual([expect.objectContaining({ step: 'contacted', by: '王' })]);
    expect(body.deadlines.filter(({ kind }) => kind === 'complaint_contact').map(({ state }) => state)).toEqual([
      'met',
      'met',
      'met',
    ]);
    expect((await answerDue()).dueAt).toBe('2026-10-13T18:00:00+08:00');
  });

  it('the clock of an answer stands with a reason and evidence, and runs on', async () => {
    const { id, pausable } = await answerDue();
    expect(pausable).toBe(true);
    expect((await call('POST', `/deadlines/${id}/pause`, { reason: '客户外出' })).status).toBe(400);
    expect((await call('POST', `/deadlines/${id}/pause`, {}, await keyFor('viewer'))).status).toBe(403);
    const given = { reason: '客户外出', evidence: '录音 17' };
    const paused = await call<Receipt>('POST', `/deadlines/${id}/pause`, given, await keyFor('analyst'));
    expect(paused.body).toMatchObject({
      state: 'paused',
      pauses: [{ ...given, pausedBy: expect.stringMatching(/^analyst/), resumedAt: null }],
      receipt: { pauses: [{ from: expect.stringMatching(/^2026-.*\+08:00$/), to: null }] },
    });
    await held.service.goTo(START + 8 * DAY + 7 * HOUR); // Thursday 8 October 17:00: after the holidays
    const resumed = await call<Receipt>('POST', `/deadlines/${id}/resume`, {});
    // Lost are seven working hours: 30 September 11:00 to 12:00 and the afternoon are not counted anyway, on the 8th it is six.
    expect(resumed.body).toMatchObject({ state: 'pending', dueAt: '2026-10-14T17:00:00+08:00' });
    expect(resumed.body.steps.map(({ zh }) => zh)).toContainEqual(
      expect.stringContaining('（客户外出；凭据：录音 17）'),
    );
    expect((await call<Receipt>('POST', `/deadlines/${id}/resume`, {})).body.code).toBe('not_paused');
  });

  it('a calendar is written by an administrator, keeps its versions, and is checked', async () => {
    const calendar = {
      holidays: [{ from: '2027-01-01', to: '2027-01-03', zh: '元旦', en: "New Year's Day" }],
      workingDays: [],
      source: 'a notice',
    };
    expect((await call('GET', '/calendars/2027')).status).toBe(404);
    expect((await call('PUT', '/calendars/2027', calendar, await keyFor('dispatcher'))).status).toBe(403);
    expect(
      (await call<{ detail: string }>('PUT', '/calendars/2027', { ...calendar, workingDays: ['2027-01-02'] })).body
        .detail,
    ).toContain('2027-01-02 lies in a holiday');
    const { body } = await call<{ year: number; versions: object[] }>('PUT', '/calendars/2027', calendar);
    expect(body).toMatchObject({ year: 2027, ...calendar, versions: [{ source: 'a notice', changedBy: 'bootstrap' }] });
    const { body: list } = await call<{ items: { year: number }[] }>('GET', '/calendars');
    expect(list.items.map(({ year }) => year)).toEqual([2025, 2026, 2027]);
  });

  it('who is on the ladder is shown, with the number only to who may see it', async () => {
    const clear = await call<{ items: { name: string; phone: string }[] }>('GET', '/duty-persons?role=director');
    expect(clear.body.items).toMatchObject([{ name: '李', phone: '13900002222' }]);
    const masked = await call<{ items: { phone: string }[] }>(
      'GET',
      '/duty-persons?area=F1',
      undefined,
      await keyFor('viewer'),
    );
    expect(masked.body.items).toMatchObject([{ phone: '139****1111' }]);
  });

  it('a payment booked two days late makes the promise breached from its own instant, and it may not be paused', async () => {
    await held.service.goTo(START + 9 * DAY);
    await cutAndPaid('A1', clock.now() - 30 * HOUR);
    const fired = await eventually(async () => {
      const found = await deadlines('kind=reconnection');
      return found.length > 0 && found.every(({ state }) => state === 'fired') && found;
    });
    const due = fired.find(({ stage }) => stage === 'due');
    expect(due).toMatchObject({
      area: 'F1',
      dueAt: '2026-10-08T16:00:00+08:00',
      escalation: { role: 'director', persons: ['李'] },
      pausable: false,
    });
    expect(fired.find(({ stage }) => stage === '75%')?.escalation).toEqual({ role: 'shift_leader', persons: ['赵'] });
    const pause = await call<Receipt>('POST', `/deadlines/${due?.id}/pause`, { reason: '台风', evidence: '公告 3' });
    expect([pause.status, pause.body.code]).toEqual([409, 'pause_not_allowed']);
    expect(pause.body.errors[0]?.source).toContain('Southern Grid promise');
    const warning = await eventually(async () => {
      const found = await call<{ items: { evidence: Record<string, unknown> }[] }>(
        'GET',
        '/warnings?kind=reconnection_overdue',
      );
      return found.body.items[0];
    });
    expect(warning.evidence.escalatedTo).toEqual([
      { stage: 'due', at: expect.stringMatching(/^2026-.*\+08:00$/), role: 'director', persons: ['李'] },
    ]);
  });
});

describe('receipts', () => {
  /** Everything that has a clock and happens to a network within half a day. */
  async function story(): Promise<void> {
    const { db } = held.service;
    await held.service.goTo(START + 12 * DAY);
    const dead = (code: string, at: number) => ({ transformerId: grid.get(code) ?? 0, to: 'dead' as const, at });
    const live = (code: string, at: number) => ({ transformerId: grid.get(code) ?? 0, to: 'live' as const, at });
    await call('POST', '/planned-outages', {
      externalId: 'W-1',
      assets: ['F2.A.1'],
      startsAt: clock.now(),
      endsAt: clock.now() + HOUR,
      nature: 'planned',
      reason: '检修',
    });
    const lost = ['F1.A.1', 'F1.A.2', 'F1.A.3', 'F1.A.4', 'F2.A.1'];
    await tellSupply(
      db,
      lost.map((code) => dead(code, clock.now())),
    );
    const outage = await eventually(async () => {
      const { body } = await call<{ items: { id: number }[] }>('GET', '/outages?nature=fault');
      return body.items[0];
    });
    await call('PATCH', `/outages/${outage.id}`, { estimatedRestorationAt: clock.now() + HOUR / 2 });
    await held.service.goTo(clock.now() + HOUR);
    await eventually(async () => (await deadlines('kind=outage_momentary')).every(({ state }) => state === 'fired'));
    await tellSupply(
      db,
      ['F1.A.1', 'F1.A.2', 'F1.A.3'].map((code) => live(code, clock.now())),
    );
    await eventually(async () => (await deadlines('kind=outage_nested')).length > 0);
    for (const hours of [1, 2, 4, 6]) {
      await held.service.goTo(clock.now() + hours * HOUR);
      await eventually(async () =>
        (await deadlines('state=pending')).every(({ dueAt }) => Date.parse(dueAt) > clock.now()),
      );
    }
  }

  it('of every kind that fires are whole, in both languages', async () => {
    await story();
    const fired = await deadlines('state=fired');
    const kinds = new Set(fired.map(({ kind }) => kind));
    for (const kind of [
      'outage_momentary',
      'outage_ladder',
      'outage_restoration',
      'outage_nested',
      'planned_overrun',
      'corroboration',
      'reconnection',
    ])
      expect(kinds).toContain(kind);
    for (const { id, kind, dueAt } of fired) {
      const { body } = await call<Receipt>('GET', `/deadlines/${id}/receipt`);
      const [zh, en] = [body.steps.map((step) => step.zh), body.steps.map((step) => step.en)];
      const has = (lines: string[], ...starts: string[]): string[] =>
        starts.filter((start) => !lines.some((line) => line.startsWith(start)));
      expect({
        kind,
        missing: has(zh, '计时起点：', '时限：', '规则集：', '时限依据：', '暂停：', `到期：${dueAt}`),
      }).toEqual({ kind, missing: [] });
      expect({
        kind,
        missing: has(en, 'Start: ', 'Limit: ', 'Profile: ', 'Source of the limit: ', 'Pauses: ', `Due: ${dueAt}`),
      }).toEqual({ kind, missing: [] });
      expect({ kind, start: zh[0] }).toEqual({ kind, start: expect.stringMatching(/（[^a-z]+）$/) });
      expect([...zh, ...en].filter((line) => /undefined|NaN|\[object/.test(line))).toEqual([]);
    }
  });

  it('have a Chinese word for everything that a clock of this service starts with', () => {
    const folder = join(import.meta.dirname, '../../src');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const phrases = files.flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      return text.includes('startMeaningZh:')
        ? []
        : [...text.matchAll(/startMeaning: '([^']+)'/g)].map(([, phrase]) => phrase ?? '');
    });
    expect(phrases.length).toBeGreaterThan(5);
    expect(phrases.filter((phrase) => phraseZh(phrase) === null)).toEqual([]);
  });
});
