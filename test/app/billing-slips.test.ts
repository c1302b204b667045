import { beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../src/domain/instants.js';
import { TestClock } from '../support/database.js';
import { useService } from '../support/service.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');

interface Answer {
  detail: string;
  accepted: number;
  rejected: { line: number; reason: string }[];
  items: { accountNo: string }[];
  errors: { path: string; step?: string }[];
}

/** What billing systems get wrong, as a user meets it: an answer that says what is wrong, and nothing half taken. */
describe('slips of billing systems', () => {
  const clock = new TestClock(START);
  const held = useService({ clock, env: { LOG_LEVEL: 'silent' } });
  const call = (method: string, path: string, body?: object | string) => held.service.call<Answer>(method, path, body);

  beforeAll(async () => {
    await call('POST', '/network/assets', 'code,kind,parent_code\nS,substation,\nF,feeder,S\nT,transformer,F');
    await call('POST', '/network/customers', 'account_no,transformer_code\nA1,T\nA2,T\nA3,T');
  });

  it.each(['0000-01-01', '0001-01-01', '9999-12-31'])(
    'refuses a bill, and a promise to pay, of the day %s',
    async (day) => {
      const bill = await call('POST', '/arrears', { accountNo: 'A1', amount: 5, dueOn: day });
      expect([bill.status, bill.body.errors[0]?.path]).toEqual([400, 'body.dueOn']);
      const said = { stage: 'phone', at: START - DAY_MS, by: '王', result: 'promised', promisedOn: day };
      const step = await call('POST', '/arrears/A1/dunning', said);
      expect([step.status, step.body.errors[0]?.path]).toEqual([400, 'body.promisedOn']);
      const file = await call('POST', '/arrears/import', `account_no,amount,due_on\nA1,5,${day}\nA1,6,2026-05-01`);
      expect(file.body).toMatchObject({
        accepted: 1,
        rejected: [{ line: 2, reason: expect.stringContaining('due_on') }],
      });
      const month = day.slice(0, 7);
      const energy = await call('POST', '/consumption', `account_no,month,kwh\nA1,${month},0\nA1,2026-05,1`);
      expect(energy.body).toMatchObject({
        accepted: 1,
        rejected: [{ line: 2, reason: expect.stringContaining('month') }],
      });
    },
  );

  it('does not read the year 1 as 1901', async () => {
    const file = 'external_id,account_no,stage,at,by,result\nI1,A1,phone,0001-01-01T00:00:00Z,王,reached';
    expect((await call('POST', '/dunning-steps/import', file)).body).toMatchObject({
      accepted: 0,
      rejected: [{ line: 2, reason: expect.stringContaining('is not an instant') }],
    });
  });

  it('takes a bill that is corrected to nothing for no debt', async () => {
    await call('POST', '/arrears', { accountNo: 'A2', amount: 80, dueOn: '2026-05-20' });
    const owing = async () => (await call('GET', '/arrears?accountNo=A2')).body.items.length;
    expect(await owing()).toBe(1);
    await call('POST', '/arrears', { accountNo: 'A2', amount: 0, dueOn: '2026-05-20' });
    expect(await owing()).toBe(0);
    const cut = { accountNo: 'A2', reason: 'arrears', plannedAt: START + 2 * HOUR_MS };
    const check = await call('POST', '/disconnections/check', cut);
    expect(check.body.errors.map(({ step }) => step)).toContain('arrears');
    expect((await call('POST', '/arrears/A2/dunning/send', { externalId: 'S' })).status).toBe(409);
  });

  it('refuses a payment that is received or cleared tomorrow, one by one and in a file', async () => {
    const paid = { externalId: 'P1', accountNo: 'A3', paidAt: START - HOUR_MS, amount: 10, settled: true };
    for (const field of ['receivedAt', 'clearedAt']) {
      const answer = await call('POST', '/payments', { ...paid, [field]: START + DAY_MS });
      expect([answer.status, answer.body.errors[0]?.path]).toEqual([400, `body.${field}`]);
    }
    const file = [
      'external_id,account_no,paid_at,received_at,cleared_at,amount,settled,outstanding_arrears',
      'F1,A3,2026-07-15T09:00:00+08:00,2026-07-16T09:00:00+08:00,,10,yes,',
      'F2,A3,2026-07-15T09:00:00+08:00,,2026-07-16T09:00:00+08:00,10,yes,',
      'F3,A3,2026-07-15T09:00:00+08:00,,,10,yes,5',
      'F4,A3,2026-07-15T09:00:00+08:00,,2026-07-15T09:30:00+08:00,10,no,',
      'F5,A3,2026-07-15T09:00:00+08:00,,,10,no,5',
    ].join('\n');
    expect((await call('POST', '/payments/import', file)).body).toEqual({
      accepted: 1,
      rejected: [
        { line: 2, reason: expect.stringContaining('received_at lies in the future') },
        { line: 3, reason: expect.stringContaining('cleared_at lies in the future') },
        { line: 4, reason: expect.stringContaining('settled cannot be true') },
        { line: 5, reason: expect.stringContaining('cleared_at belongs to a payment in full') },
      ],
    });
  });
});
