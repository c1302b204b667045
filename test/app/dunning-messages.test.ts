import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { TestClock } from '../support/database.js';
import { eventually, startTestService } from '../support/service.js';
import type { TestService } from '../support/service.js';

/** A Wednesday. */
const START = Date.parse('2026-07-15T10:00:00+08:00');

interface Step {
  id: number;
  result: string;
  at: string;
  contact: { role: string; name: string } | null;
  phone: string | null;
  proof: string;
  message: { state: string; reference: string | null } | null;
}
interface Refusal {
  code: string;
  errors: { step?: string; path: string }[];
}

describe('collection by messages of the service', () => {
  const clock = new TestClock(START);
  const sent: { to: string; text: string }[] = [];
  let gateway: Server;
  let service: TestService;

  const call = <Body>(method: string, path: string, body?: object | string, key?: string) =>
    service.call<Body>(method, path, body, key);
  const ok = async <Body = Step>(path: string, body: object | string): Promise<Body> => {
    const answer = await call<Body & { detail?: string }>('POST', path, body);
    expect({ status: answer.status, detail: answer.body.detail }).toEqual({ status: 200, detail: undefined });
    return answer.body;
  };
  const steps = async (accountNo: string, key?: string): Promise<Step[]> =>
    (await call<{ items: Step[] }>('GET', `/arrears/${accountNo}/dunning`, undefined, key)).body.items;
  /** What stands against a cut of this account in the matter of collection. */
  const collection = async (accountNo: string): Promise<(string | undefined)[]> => {
    const asked = { accountNo, reason: 'arrears', plannedAt: clock.now() + 2 * HOUR_MS };
    const { body } = await call<Refusal>('POST', '/disconnections/check', asked);
    return body.errors.map(({ step }) => step).filter((step) => step?.startsWith('dunning') === true);
  };

  beforeAll(async () => {
    gateway = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const message = JSON.parse(text) as { id: string; to: string; text: string };
        if (message.to === '13900000009') {
          response.writeHead(422).end(JSON.stringify({ error: 'no such number' }));
          return;
        }
        sent.push(message);
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: `gw-${message.id}` }));
      });
    }).listen(0, '127.0.0.1');
    await new Promise((done) => gateway.once('listening', done));
    service = await startTestService({
      clock,
      env: {
        SMS_PROVIDERS: 'http',
        SMS_HTTP_URL: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/`,
        LOG_LEVEL: 'silent',
      },
    });
    await ok('/network/assets', 'code,kind,parent_code,area\nS,substation,,\nF,feeder,S,\nT,transformer,F,north');
    await ok(
      '/network/customers',
      [
        'account_no,name,transformer_code,mobile,landline,sms,language',
        ...['A1', 'A2', 'A3', 'A4', 'A5'].map((no, n) => `${no},张三,T,1380000000${n},,yes,zh-CN`),
        'A6,李四,T,13800000006,8520006,no,en',
        'A7,王五,T,13900000009,8520007,yes,zh-CN',
      ].join('\n'),
    );
    for (const accountNo of ['A1', 'A2', 'A4', 'A5', 'A6', 'A7']) {
      await ok('/arrears', { accountNo, amount: 120.5, dueOn: '2026-05-20' });
    }
  });
  afterAll(async () => {
    await service.stop();
    gateway.close();
  });

  it('sends one message, says amount, days and ways to pay, and counts for the cut once the gateway has it', async () => {
    expect(await collection('A1')).toEqual(['dunning']);
    const step = await ok('/arrears/A1/dunning/send', { externalId: 'M1' });
    expect(step).toMatchObject({ result: 'sending', contact: null, phone: '13800000000' });
    const same = await ok('/arrears/A1/dunning/send', { externalId: 'M1' });
    expect(same.id).toBe(step.id);
    const taken = await eventually(async () => (await steps('A1')).find(({ result }) => result === 'delivered'));
    expect(taken).toMatchObject({
      id: step.id,
      message: { state: 'accepted', reference: expect.stringContaining('gw-') },
    });
    expect(sent.map(({ to, text }) => [to, text])).toEqual([
      [
        '13800000000',
        '【供电服务】您的户号（尾号A1）欠电费120.50元，已于5月20日到期，请在7月17日（含）前通过南网在线、微信、支付宝或营业厅交清。逾期未交将按规定通知后停电。已交费请忽略，咨询请拨95598。',
      ],
    ]);
    expect(await collection('A1')).toEqual([]);
    const again = await call<Refusal>('POST', '/arrears/A1/dunning/send', { externalId: 'M1b' });
    expect([again.status, again.body.code]).toEqual([409, 'sent_today']);
    const other = await call<Refusal>('POST', '/arrears/A2/dunning/send', { externalId: 'M1' });
    expect([other.status, other.body.code]).toEqual([409, 'conflict']);
    expect(await call('GET', `/notices/explain?accountNo=A1&eventType=dunning_step&eventId=${step.id}`)).toMatchObject({
      body: { reasons: [{ code: 'dunning_accepted' }] },
    });
  });

  it('writes to the contact that is named, and masks who it was for those who may not see it', async () => {
    await ok('/accounts/A2/contacts', {
      externalId: 'C2',
      role: 'tenant',
      name: '租客赵',
      phone: '13911112222',
      validFrom: START - DAY_MS,
    });
    const known = await call<Refusal>('POST', '/arrears/A1/dunning/send', { externalId: 'M2', contact: 'C2' });
    expect([known.status, known.body.code]).toEqual([404, 'contact_not_found']);
    await ok('/arrears/A2/dunning/send', { externalId: 'M2', contact: 'C2' });
    await eventually(async () => sent.some(({ to }) => to === '13911112222'));
    const [step] = await steps('A2');
    expect(step).toMatchObject({ contact: { role: 'tenant', name: '租客赵' }, phone: '13911112222' });
    const { body: viewer } = await call<{ key: string }>('POST', '/api-keys', { name: 'looks', roles: ['viewer'] });
    const [masked] = await steps('A2', viewer.key);
    expect(masked).toMatchObject({ contact: { role: 'tenant', name: '租*' }, phone: '139****2222' });
  });

  it('keeps with a step that others took whom they called and what proves it', async () => {
    const body = {
      stage: 'phone',
      at: START - HOUR_MS,
      by: '抄表员',
      result: 'reached',
      contact: 'C2',
      proof: '录音 7731',
    };
    const step = await ok('/arrears/A2/dunning', body);
    expect(step).toMatchObject({
      contact: { role: 'tenant' },
      phone: '13911112222',
      proof: '录音 7731',
      message: null,
    });
    expect((await ok('/arrears/A2/dunning', body)).id).toBe(step.id);
    // The owner was called at the same minute: another step.
    expect((await ok('/arrears/A2/dunning', { ...body, contact: null, phone: '13800000001' })).id).not.toBe(step.id);
    const file = [
      'external_id,account_no,stage,at,by,result,contact,proof',
      'F1,A2,phone,2026-07-15T08:00:00+08:00,王,reached,C2,录音 1',
      'F2,A2,phone,2026-07-15T08:00:00+08:00,王,reached,C9,录音 2',
    ].join('\n');
    expect(await ok('/dunning-steps/import', file)).toMatchObject({
      accepted: 1,
      rejected: [{ line: 3, reason: expect.stringContaining('no contact C9') }],
    });
    expect((await steps('A2'))[0]).toMatchObject({ contact: { role: 'tenant' }, proof: '录音 1' });
  });

  it('refuses to collect where nothing is owed', async () => {
    const answer = await call<Refusal>('POST', '/arrears/A3/dunning/send', { externalId: 'M3' });
    expect([answer.status, answer.body.code]).toEqual([409, 'nothing_owed']);
  });

  it('waits for the morning, and sends nothing when it is paid by then', async () => {
    await service.goTo(START + 13 * HOUR_MS);
    await ok('/arrears/A4/dunning/send', { externalId: 'M4' });
    await ok('/arrears/A5/dunning/send', { externalId: 'M5' });
    await eventually(async () => (await steps('A5'))[0]?.message?.state === 'queued');
    await ok('/payments', { externalId: 'P4', accountNo: 'A4', paidAt: clock.now(), amount: 120.5, settled: true });
    await eventually(async () => (await steps('A4'))[0]?.message?.state === 'cancelled');
    await service.goTo(START + 22 * HOUR_MS + MINUTE_MS);
    await eventually(async () => (await steps('A5'))[0]?.result === 'delivered');
    expect(sent.map(({ to }) => to)).not.toContain('13800000003');
    expect((await steps('A4'))[0]?.result).toBe('not_reached');
  });

  it('puts on the call list whom no message reaches; a call that was made counts', async () => {
    await ok('/arrears/A6/dunning/send', { externalId: 'M6' });
    await ok('/arrears/A7/dunning/send', { externalId: 'M7' });
    for (const accountNo of ['A6', 'A7']) {
      await eventually(async () => (await steps(accountNo))[0]?.result === 'not_reached');
      expect(await collection(accountNo)).toEqual(['dunning_failed']);
      const { body } = await call<{ items: { id: number; recipient: string }[] }>(
        'GET',
        `/notices?accountNo=${accountNo}`,
      );
      expect(body.items[0]?.recipient).toBe(`852000${accountNo.slice(1)}`);
      await ok(`/notices/${body.items[0]?.id}/called`, { note: '本人接听' });
      expect((await steps(accountNo))[0]?.result).toBe('reached');
      expect(await collection(accountNo)).toEqual([]);
    }
  });

  it('calls a plan off with a reason only', async () => {
    const plannedAt = clock.now() + 2 * HOUR_MS;
    const plan = await ok<{ id: number }>('/disconnections', {
      externalId: 'D1',
      accountNo: 'A1',
      reason: 'arrears',
      approvedBy: '李主任',
      noticeServedAt: plannedAt - 5 * DAY_MS,
      finalNoticeAt: plannedAt - 30 * MINUTE_MS,
      plannedAt,
    });
    for (const body of [{}, { note: ' ' }]) {
      const answer = await call<Refusal>('POST', `/disconnections/${plan.id}/cancel`, body);
      expect([answer.status, answer.body.errors[0]?.path]).toEqual([400, 'body.note']);
    }
    expect(await ok(`/disconnections/${plan.id}/cancel`, { note: '客户住院' })).toMatchObject({ state: 'cancelled' });
  });
});
