import { beforeAll, describe, expect, it } from '@jest/globals';
import { useService } from '../support/service.js';

interface Asset {
  code: string;
  supply: string | null;
  customers: { accountNo: string; name: string; mobile: string }[];
}
interface Page {
  items: Asset[];
  nextCursor: string | null;
}

describe('reading the network register', () => {
  const held = useService();
  beforeAll(async () => {
    const { service } = held;
    await service.call(
      'POST',
      '/network/assets',
      'code,kind,parent_code,name,area\nS1,substation,,城北变,north\nF1,feeder,S1,F一线,north\nT1,transformer,F1,桃园台区,north\nT2,transformer,F1,50%_台区,south',
    );
    await service.call('POST', '/network/terminals', 'terminal,transformer_code\n9001,T1');
    await service.call(
      'POST',
      '/network/customers',
      'account_no,name,transformer_code,mobile,importance\n0500001,欧阳小明,T1,13800138000,0\n0500002,县医院,T1,,9',
    );
    const { db } = service;
    await db.query(
      `insert into transformer_state (transformer_id, supply, supply_since, supply_source)
       select id, 'dead', '2026-07-15T01:00:00Z', 'three_phases' from asset where code = 'T1'`,
    );
    await db.query(
      `insert into reading (transformer_id, ts, received_at, ua, ub)
       select id, ts, ts, 221.5, null from asset, unnest(array['2026-07-15T00:00:00Z', '2026-07-15T01:00:00Z']::timestamptz[]) ts
       where code = 'T1'`,
    );
  });

  it('pages through the assets and finds them by kind, area and part of a name', async () => {
    const list = async (query: string): Promise<Page> =>
      (await held.service.call<Page>('GET', `/network/assets?${query}`)).body;
    const first = await list('limit=3');
    expect(first.items.map((asset) => asset.code)).toEqual(['S1', 'F1', 'T1']);
    const second = await list(`limit=3&cursor=${String(first.nextCursor)}`);
    expect(second).toMatchObject({ items: [{ code: 'T2', supply: 'unknown' }], nextCursor: null });
    expect((await list('kind=transformer&area=north')).items).toMatchObject([{ code: 'T1', supply: 'dead' }]);
    expect((await list(`q=${encodeURIComponent('桃园')}`)).items.map((asset) => asset.code)).toEqual(['T1']);
    expect((await list('q=t2')).items.map((asset) => asset.code)).toEqual(['T2']);
    expect((await list(`q=${encodeURIComponent('%_')}`)).items.map((asset) => asset.code)).toEqual(['T2']);
    expect((await held.service.call('GET', '/network/assets?kind=pole')).status).toBe(400);
  });

  it('shows one asset with supply, last reading and customers', async () => {
    const t1 = await held.service.call<Asset>('GET', '/network/assets/T1');
    expect(t1.body).toMatchObject({
      supply: 'dead',
      supplySince: '2026-07-15T09:00:00+08:00',
      lastReading: { ts: '2026-07-15T09:00:00+08:00', ua: 221.5, ub: null },
      path: [{ code: 'S1' }, { code: 'F1' }, { code: 'T1' }],
      terminals: [{ terminal: '9001', intervalSeconds: 60 }],
      customers: [{ accountNo: '0500002' }, { accountNo: '0500001', name: '欧阳小明', mobile: '13800138000' }],
    });
    const f1 = await held.service.call('GET', '/network/assets/F1');
    expect(f1.body).toMatchObject({ transformers: { live: 0, dead: 1, unknown: 1 }, customerCount: 2, customers: [] });
    expect((await held.service.call('GET', '/network/assets/T9')).status).toBe(404);
  });

  it('masks names and numbers for who may not see them, and records who saw them', async () => {
    const { service } = held;
    await service.db.query('delete from personal_data_access');
    const { body } = await service.call<{ key: string }>('POST', '/api-keys', { name: 'board', roles: ['viewer'] });
    const masked = await service.call<Asset>('GET', '/network/assets/T1', undefined, body.key);
    expect(masked.body.customers[1]).toMatchObject({ name: '欧*', mobile: '138****8000' });
    expect(await service.db.query('select 1 from personal_data_access')).toEqual([]);
    await service.call<Asset>('GET', '/network/assets/T1');
    expect(
      await service.db.query(
        `select p.actor, p.route, c.account_no from personal_data_access p join customer c on c.id = p.customer_id order by 3`,
      ),
    ).toEqual([
      { actor: 'bootstrap', route: 'GET /network/assets/{code}', account_no: '0500001' },
      { actor: 'bootstrap', route: 'GET /network/assets/{code}', account_no: '0500002' },
    ]);
  });
});
