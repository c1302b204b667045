import { beforeAll, describe, expect, it } from '@jest/globals';
import { monthBefore } from '../../src/domain/consumption/month.js';
import { TestClock } from '../support/database.js';
import { eventually, useService } from '../support/service.js';

const LAST = '2026-06';

interface Finding {
  id: number;
  kind: string;
  accountNo: string;
  state: string;
  month: string;
  detail: { countedMonths?: number; ownRatio?: number; lines?: { month: string; reason: string }[] };
  review: { result: string; by: string } | null;
}
interface WarningView {
  kind: string;
  status: string;
  subject: { code: string };
  title: string;
  evidence: { open: number; accounts: string[] };
}

describe('zero and abnormal consumption over HTTP', () => {
  const held = useService({ clock: new TestClock(Date.parse('2026-07-15T10:00:00+08:00')) });
  const HOMES = 12;

  /** Months of one customer, newest last. */
  const rows = (account: string, values: readonly (number | string)[]): string[] =>
    values.map((kwh, index) => `${account},${monthBefore(LAST, values.length - 1 - index)},${kwh}`);
  const send = (lines: readonly string[]) =>
    held.service.call<{ accepted: number; rejected: { line: number; reason: string }[] }>(
      'POST',
      '/consumption',
      ['account_no,month,kwh', ...lines].join('\n'),
    );
  const findings = async (query = ''): Promise<Finding[]> =>
    (await held.service.call<{ items: Finding[] }>('GET', `/consumption/findings${query}`)).body.items;
  const warnings = async (kind: string): Promise<WarningView[]> =>
    (await held.service.call<{ items: WarningView[] }>('GET', `/warnings?kind=${kind}`)).body.items;

  beforeAll(async () => {
    const { service } = held;
    await service.call(
      'POST',
      '/network/assets',
      'code,kind,parent_code,name\nS,substation,,站\nF,feeder,S,线\nT1,transformer,F,一号台区\nT2,transformer,F,二号台区',
    );
    const accounts = Array.from({ length: HOMES }, (_, index) => `H${index},T1,residential`);
    await service.call(
      'POST',
      '/network/customers',
      ['account_no,transformer_code,category', ...accounts, 'SHOP,T2,commercial'].join('\n'),
    );
    const usual = Array.from({ length: HOMES - 2 }, (_, index) =>
      rows(`H${index}`, [150, 140, 160, 150, 145, 155, 150]),
    );
    const sent = await send([
      ...usual.flat(),
      ...rows('H10', [90, 0, 0, 0, 0, 0, 0]),
      ...rows('H11', [150, 140, 160, 150, 145, 155, 900]),
      ...rows('SHOP', [150, 140, 160, 150, 145, 155, 9000]),
    ]);
    expect(sent.body).toEqual({ accepted: 7 * (HOMES + 1), rejected: [] });
  });

  it('finds the empty home and the sudden use, not the shop, and warns once for the transformer', async () => {
    const open = await findings('?state=open');
    expect(open.map(({ kind, accountNo }) => `${kind} ${accountNo}`).sort()).toEqual(['abnormal H11', 'zero H10']);
    expect(open.find(({ kind }) => kind === 'zero')?.detail.countedMonths).toBe(6);
    expect(open.find(({ kind }) => kind === 'abnormal')?.detail.ownRatio).toBeCloseTo(900 / 30 / (150 / 31), 0);
    const [zero] = await eventually(async () => {
      const found = await warnings('zero_consumption');
      return found.length === 1 ? found : null;
    });
    expect(zero).toMatchObject({ status: 'open', subject: { code: 'T1' }, evidence: { open: 1, accounts: ['H10'] } });
    expect(await eventually(async () => (await warnings('abnormal_consumption')).length)).toBe(1);
  });

  it('answers the same file a second time without a second finding', async () => {
    await send(rows('H10', [90, 0, 0, 0, 0, 0, 0]));
    expect((await findings('?accountNo=H10')).length).toBe(1);
  });

  it('takes a known vacancy out, ends the finding and its warning', async () => {
    const { service } = held;
    const answer = await service.call(
      'POST',
      '/consumption/vacancies',
      'account_no,from_date,to_date,note\nH10,2026-02-01,2026-03-31,外出务工',
    );
    expect(answer.body).toEqual({ accepted: 1, rejected: [] });
    const [finding] = await findings('?accountNo=H10');
    expect(finding?.state).toBe('over');
    expect(finding?.detail.lines?.map(({ reason }) => reason)).toEqual([
      'zero',
      'zero',
      'zero',
      'vacancy',
      'vacancy',
      'zero',
      'used',
    ]);
    await eventually(async () => (await warnings('zero_consumption'))[0]?.status === 'resolved');
  });

  it('keeps what was found on site, once', async () => {
    const { service } = held;
    const [finding] = await findings('?accountNo=H11');
    const reviewed = await service.call<Finding>('POST', `/consumption/findings/${finding?.id ?? 0}/review`, {
      result: 'reading_error',
      note: '估抄',
    });
    expect(reviewed.body).toMatchObject({ state: 'reviewed', review: { result: 'reading_error' } });
    await eventually(async () => (await warnings('abnormal_consumption'))[0]?.status === 'resolved');
    await send(rows('H3', [149]));
    expect((await findings('?accountNo=H11'))[0]?.state).toBe('reviewed');
  });

  it('is over when the reading is corrected', async () => {
    await send(rows('H9', [1200]));
    expect(await findings('?accountNo=H9&state=open')).toHaveLength(1);
    await send(rows('H9', [120]));
    expect((await findings('?accountNo=H9'))[0]?.state).toBe('over');
    const refused = await held.service.call(
      'POST',
      `/consumption/findings/${(await findings('?accountNo=H9'))[0]?.id ?? 0}/review`,
      { result: 'true_use' },
    );
    expect(refused.status).toBe(409);
  });

  it('names each row that cannot be taken, and takes the others', async () => {
    const { body } = await send(['NOBODY,2026-06,1', 'H1,2026-07,1', 'H1,2026-06,140']);
    expect(body.accepted).toBe(1);
    expect(body.rejected.map(({ line }) => line)).toEqual([2, 3]);
    const months = await held.service.call<{ months: { month: string; kwh: number }[] }>('GET', '/consumption/H1');
    expect(months.body.months[0]).toMatchObject({ month: '2026-06', kwh: 140 });
  });
});
