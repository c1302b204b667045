import { beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../src/domain/instants.js';
import { at } from '../../src/modules/database/database.js';
import { reportComplaints } from '../../src/modules/reports/complaint-report.js';
import type { ComplaintAsk } from '../../src/modules/reports/complaint-report.js';
import { findMissedCases, reportMissedWarnings } from '../../src/modules/reports/missed-warnings.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildSmallCity, POLICY } from '../support/small-city.js';
import type { SmallCity } from '../support/small-city.js';

const NOW = Date.parse('2026-07-15T10:00:00+08:00');
/** In the utility's July, in UTC's June. */
const JULY = Date.parse('2026-07-01T00:30:00+08:00');
const ALL = { from: JULY - 60 * DAY_MS, to: NOW, area: null, category: null, channel: null };

describe('the reports of complaints', () => {
  const held = useDatabase(new TestClock(NOW));
  let city: SmallCity;

  async function complain(
    id: string,
    receivedAt: number,
    more: { category?: string; channel?: string; customer?: number } = {},
  ) {
    const { category = 'outage', channel = 'hotline', customer } = more;
    const [row] = await held.db.query<{ id: number }>(
      `insert into complaint (external_id, channel, category, category_confidence, customer_id, text, received_at, recorded_at)
       values ($1, $2, $3, 1, $4, '', $5, $5) returning id`,
      [id, channel, category, customer ?? null, at(receivedAt)],
    );
    return row?.id ?? 0;
  }
  const promise = (complaintId: number, kind: 'contact' | 'answer', dueAt: number, state = 'pending') =>
    held.db.query(
      `insert into deadline (kind, subject_type, subject_id, stage, due_at, state, receipt, policy_version)
       values ('complaint_' || $1, 'complaint', $2, 'due', $3, $4, '{}', 1)`,
      [kind, complaintId, at(dueAt), state],
    );
  const done = (complaintId: number, step: 'contacted' | 'answered', instant: number) =>
    held.db.query(
      `insert into complaint_step (complaint_id, step, at, by, note, recorded_at) values ($1, $2, $3, '', '', $3)`,
      [complaintId, step, at(instant)],
    );
  /** An outage that the complaint is traced to, warned of and told about at these instants. */
  async function linkOutage(complaintId: number, customer: number, warnedAt: number | null, noticedAt: number | null) {
    const [outage] = await held.db.query<{ id: number }>(
      `insert into outage (state, nature, root_asset_id, area, started_at, known_at, policy_version)
       values ('closed', 'fault', $1, 'north', $2, $2, 1) returning id`,
      [city.feeder, at(JULY)],
    );
    await held.db.query(
      `insert into complaint_link (complaint_id, event_type, event_id, score, status, evidence, linked_at)
       values ($1, 'outage', $2, 0.9, 'linked', '[]', $3)`,
      [complaintId, outage?.id, at(NOW)],
    );
    if (warnedAt !== null)
      await held.db.query(
        `insert into warning (kind, severity, subject_type, subject_id, subject_code, subject_name, area, title, happened_at, known_at,
           outage_id, policy_version, evidence)
         values ('outage', 'major', 'outage', $1, 'F1', '', 'north', '', $2, $2, $1, 1, '{}')`,
        [outage?.id, at(warnedAt)],
      );
    if (noticedAt !== null)
      await held.db.query(
        `insert into notice (once_key, kind, customer_id, event_type, event_id, language, text, segments, state, queued_at, next_attempt_at, sent_at)
         values ($2::text, 'fault', $1, 'outage', $2::bigint, 'zh-CN', '', 1, 'accepted', $3, $3, $3)`,
        [customer, outage?.id, at(noticedAt)],
      );
  }

  beforeAll(async () => {
    city = await buildSmallCity(held.db);
    const [c1 = 0, c2 = 0, c3 = 0] = city.customers;
    // Warned and told before the call; contacted in time, answered late.
    const first = await complain('K1', JULY, { customer: c1 });
    await linkOutage(first, c1, JULY - HOUR_MS, JULY - HOUR_MS);
    await promise(first, 'contact', JULY + DAY_MS, 'met');
    await done(first, 'contacted', JULY + DAY_MS);
    await promise(first, 'answer', JULY + 5 * DAY_MS, 'fired');
    await done(first, 'answered', JULY + 5 * DAY_MS + 1);
    // The same customer about the same matter again: warned, but told after the call. Never contacted; the answer waits.
    const second = await complain('K2', JULY + DAY_MS, { customer: c1 });
    await linkOutage(second, c1, JULY, JULY + 2 * DAY_MS);
    await promise(second, 'contact', JULY + 2 * DAY_MS, 'fired');
    await promise(second, 'answer', JULY + 6 * DAY_MS, 'paused');
    // Warned two hours after the call; due tomorrow.
    const third = await complain('K3', NOW - HOUR_MS, { customer: c2, channel: 'regulator' });
    await linkOutage(third, c2, NOW, null);
    await promise(third, 'contact', NOW + DAY_MS);
    // Nobody warned; nothing found; and one that nobody could have warned of. All from files of the past: nothing was promised.
    await linkOutage(await complain('K4', JULY - 20 * DAY_MS, { customer: c3 }), c3, null, null);
    await complain('K5', JULY - 20 * DAY_MS, { category: 'supply_quality', customer: c3 });
    await complain('K6', JULY - 20 * DAY_MS, { category: 'metering' });
    // Not in the period.
    await complain('K7', NOW + 1, { customer: c1 });
  });

  const report = (more: Partial<ComplaintAsk>) =>
    held.db.inTx((tx) => reportComplaints(tx, { ...ALL, by: 'none', ...more }, POLICY));

  it('counts, traces, and says which promises were kept', async () => {
    const { total, items } = await report({ by: 'category' });
    expect(total).toMatchObject({
      complaints: 6,
      open: 6,
      linked: 4,
      linkedShare: 4 / 6,
      repeats: 1,
      contact: { onTime: 1, late: 1, waiting: 1, onTimeShare: 0.5 },
      answer: { onTime: 0, late: 1, waiting: 1, onTimeShare: 0 },
    });
    expect(items.map(({ key, name, complaints }) => [key, name, complaints])).toEqual([
      ['metering', '电能计量', 1],
      ['outage', '停电问题', 4],
      ['supply_quality', '供电质量', 1],
    ]);
    expect(items[0]).toMatchObject({ linkedShare: 0, contact: { onTimeShare: null } });
  });

  it('by channel, area and month of the utility; filtered', async () => {
    const counts = async (more: Partial<ComplaintAsk>) =>
      (await report(more)).items.map(({ key, complaints }) => [key, complaints]);
    expect(await counts({ by: 'channel' })).toEqual([
      ['hotline', 5],
      ['regulator', 1],
    ]);
    expect(await counts({ by: 'area' })).toEqual([
      ['', 1],
      ['north', 5],
    ]);
    expect(await counts({ by: 'month' })).toEqual([
      ['2026-06', 3],
      ['2026-07', 3],
    ]);
    expect((await report({ category: 'outage', channel: 'hotline', area: 'north' })).total.complaints).toBe(3);
    expect((await report({ area: 'south' })).total).toMatchObject({ complaints: 0, linkedShare: null });
  });

  it('says why nobody warned, and the rows add up to the total', async () => {
    const missed = await held.db.inTx((tx) => reportMissedWarnings(tx, { ...ALL, by: 'category' }));
    expect(missed.total).toMatchObject({
      complaints: 6,
      toWarnOf: 5,
      warnedInTime: 1,
      missed: 4,
      missedShare: 0.8,
      reasons: { no_event_found: 1, no_warning: 1, warned_after_call: 1, notice_not_sent: 1 },
    });
    expect(missed.items.map(({ key, toWarnOf, missed: of, missedShare }) => [key, toWarnOf, of, missedShare])).toEqual([
      ['metering', 0, 0, null],
      ['outage', 4, 3, 0.75],
      ['supply_quality', 1, 1, 1],
    ]);
    const byMonth = await held.db.inTx((tx) => reportMissedWarnings(tx, { ...ALL, by: 'month' }));
    expect(byMonth.items.map(({ key, missed: of }) => [key, of])).toEqual([
      ['2026-06', 2],
      ['2026-07', 2],
    ]);
  });

  it('leads to the single case, page by page and by reason', async () => {
    const cases = (
      reason: 'no_warning' | null,
      before: { receivedAt: number; complaintId: number } | null,
      limit: number,
    ) => held.db.inTx((tx) => findMissedCases(tx, { ...ALL, reason }, before, limit));
    const all = await cases(null, null, Infinity);
    expect(all.map(({ externalId, reason, area }) => [externalId, reason, area])).toEqual([
      ['K3', 'warned_after_call', 'north'],
      ['K2', 'notice_not_sent', 'north'],
      ['K5', 'no_event_found', 'north'],
      ['K4', 'no_warning', 'north'],
    ]);
    expect((await cases(null, null, 2)).map(({ externalId }) => externalId)).toEqual(['K3', 'K2']);
    expect((await cases(null, all[1] ?? null, 1)).map(({ externalId }) => externalId)).toEqual(['K5']);
    expect((await cases('no_warning', null, 5)).map(({ externalId }) => externalId)).toEqual(['K4']);
  });
});
