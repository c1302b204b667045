import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import type { NewJournalEntry } from '../../src/domain/journal-entry.js';
import { findComplaint } from '../../src/modules/complaints/complaint-queries.js';
import type { NewComplaint } from '../../src/modules/complaints/complaint-rows.js';
import { followerOf } from '../../src/modules/complaints/complaints.follower.js';
import { decideLink } from '../../src/modules/complaints/decide-link.js';
import { importComplaintFile } from '../../src/modules/complaints/import-complaints.js';
import { receive } from '../../src/modules/complaints/receive.js';
import { followerOf as warningsFollowerOf } from '../../src/modules/warnings/warnings.follower.js';
import { TestClock, useDatabase } from '../support/database.js';
import { appendAll, buildSmallCity, catchUp, journalOf, POLICY } from '../support/small-city.js';
import type { SmallCity } from '../support/small-city.js';

const clock = new TestClock();
const held = useDatabase(clock);
const follower = followerOf(POLICY);
const NOW = clock.now();
let city: SmallCity;
let number = 0;

beforeAll(async () => {
  city = await buildSmallCity(held.db);
});
beforeEach(async () => {
  await held.db.query(
    'truncate complaint, complaint_link, outage, outage_transformer, warning, warning_comment cascade',
  );
});

/** Takes one call in and answers its id. */
async function call(over: Partial<NewComplaint> = {}): Promise<number> {
  number += 1;
  const complaint: NewComplaint = {
    externalId: `K-${number}`,
    channel: 'hotline',
    category: null,
    accountNo: 'C1',
    callerPhone: null,
    address: null,
    text: '家里停电了，什么时候来电？',
    receivedAt: NOW,
    ...over,
  };
  const { ids } = await held.db.inTx((tx) => receive(tx, [complaint], POLICY, 'desk'));
  return ids.get(complaint.externalId) ?? 0;
}

async function outage(transformerId: number, startedAt: number, endedAt: number | null = null): Promise<number> {
  const [row] = await held.db.query<{ id: number }>(
    `insert into outage (state, nature, root_asset_id, area, started_at, ended_at, known_at, policy_version)
     values ('confirmed', 'fault', $1, 'north', $2, $3, $2, 1) returning id`,
    [transformerId, new Date(startedAt), endedAt === null ? null : new Date(endedAt)],
  );
  await held.db.query(
    `insert into outage_transformer (outage_id, transformer_id, started_at, ended_at, source, customers)
     values ($1, $2, $3, $4, 'test', 2)`,
    [row?.id, transformerId, new Date(startedAt), endedAt === null ? null : new Date(endedAt)],
  );
  return row?.id ?? 0;
}

const entryOf = (
  type: 'outage_opened' | 'outage_discarded' | 'outage_confirmed',
  outageId: number,
  startedAt: number,
): NewJournalEntry =>
  ({
    type,
    subjectType: 'outage',
    subjectId: outageId,
    happenedAt: startedAt,
    data: {
      state: 'confirmed',
      nature: 'fault',
      rootAssetId: city.transformers[0] ?? 0,
      startedAt,
      endedAt: null,
      estimatedRestorationAt: null,
      plannedOutageId: null,
      parentId: null,
      momentary: false,
      customersAffected: 2,
      customersRestored: 0,
      why: 'test',
    },
  }) as NewJournalEntry; // the three types differ only in what they leave out

const view = (id: number) =>
  findComplaint(held.db, id, { caller: { name: 'li', roles: ['analyst'] }, now: NOW, route: 'test' });
const linksOf = async (id: number): Promise<string[]> =>
  (await view(id)).links.map(({ eventType, eventId, status }) => `${eventType} ${eventId} ${status}`);

describe('linking', () => {
  it('links a call to the outage of its own transformer and not to the neighbour’s', async () => {
    const [own = 0, other = 0] = city.transformers;
    const mine = await outage(own, NOW - HOUR_MS);
    await outage(other, NOW - HOUR_MS);
    expect(await linksOf(await call())).toEqual([`outage ${mine} linked`]);
    expect((await journalOf(held.db, ['complaint_linked'])).at(-1)?.data).toMatchObject({
      eventId: mine,
      status: 'linked',
    });
  });

  it('finds the customer by the calling number, when exactly one has it', async () => {
    const [own = 0] = city.transformers;
    const mine = await outage(own, NOW - HOUR_MS);
    expect(await linksOf(await call({ accountNo: null, callerPhone: '13800000002' }))).toEqual([
      `outage ${mine} linked`,
    ]);
    expect(await linksOf(await call({ accountNo: null, callerPhone: '13900000000' }))).toEqual([]);
  });

  it('finds the customer by the address, when exactly one has it and no number tells', async () => {
    const [own = 0] = city.transformers;
    const mine = await outage(own, NOW - HOUR_MS);
    await held.db.query(
      `update customer set address = case account_no when 'C1' then '东河村3组7号' else '东河村' end`,
    );
    const from = (address: string) => call({ accountNo: null, callerPhone: '19800000000', address });
    expect(await linksOf(await from(' 东河村3组7号'))).toEqual([`outage ${mine} linked`]);
    expect(await linksOf(await from('东河村'))).toEqual([]);
    expect(await linksOf(await from(''))).toEqual([]);
  });

  it('takes the network as it was: a customer who has moved is linked to the outage of the old place', async () => {
    const [, second = 0, third = 0] = city.transformers;
    const customer = city.customers[2] ?? 0; // C3, on T2
    const moved = NOW - 2 * HOUR_MS;
    await held.db.query('update customer_transformer set valid_to = $2 where customer_id = $1', [
      customer,
      new Date(moved),
    ]);
    await held.db.query('insert into customer_transformer values ($1, $2, $3, null)', [
      customer,
      third,
      new Date(moved),
    ]);
    await held.db.query('update customer set transformer_id = $2 where id = $1', [customer, third]);
    const old = await outage(second, NOW - 3 * HOUR_MS, NOW - 2.5 * HOUR_MS);
    await outage(second, NOW - HOUR_MS); // after the move
    expect(await linksOf(await call({ accountNo: 'C3' }))).toEqual([`outage ${old} linked`]);
  });

  it('links a planned work on the feeder through the tree, a cut by account, and an episode by phase', async () => {
    const transformer = city.transformers[3] ?? 0;
    const at = (ms: number): Date => new Date(ms);
    const [plan] = await held.db.query<{ id: number }>(
      `insert into planned_outage (external_id, nature, starts_at, ends_at, registered_at, changed_at)
       values ('P-9', 'planned', $1, $2, $1, $1) returning id`,
      [at(NOW - HOUR_MS), at(NOW + HOUR_MS)],
    );
    await held.db.query('insert into planned_outage_asset values ($1, $2)', [plan?.id, city.feeder]);
    const [cut] = await held.db.query<{ id: number }>(
      `insert into disconnection (external_id, customer_id, reason, planned_at, disconnected_at, recorded_at)
       values ('D-1', $1, 'arrears', $2, $2, $2) returning id`,
      [city.customers[6], at(NOW - HOUR_MS)],
    );
    await held.db.query(`update customer set phase = 'A' where id = $1`, [city.customers[6]]);
    const episodes = await held.db.query<{ id: number }>(
      `insert into episode (transformer_id, kind, phase, severity, started_at, confirmed_at, last_seen_at, evidence, policy_version)
       select $1, 'low_voltage', phase, 'minor', $2, $2, $2, '{}', 1 from unnest(array['A', 'B']) as phase returning id`,
      [transformer, at(NOW - HOUR_MS)],
    );
    expect(await linksOf(await call({ accountNo: 'C7', text: '没有通知就停电' }))).toContain(
      `planned_outage ${plan?.id} linked`,
    );
    expect((await linksOf(await call({ accountNo: 'C7', text: '交了费还没电' })))[0]).toBe(
      `disconnection ${cut?.id} linked`,
    );
    const dim = await linksOf(await call({ accountNo: 'C7', text: '灯很暗，空调带不动' }));
    expect(dim).toContain(`episode ${episodes[0]?.id} linked`);
    expect(dim.filter((link) => link.startsWith('episode'))).toHaveLength(1);
    await held.db.query('truncate planned_outage cascade');
    await held.db.query('truncate disconnection cascade');
    await held.db.query('truncate episode');
  });

  it('links backwards when the outage is recognised after the call', async () => {
    const id = await call();
    expect(await linksOf(id)).toEqual([]);
    expect((await view(id)).missedWarning?.reason).toBe('no_event_found');
    const found = await outage(city.transformers[0] ?? 0, NOW - 20 * MINUTE_MS);
    await appendAll(held.db, entryOf('outage_opened', found, NOW - 20 * MINUTE_MS));
    await catchUp(held.db, follower);
    expect(await linksOf(id)).toEqual([`outage ${found} linked`]);
    expect((await view(id)).missedWarning?.reason).toBe('no_warning');
    clock.advance(12 * MINUTE_MS);
    await appendAll(held.db, entryOf('outage_confirmed', found, NOW - 20 * MINUTE_MS));
    await catchUp(held.db, warningsFollowerOf(POLICY));
    expect((await view(id)).missedWarning).toEqual({
      reason: 'warned_after_call',
      text: expect.stringContaining('12') as unknown,
      textEn: expect.stringContaining('12 min') as unknown,
    });
    clock.set(NOW);
  });

  it('links a call from below an outage whose terminal was silent, not one whose supply was measured', async () => {
    const [silent = 0, measured = 0] = city.transformers;
    const [row] = await held.db.query<{ id: number }>(
      `insert into outage (state, nature, root_asset_id, area, started_at, known_at, policy_version)
       values ('confirmed', 'fault', $1, 'north', $2, $2, 1) returning id`,
      [city.feeder, new Date(NOW - HOUR_MS)],
    );
    await held.db.query(
      `insert into transformer_state (transformer_id, supply, last_ts) values ($1, 'unknown', $3), ($2, 'live', $3)`,
      [silent, measured, new Date(NOW - HOUR_MS)],
    );
    await held.db.query(
      `insert into supply_interval (transformer_id, state, started_at, source) values ($1, 'unknown', $2, 'silence')`,
      [silent, new Date(NOW - HOUR_MS)],
    );
    expect(await linksOf(await call())).toEqual([`outage ${row?.id} linked`]);
    expect(await linksOf(await call({ accountNo: 'C4' }))).toEqual([]);
    await held.db.query('truncate transformer_state, supply_interval');
  });

  it('adopts a complaint whose account is registered only later', async () => {
    const mine = await outage(city.transformers[0] ?? 0, NOW - HOUR_MS);
    const id = await call({ accountNo: 'C99' });
    expect(await linksOf(id)).toEqual([]);
    const [customer] = await held.db.query<{ id: number }>(
      `insert into customer (account_no, transformer_id) values ('C99', $1) returning id`,
      [city.transformers[0]],
    );
    await held.db.query(`insert into customer_transformer values ($1, $2, '-infinity', null)`, [
      customer?.id,
      city.transformers[0],
    ]);
    await appendAll(held.db, {
      type: 'network_imported',
      subjectType: 'asset',
      subjectId: 0,
      happenedAt: NOW,
      data: { kind: 'customers', accepted: 1, rejected: 0 },
    });
    await catchUp(held.db, follower);
    expect(await linksOf(id)).toEqual([`outage ${mine} linked`]);
  });

  it('withdraws its own links when the outage is discarded, and never a person’s', async () => {
    const mine = await outage(city.transformers[0] ?? 0, NOW - HOUR_MS);
    const [byRule, byPerson, refused] = [await call(), await call(), await call()];
    const decide = (complaintId: number, status: 'confirmed' | 'rejected') =>
      held.db.inTx((tx) => decideLink(tx, { complaintId, eventType: 'outage', eventId: mine, status, note: '' }, 'li'));
    await decide(byPerson, 'confirmed');
    await decide(refused, 'rejected');
    await appendAll(held.db, entryOf('outage_opened', mine, NOW - HOUR_MS));
    await catchUp(held.db, follower);
    expect(await linksOf(refused)).toEqual([`outage ${mine} rejected`]);
    await held.db.query(`update outage set state = 'discarded' where id = $1`, [mine]);
    await appendAll(held.db, entryOf('outage_discarded', mine, NOW - HOUR_MS));
    await catchUp(held.db, follower);
    expect(await linksOf(byRule)).toEqual([`outage ${mine} rejected`]);
    expect(await linksOf(byPerson)).toEqual([`outage ${mine} confirmed`]);
  });
});

describe('intake', () => {
  it('takes a file in once, and names the lines it cannot take', async () => {
    const file = [
      'external_id,channel,account_no,text,received_at',
      'F-1,hotline,C1,"停电了',
      '第二行",2026-07-15T09:00:00+08:00',
      'F-2,pigeon,C1,停电了,2026-07-15T09:00:00+08:00',
      'F-3,online,C1,电压低,yesterday',
      'F-1,online,C1,again,2026-07-15T09:00:00+08:00',
    ].join('\n');
    const take = (body: string) => held.db.inTx((tx) => importComplaintFile(tx, body, 'csv', POLICY, 'desk'));
    const first = await take(file);
    expect(first.result.accepted).toBe(1);
    expect(first.result.rejected.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('pigeon'),
      expect.stringContaining('instant'),
      expect.stringContaining('stands on line'),
    ]);
    expect((await take(file)).created).toEqual([]);
    const other = await take('externalId,channel,text,receivedAt\nF-1,hotline,another text,2026-07-15T09:00:00+08:00');
    expect(other.result).toMatchObject({ accepted: 0, rejected: [{ line: 2 }] });
    expect(await held.db.query('select text from complaint')).toEqual([{ text: '停电了\n第二行' }]);
  });

  it('warns of three callers of one transformer without an event, and of a customer who calls a third time', async () => {
    const warnings = warningsFollowerOf(POLICY);
    for (const accountNo of ['C1', 'C2', 'C4']) await call({ accountNo });
    await catchUp(held.db, warnings);
    const seen = () =>
      held.db.query<{ kind: string; code: string }>('select kind, subject_code as code from warning order by id');
    expect(await seen()).toEqual([{ kind: 'complaint_cluster', code: 'F1' }]);
    await call();
    await call();
    await catchUp(held.db, warnings);
    expect(await seen()).toEqual([
      { kind: 'complaint_cluster', code: 'F1' },
      { kind: 'repeat_complaint', code: 'C1' },
    ]);
    // The calls find their outages; the cluster has nothing left to explain.
    for (const transformer of city.transformers.slice(0, 2)) {
      const found = await outage(transformer, NOW - HOUR_MS);
      await appendAll(held.db, entryOf('outage_opened', found, NOW - HOUR_MS));
    }
    await catchUp(held.db, follower);
    await catchUp(held.db, warnings);
    expect(await held.db.query(`select status from warning where kind = 'complaint_cluster'`)).toEqual([
      { status: 'resolved' },
    ]);
  });
});
