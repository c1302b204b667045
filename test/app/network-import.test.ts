import { describe, expect, it } from '@jest/globals';
import { TestClock } from '../support/database.js';
import { useService } from '../support/service.js';

interface ImportResult {
  accepted: number;
  rejected: { line: number; reason: string }[];
}

const HEADER = 'code,kind,parent_code,name,area';
const clock = new TestClock();

describe('import of the network register', () => {
  const held = useService({ clock });
  const post = async (path: string, body: string) => {
    const answer = await held.service.call<ImportResult>('POST', `/network/${path}`, body);
    expect(answer.status).toBe(200);
    return answer.body;
  };
  const pathOf = async (code: string): Promise<string[]> =>
    (
      await held.service.db.query<{ code: string }>(
        `select b.code from asset a, unnest(a.path) with ordinality as p(id, position) join asset b on b.id = p.id
         where a.code = $1 order by p.position`,
        [code],
      )
    ).map((row) => row.code);

  it('takes a whole network whose children stand before their parents, behind a BOM', async () => {
    const file = `\uFEFF${HEADER}\r\nT1,transformer,X1,台区一,north\r\nX1,section,F1,,north\r\nF1,feeder,S1,,north\r\nS1,substation,,城北变,north\r\nF2,feeder,S1,,north\r\nT2,transformer,F2,"台区, 二",north\r\n`;
    expect(await post('assets', file)).toEqual({ accepted: 6, rejected: [] });
    expect(await pathOf('T1')).toEqual(['S1', 'F1', 'X1', 'T1']);
    expect(await pathOf('T2')).toEqual(['S1', 'F2', 'T2']);
    expect(await post('assets', file)).toEqual({ accepted: 6, rejected: [] });
    const [counts] = await held.service.db.query<{ assets: number; intervals: number }>(
      `select (select count(*) from asset) as assets, (select count(*) from asset_parent where valid_from = '-infinity') as intervals`,
    );
    expect(counts).toEqual({ assets: 6, intervals: 6 });
  });

  it('reports rows with faults by line and reason and takes the rest', async () => {
    const result = await post(
      'assets',
      [
        `${HEADER},capacity_kva,tap_position,tap_count`,
        'T3,transformer,F1,,north,200,2,3',
        'T4,transformer,NOWHERE,,north,,,',
        'T5,transformer,S1,,north,,,',
        'T6,pylon,F1,,north,,,',
        'T7,transformer,F1,,north,-5,x,',
        'T3,transformer,F1,,north,,,',
        ',transformer,F1,,north,,,',
        'T8,transformer,F1,,north',
        'T1,feeder,S1,,north,,,',
        'T9,transformer,T7,,north,,,',
        'T10,transformer,F1,,north,,4,3',
      ].join('\n'),
    );
    expect(result.accepted).toBe(1);
    expect(result.rejected.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([
      '3: parent_code NOWHERE is neither in the register nor in this file',
      '4: a transformer cannot hang below the substation S1; only below a section or feeder',
      '5: kind "pylon" is none of substation, feeder, section, transformer',
      '6: capacity_kva -5 is outside 0.1 to 1000000 kVA; tap_position "x" is not a number (decimal point, no thousands separator)',
      '7: code T3 stands on line 2 already',
      '8: code may not be empty',
      '9: has 5 fields, the header has 8',
      '10: T1 is a transformer already; an asset keeps its kind, use another code',
      '11: parent_code T7 is neither in the register nor in this file',
      '12: tap_position 4 is above tap_count 3',
    ]);
  });

  it("keeps a transformer's group of connection, and refuses one that is none", async () => {
    const header = 'code,kind,parent_code,area,connection';
    const kept = await post(
      'assets',
      [header, 'G1,transformer,F1,north,Yyn0', 'G2,transformer,F1,north,YNd11'].join('\n'),
    );
    expect(kept).toMatchObject({ accepted: 1, rejected: [{ reason: 'connection "YNd11" is none of Yyn0, Dyn11' }] });
    await post('assets', 'code,name\nG1,one');
    const shown = await held.service.call('GET', '/network/assets/G1');
    expect(shown.body).toMatchObject({ connection: 'Yyn0', name: 'one' });
  });

  it('refuses a file that as a whole cannot be read, with the columns it may have', async () => {
    const call = async (body: string) => {
      const answer = await held.service.call<{ detail: string }>('POST', '/network/terminals', body);
      return `${answer.status} ${answer.body.detail}`;
    };
    expect(await call('terminal,transformer,colour\n1,T1,red')).toBe(
      '400 The header row does not know "transformer", "colour". Columns: terminal, transformer_code, interval_seconds.',
    );
    expect(await call('')).toMatch(/^400 /);
    expect(await call('terminal,transformer_code\n"1,T1\n')).toMatch(/^400 The file is not CSV: Quote Not Closed/);
    const json = await held.service.call('POST', '/network/terminals', { terminal: '1' });
    expect(json.status).toBe(415);
  });

  it('moves a subtree, keeps where everything hung before, and journals the move', async () => {
    const before = clock.now();
    await held.service.goTo(clock.now() + 3_600_000);
    expect(await post('assets', 'code,parent_code\nX1,F2')).toEqual({ accepted: 1, rejected: [] });
    expect(await pathOf('T1')).toEqual(['S1', 'F2', 'X1', 'T1']);
    const feederAt = async (moment: number): Promise<string[]> =>
      (
        await held.service.db.query<{ code: string }>(
          `select f.code from asset t, ancestors_at(t.id, $1) up join asset f on f.id = up.asset_id
           where t.code = 'T1' and f.kind = 'feeder'`,
          [new Date(moment)],
        )
      ).map((row) => row.code);
    expect(await feederAt(before)).toEqual(['F1']);
    expect(await feederAt(clock.now())).toEqual(['F2']);
    const [entry] = await held.service.db.query<{ data: object; happened_at: number; actor: string }>(
      `select data, happened_at, actor from journal where type = 'asset_moved' order by id desc`,
    );
    expect(entry).toMatchObject({ happened_at: clock.now(), actor: 'bootstrap' });
    const [name] = await held.service.db.query(`select name, area from asset where code = 'X1'`);
    expect(name).toEqual({ name: 'X1', area: 'north' }); // columns that the file does not have stay

    const atNoon = new Date(clock.now() - 60_000).toISOString();
    const refused = await post('assets', `code,parent_code,effective_at\nX1,F1,${atNoon}`);
    expect(refused.rejected[0]?.reason).toMatch(/^effective_at is before the last move/);
    const future = await post('assets', `code,parent_code,effective_at\nX1,F1,2030-01-01`);
    expect(future.rejected[0]?.reason).toMatch(/future/);
    // Two moves at one instant leave one interval, with the later parent.
    expect((await post('assets', 'code,parent_code\nX1,F1')).accepted).toBe(1);
    expect(await feederAt(clock.now())).toEqual(['F1']);
  });

  it('refuses sections that would hang below themselves', async () => {
    const result = await post(
      'assets',
      `${HEADER}\nC1,section,C2,,\nC2,section,C3,,\nC3,section,C1,,\nX1,section,Y1,,\nY1,section,X1,,`,
    );
    expect(result.accepted).toBe(0);
    expect(result.rejected.map((row) => `${row.line}: ${row.reason}`)).toEqual([
      '2: would hang below itself: C1 < C2 < C3 < C1',
      '3: would hang below itself: C2 < C3 < C1 < C2',
      '4: would hang below itself: C3 < C1 < C2 < C3',
      '5: would hang below itself: X1 < Y1 < X1',
      '6: would hang below itself: Y1 < X1 < Y1',
    ]);
    expect(await pathOf('X1')).toEqual(['S1', 'F1', 'X1']);
  });

  it('takes terminals and customers as NDJSON and keeps where a customer hung before', async () => {
    const ndjson = async (path: string, lines: string[]) => {
      const response = await fetch(`${held.service.url}/api/v1/network/${path}`, {
        method: 'POST',
        headers: {
          authorization: 'Bearer test-administrator-key',
          'content-type': 'application/x-ndjson; charset=utf-8',
        },
        body: lines.join('\n'),
      });
      return { status: response.status, body: (await response.json()) as ImportResult };
    };
    const terminals = await ndjson('terminals', [
      '{"terminal":"9001","transformer_code":"T1","interval_seconds":60}',
      '{"terminal":"90/01","transformer_code":"T1"}',
      '{"terminal":"9002","transformer_code":"F1"}',
      'nonsense',
    ]);
    expect(terminals.status).toBe(200);
    expect(terminals.body.accepted).toBe(1);
    expect(terminals.body.rejected).toMatchObject([
      { line: 2, reason: 'terminal "90/01" may not hold /' },
      { line: 3, reason: 'F1 is a feeder, not a transformer' },
      { line: 4 },
    ]);
    const customers = await ndjson('customers', [
      '{"account_no":"0500001","name":"张三","transformer_code":"T1","phase":"B","mobile":"138 0013-8000","sms":true,"landline":null}',
    ]);
    expect(customers.body).toEqual({ accepted: 1, rejected: [] });
    const before = clock.now();
    await held.service.goTo(clock.now() + 1_000);
    await post('customers', 'account_no,transformer_code\n0500001,T2');
    const rows = await held.service.db.query(
      `select a.code, h.valid_from, h.valid_to, c.mobile, c.phase from customer_transformer h
       join asset a on a.id = h.transformer_id join customer c on c.id = h.customer_id order by h.valid_from`,
    );
    expect(rows).toEqual([
      { code: 'T1', valid_from: -Infinity, valid_to: before + 1_000, mobile: '13800138000', phase: 'B' },
      { code: 'T2', valid_from: before + 1_000, valid_to: null, mobile: '13800138000', phase: 'B' },
    ]);
  });
});
