import { beforeAll, describe, expect, it } from '@jest/globals';
import { readXlsx } from 'hucre/xlsx';
import type { Tx } from '../../src/modules/database/database.js';
import { TestClock } from '../support/database.js';
import { buildGrid, reviseSupply, tellSupply } from '../support/grid.js';
import type { Grid } from '../support/grid.js';
import { ADMIN_KEY, eventually, useService } from '../support/service.js';

const MINUTE = 60_000;
const START = Date.parse('2026-07-15T10:00:00+08:00');

interface Row {
  key: string;
  customersServed: number;
  saidiMinutes: number | null;
  saifi: number | null;
  openInterruptions: number;
}
interface Report {
  sustainedMinutes: number;
  policyVersion: number;
  total: Row;
  items: Row[];
}
interface Restatements {
  items: {
    id: number;
    published: Row;
    known: Row;
    isChanged: boolean;
    outages: { customerMinutes: number; customerInterruptions: number; revisions: { type: string; why: string }[] }[];
  }[];
  nextCursor: string | null;
}

describe('reports over HTTP', () => {
  const clock = new TestClock(START);
  const held = useService({ clock });
  let grid: Grid;
  const tell = (to: 'dead' | 'live', at: number, ...codes: string[]): Promise<void> =>
    tellSupply(
      held.service.db,
      codes.map((code) => ({ transformerId: grid.get(code) ?? 0, to, at })),
    );
  const day = '?from=2026-07-15&to=2026-07-16';
  const report = async (query: string): Promise<Report> =>
    (await held.service.call<Report>('GET', `/reports/reliability${day}${query}`)).body;
  const restatements = async (query = ''): Promise<Restatements> =>
    (await held.service.call<Restatements>('GET', `/reports/restatements${query}`)).body;

  const fileOf = async (path: string): Promise<{ headers: Headers; bytes: Uint8Array }> => {
    const answer = await fetch(`${held.service.url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    expect(answer.status).toBe(200);
    return { headers: answer.headers, bytes: new Uint8Array(await answer.arrayBuffer()) };
  };

  beforeAll(async () => {
    const { db } = held.service;
    grid = await buildGrid(db, { feeders: 2, sections: 1, transformers: 2, customers: 10 });
    await db.query(
      `insert into customer_transformer (customer_id, transformer_id, valid_from) select id, transformer_id, '-infinity' from customer
       on conflict do nothing`,
    );
  });

  it('measures losses by row, publishes, and says later what became known since and why', async () => {
    const { service } = held;
    await tell('dead', START, 'F1.A.1', 'F1.A.2');
    await service.goTo(clock.now() + 30 * MINUTE);
    await tell('live', START + 30 * MINUTE, 'F1.A.1');
    await eventually(async () => (await report('&by=feeder')).total.openInterruptions === 10);

    await service.goTo(clock.now() + 30 * MINUTE);
    // Half is back: what stays dead becomes a nested outage of its own, which takes its minutes along.
    const nested = () => service.db.query<{ id: number }>(`select id from outage where parent_id is not null`);
    const [rest] = await eventually(async () => {
      const found = await nested();
      return found.length === 1 && found;
    });
    const before = await report('&by=feeder');
    // 20 customers of 40 lost supply; 10 for 30 min, 10 for 60 min so far.
    expect(before.total).toMatchObject({ customersServed: 40, saidiMinutes: 22.5, saifi: 0.5, openInterruptions: 10 });
    expect(before.items).toMatchObject([
      { key: 'F1', customersServed: 20, saidiMinutes: 45, saifi: 1 },
      { key: 'F2', customersServed: 20, saidiMinutes: 0, saifi: 0 },
    ]);
    expect((await report('&area=F2')).total).toMatchObject({ customersServed: 20, saifi: 0 });
    expect((await report('&by=transformer&nature=planned')).items.map(({ key, saifi }) => [key, saifi])).toEqual(
      ['F1.A.1', 'F1.A.2', 'F2.A.1', 'F2.A.2'].map((code) => [code, 0]),
    );

    const published = await service.call<{ id: number; published: Row }>('POST', '/reports/reliability/publish', {
      from: '2026-07-15',
      note: 'for the regulator',
    });
    expect(published).toMatchObject({ status: 201, body: { published: { saidiMinutes: 22.5 } } });
    expect((await restatements()).items).toMatchObject([{ id: published.body.id, isChanged: false, outages: [] }]);

    // It had been restored ten minutes before the publication; the message came late.
    await service.goTo(clock.now() + 10 * MINUTE);
    const said = { note: '班组到场', by: '抢修一班' };
    expect((await service.call('POST', `/outages/${rest?.id ?? 0}/progress`, said)).status).toBe(200);
    await tell('live', START + 50 * MINUTE, 'F1.A.2');
    const late = await eventually(async () => (await restatements()).items.find(({ isChanged }) => isChanged));
    expect(late).toMatchObject({
      published: { saidiMinutes: 22.5, openInterruptions: 10 },
      known: { saidiMinutes: 20, saifi: 0.5, openInterruptions: 0 },
    });
    const sum = (of: 'customerMinutes' | 'customerInterruptions'): number =>
      late.outages.reduce((total, row) => total + row[of], 0);
    expect([sum('customerMinutes'), sum('customerInterruptions')]).toEqual([-100, 0]);
    const learnt = late.outages.flatMap(({ revisions }) => revisions.map(({ type }) => type));
    expect(learnt).toContain('outage_restored');
    expect(learnt).not.toContain('outage_progress');

    // And it never was longer than 20 minutes on the other.
    await reviseSupply(service.db, grid.get('F1.A.1') ?? 0, START, (tx) =>
      tx.query(`update supply_interval set ended_at = $2, revision = 1 where transformer_id = $1`, [
        grid.get('F1.A.1'),
        new Date(START + 20 * MINUTE),
      ]),
    );
    await eventually(async () => (await restatements()).items[0]?.known.saidiMinutes === 17.5);
  });

  it('pages restatements, refuses periods without time and limits that no standard has', async () => {
    const { service } = held;
    await service.call('POST', '/reports/reliability/publish', { from: '2026-07-15', sustained: 5 });
    const first = await restatements('?limit=1');
    expect(first.items).toHaveLength(1);
    const second = await restatements(`?limit=1&cursor=${first.nextCursor}`);
    expect(second.items[0]?.id).toBeLessThan(first.items[0]?.id ?? 0);

    for (const query of ['?from=2027-01-01', '?from=2026-07-15&to=2026-07-14', '?sustained=4', '?by=customer'])
      expect((await service.call('GET', `/reports/reliability${query}`)).status).toBe(400);
  });

  it('says the voltage qualification rate by area, from the readings as they are stored now', async () => {
    const { service } = held;
    const volts = async (minute: number, ua: number): Promise<unknown> =>
      service.db.query(
        'insert into reading (transformer_id, ts, received_at, ua, ub, uc) values ($1, $2, $2, $3, 220, 220)',
        [grid.get('F2.A.1'), new Date(START + minute * MINUTE), ua],
      );
    await volts(0, 190);
    await volts(1, 220);
    interface Voltage {
      items: { key: string; ratePercent: number | null; phases: Record<'A', { ratePercent: number }> }[];
    }
    const rates = async () => (await service.call<Voltage>('GET', `/reports/voltage${day}&by=area`)).body.items;
    expect(await rates()).toMatchObject([
      { key: 'F1', ratePercent: null },
      { key: 'F2', ratePercent: expect.closeTo(500 / 6, 8), phases: { A: { ratePercent: 50 } } },
    ]);
    await volts(2, 220);
    await volts(3, 220);
    expect((await rates())[1]?.phases.A.ratePercent).toBe(75);
  });

  /** Runs `ask`, which has to wait for the table when it comes to it, and lets `write` be committed there meanwhile. */
  async function whileWaitingFor<Answer>(
    table: string,
    ask: () => Promise<Answer>,
    write: (tx: Tx) => Promise<unknown>,
  ) {
    const { db } = held.service;
    const answer = await db.inTx(async (tx) => {
      await tx.query(`lock table ${table} in access exclusive mode`);
      const asked = ask();
      await eventually(
        async () =>
          (await db.query(`select from pg_locks where relation = '${table}'::regclass and not granted`)).length > 0,
      );
      await write(tx);
      return { asked };
    });
    return answer.asked;
  }

  it('tells of one state of the database, whatever is committed while it reads', async () => {
    const { service } = held;
    const id = grid.get('F2.A.2');
    const before = await report('');
    const during = await whileWaitingFor(
      'outage_transformer',
      () => report(''),
      (tx) =>
        tx.query(
          `with o as (insert into outage (state, nature, root_asset_id, area, started_at, known_at, policy_version)
             values ('closed', 'fault', $1, 'F2', $2, $2, 1) returning id)
           insert into outage_transformer (outage_id, transformer_id, started_at, ended_at, source, customers)
           select id, $1, $2, $3, 'reading', 0 from o`,
          [id, new Date(START), new Date(START + 20 * MINUTE)],
        ),
    );
    expect(during).toEqual(before);
    expect((await report('')).total.saidiMinutes).toBe((before.total.saidiMinutes ?? 0) + 5);
    await service.db.query(`update outage set state = 'discarded' where root_asset_id = $1`, [id]);

    const rate = async () => (await service.call<{ total: unknown }>('GET', `/reports/voltage${day}`)).body.total;
    const rateBefore = await rate();
    const rateDuring = await whileWaitingFor('reading', rate, (tx) =>
      tx.query('insert into reading (transformer_id, ts, received_at, ua) values ($1, $2, $2, 190)', [
        id,
        new Date(START),
      ]),
    );
    expect(rateDuring).toEqual(rateBefore);
    expect(await rate()).not.toEqual(rateBefore);
  });

  it('looks for major event days by itself', async () => {
    const { service } = held;
    const checked = 'select from major_event_check where checked_at is not null';
    await eventually(async () => (await service.db.query(checked)).length === 1);
    expect(await service.call('GET', '/reports/major-event-days')).toMatchObject({ status: 200, body: { items: [] } });
  });

  it('gives the same figures as a workbook and as CSV', async () => {
    const { items, total } = await report('&by=feeder');
    const { headers, bytes } = await fileOf(`/reports/reliability${day}&by=feeder&format=xlsx`);
    expect(headers.get('content-type')).toBe('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
    expect(headers.get('content-disposition')).toBe('attachment; filename="reliability-2026-07-15-2026-07-15.xlsx"');
    const [table, about] = (await readXlsx(bytes)).sheets;
    expect(table?.rows.slice(1).map((row) => [row[0], row[4], row[5]])).toEqual(
      [...items, total].map(({ key, customersServed, saidiMinutes }) => [key, customersServed, saidiMinutes]),
    );
    expect(about?.rows).toContainEqual(['分组 by', 'feeder']);
    const titles = (table?.rows[0] ?? []).map((title) => String(title).split('\n')[1]);
    for (const title of [
      'CAIDI without major event days (min)',
      'CEMI, unknown as lost, most',
      'CELID, unknown as lost, most',
    ])
      expect(titles).toContain(title);

    const csv = await fileOf(`/reports/voltage${day}&by=area&format=csv`);
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = new TextDecoder().decode(csv.bytes).split('\r\n');
    expect(lines.map((line) => line.split(',').slice(0, 1)[0])).toEqual(['编号 key', 'F1', 'F2', 'total', '']);
  });

  it('reports complaints and missed warnings, down to the case', async () => {
    const { service } = held;
    for (const [n, category] of (['outage', 'outage', 'metering'] as const).entries())
      await service.call('POST', '/complaints', {
        externalId: `K-${n}`,
        channel: 'hotline',
        category,
        text: '=家里没电',
        receivedAt: clock.now() - (n + 1) * MINUTE,
      });
    const [latest] = (await service.call<{ items: { id: number }[] }>('GET', '/complaints?limit=1')).body.items;
    await service.call('POST', `/complaints/${latest?.id}/contacted`, { at: clock.now(), by: '李工', note: '已联系' });
    interface Complaints {
      total: { complaints: number; contact: object; answer: object };
      items: { key: string; complaints: number }[];
    }
    const { body } = await service.call<Complaints>('GET', `/reports/complaints${day}&by=category`);
    expect(body.total).toMatchObject({
      complaints: 3,
      contact: { onTime: 1, late: 0, waiting: 2 },
      answer: { onTime: 0, late: 0, waiting: 3 },
    });
    expect(body.items.map(({ key, complaints }) => [key, complaints])).toEqual([
      ['metering', 1],
      ['outage', 2],
    ]);

    interface Missed {
      total: { missed: number; reasons: Record<string, number> };
    }
    const missed = await service.call<Missed>('GET', `/reports/missed-warnings${day}`);
    expect(missed.body.total).toMatchObject({ missed: 2, reasons: { no_event_found: 2 } });

    interface Cases {
      items: { externalId: string; reason: string }[];
      nextCursor: string | null;
    }
    const cases = async (query: string) =>
      (await service.call<Cases>('GET', `/reports/missed-warnings/cases${day}${query}`)).body;
    const first = await cases('&limit=1');
    expect(first.items).toMatchObject([{ externalId: 'K-0', reason: 'no_event_found' }]);
    const second = await cases(`&limit=1&cursor=${first.nextCursor}`);
    expect(second).toMatchObject({ items: [{ externalId: 'K-1' }], nextCursor: null });
    const [table] = (await readXlsx((await fileOf(`/reports/missed-warnings/cases${day}&format=xlsx`)).bytes)).sheets;
    expect(table?.rows.slice(1).map((row) => [row[0], row[3]])).toEqual([
      ['K-0', '停电问题'],
      ['K-1', '停电问题'],
    ]);
    for (const path of ['/reports/complaints', '/reports/missed-warnings'])
      expect((await fileOf(`${path}${day}&format=csv`)).headers.get('content-type')).toBe('text/csv; charset=utf-8');
  });
});
