import { beforeAll, describe, expect, it } from '@jest/globals';
import { TestClock } from '../support/database.js';
import { useService } from '../support/service.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Supply {
  supply: string;
  cause: string;
  reason: string;
  events: { type: string; text: string; state: string }[];
  estimatedRestorationAt: string | null;
  disconnection: { order: { state: string } | null } | null;
  advice: string[];
}

describe("the call taker's view of an account", () => {
  const clock = new TestClock(START);
  const held = useService({ clock });
  const supplyOf = async (accountNo: string, language = 'zh-CN'): Promise<Supply> => {
    const answer = await held.service.call<Supply>('GET', `/accounts/${accountNo}/supply?language=${language}`);
    expect(answer.status).toBe(200);
    return answer.body;
  };

  beforeAll(async () => {
    const { service } = held;
    await service.call(
      'POST',
      '/network/assets',
      'code,kind,parent_code\nS,substation,\nF,feeder,S\nT1,transformer,F\nT2,transformer,F\nT3,transformer,F',
    );
    await service.call(
      'POST',
      '/network/customers',
      'account_no,transformer_code,phase\nA1,T1,A\nA2,T2,B\nA3,T3,C\nA4,T3,C',
    );
    await service.settled();
    const { db } = service;
    await db.query(
      `insert into transformer_state (transformer_id, supply, supply_since)
       select id, case code when 'T1' then 'dead' else 'live' end, '2026-07-15T01:00:00Z' from asset where kind = 'transformer'`,
    );
    await db.query(
      `with o as (
         insert into outage (state, nature, cause, root_asset_id, area, started_at, estimated_restoration_at, known_at, policy_version)
         select 'confirmed', 'fault', '雷击', id, '', '2026-07-15T01:00:00Z', '2026-07-15T06:00:00Z', '2026-07-15T01:00:00Z', 1
         from asset where code = 'T1' returning id, root_asset_id)
       insert into outage_transformer (outage_id, transformer_id, started_at, source, customers)
       select id, root_asset_id, '2026-07-15T01:00:00Z', 'measured', 1 from o`,
    );
    await db.query(
      `insert into episode (transformer_id, kind, phase, severity, started_at, confirmed_at, last_seen_at, evidence, policy_version)
       select id, 'low_voltage', 'B', 'major', '2026-07-15T00:00:00Z', '2026-07-15T00:15:00Z', '2026-07-15T02:00:00Z', '{}', 1
       from asset where code = 'T2'`,
    );
    await db.query(
      `with p as (
         insert into planned_outage (external_id, nature, starts_at, ends_at, reason, registered_at, changed_at)
         values ('W1', 'planned', '2026-07-16T00:00:00Z', '2026-07-16T09:00:00Z', '更换电缆', now(), now()) returning id)
       insert into planned_outage_asset select p.id, a.id from p, asset a where a.code = 'F'`,
    );
    await service.call('POST', '/disconnections', {
      externalId: 'D1',
      accountNo: 'A3',
      reason: 'arrears',
      plannedAt: START - DAY,
      disconnectedAt: START - DAY,
    });
    await service.call('POST', '/payments', {
      externalId: 'P1',
      accountNo: 'A3',
      paidAt: START,
      amount: 1,
      settled: true,
    });
  });

  it('names the outage with its cause, its expected end, and what is planned', async () => {
    const supply = await supplyOf('A1');
    expect(supply).toMatchObject({
      supply: 'dead',
      cause: 'outage',
      reason: '故障停电，7月15日 09:00 起，原因：雷击',
      estimatedRestorationAt: '2026-07-15T14:00:00+08:00',
      disconnection: null,
    });
    expect(supply.events.map((event) => [event.type, event.state])).toEqual([
      ['outage', 'confirmed'],
      ['planned_outage', 'announced'],
    ]);
    expect(supply.advice[0]).toBe('告知预计 7月15日 14:00 恢复供电');
  });

  it('names an episode of the phase of the customer, in English when asked', async () => {
    const supply = await supplyOf('A2', 'en');
    expect(supply).toMatchObject({
      supply: 'live',
      cause: 'episode',
      reason: 'low voltage on phase B at the transformer since 2026-07-15 08:00',
    });
  });

  it('tells a customer who is cut apart from the neighbour who is not', async () => {
    expect(await supplyOf('A3')).toMatchObject({
      supply: 'dead',
      cause: 'disconnection',
      disconnection: { reason: 'arrears', order: { state: 'open', dueAt: '2026-07-15T22:00:00+08:00' } },
      estimatedRestorationAt: '2026-07-15T22:00:00+08:00',
    });
    expect(await supplyOf('A4')).toMatchObject({ supply: 'live', cause: 'none', disconnection: null });
  });

  it("keeps the cut of a crew's word in sight as claimed, until it is measured", async () => {
    const back = { accountNo: 'A3', reconnectedAt: START };
    await held.service.call('POST', '/reconnections', { ...back, by: '一班' });
    expect(await supplyOf('A3', 'en')).toMatchObject({
      supply: 'unknown',
      cause: 'disconnection',
      reason: expect.stringContaining('一班 says it was restored 2026-07-15 10:00, claimed, not confirmed') as unknown,
      events: [{ type: 'disconnection', state: 'claimed' }, { type: 'planned_outage' }],
      disconnection: { claimedBy: '一班', order: { state: 'claimed' } },
      estimatedRestorationAt: null,
    });
    await held.service.call('POST', '/reconnections', { ...back, by: 'meter', source: 'switch' });
    expect(await supplyOf('A3')).toMatchObject({ supply: 'live', cause: 'none', disconnection: null });
  });

  it('follows a planned window', async () => {
    await held.service.goTo(START + DAY);
    expect(await supplyOf('A4')).toMatchObject({ cause: 'planned', supply: 'live', estimatedRestorationAt: null });
    expect(await supplyOf('A3')).toMatchObject({ cause: 'planned', disconnection: null });
  });

  it('knows nothing of an account that the register does not have', async () => {
    const answer = await held.service.call<{ code: string }>('GET', '/accounts/nobody/supply');
    expect([answer.status, answer.body.code]).toEqual([404, 'account_not_found']);
    expect((await held.service.call('GET', '/accounts/A1/supply?language=fr')).status).toBe(400);
  });
});
