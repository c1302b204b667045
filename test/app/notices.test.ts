import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { append } from '../../src/modules/journal/append.js';
import { HttpProvider } from '../../src/modules/notices/providers/http/http.provider.js';
import { eventually, freePort, startTestService } from '../support/service.js';
import type { TestService } from '../support/service.js';

interface Notice {
  id: number;
  kind: string;
  accountNo: string;
  state: string;
  channel: string;
  recipient: string | null;
  text: string;
  attempts: number;
  provider: string | null;
}
interface Page {
  items: Notice[];
  nextCursor: string | null;
}
interface Explanation {
  reasons: { code: string; text: string }[];
  notices: Notice[];
}

/** A gateway behind a real socket: takes each key once, and answers as told. */
class GatewayServer {
  readonly asked: { headers: IncomingMessage['headers']; body: { id: string; to: string; text: string } }[] = [];
  answers: number[] = [];
  private readonly server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      this.asked.push({ headers: request.headers, body: JSON.parse(text) as never });
      const status = this.answers.shift() ?? 200;
      if (status === 0) return; // never answers
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(status === 200 ? `{"id":"g-${this.asked.length}"}` : 'no');
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/sms`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

describe('notices over HTTP', () => {
  const gateway = new GatewayServer();
  let url = '';
  let service: TestService;
  let outageId = 0;

  beforeAll(async () => {
    url = await gateway.start();
    service = await startTestService({
      env: { SMS_PROVIDERS: 'http,log', SMS_HTTP_URL: url, SMS_HTTP_TOKEN: 'secret', LOG_LEVEL: 'silent' },
    });
    await service.db.query(
      `insert into api_key (name, secret_hash, roles, created_at, created_by) values ('viewer', sha256('viewer-key'), '{viewer}', now(), 'test')`,
    );
    await service.db.query(
      `insert into asset (code, kind, parent_id, path, name) values ('F1', 'feeder', null, '{1}', '城东线'), ('T1', 'transformer', 1, '{1,2}', '一号台区')`,
    );
    await service.db.query(
      `insert into customer (account_no, transformer_id, mobile, sms) values ('A1', 2, '13812345678', true), ('A2', 2, '13812340000', false), ('A3', 2, '13812340001', true)`,
    );
    await service.db.query(
      `insert into customer_transformer (customer_id, transformer_id, valid_from) select id, 2, '-infinity' from customer where account_no <> 'A3'`,
    );
    gateway.answers = [400];
    outageId = await service.db.inTx(async (tx) => {
      const [row] = await tx.query<{ id: number }>(
        `insert into outage (state, nature, root_asset_id, area, started_at, known_at, policy_version)
         values ('confirmed', 'fault', 1, '', $1, $1, 1) returning id`,
        [new Date(tx.now)],
      );
      const id = row?.id ?? 0;
      await tx.query(
        `insert into outage_transformer (outage_id, transformer_id, started_at, source, customers) values ($1, 2, $2, 'test', 2)`,
        [id, new Date(tx.now)],
      );
      await append(tx, [
        {
          type: 'outage_confirmed',
          subjectType: 'outage',
          subjectId: id,
          happenedAt: tx.now,
          data: {
            state: 'confirmed',
            nature: 'fault',
            rootAssetId: 1,
            startedAt: tx.now,
            endedAt: null,
            estimatedRestorationAt: null,
            plannedOutageId: null,
            parentId: null,
            momentary: false,
            customersAffected: 2,
            customersRestored: 0,
          },
        },
      ]);
      return id;
    });
    await eventually(async () => gateway.asked.length > 0);
  });
  afterAll(async () => {
    await service.stop();
    await gateway.stop();
  });

  const list = async (query: string, key?: string): Promise<Notice[]> =>
    (await service.call<Page>('GET', `/notices${query}`, undefined, key)).body.items;
  const explain = async (accountNo: string, eventId = outageId): Promise<Explanation> =>
    (
      await service.call<Explanation>(
        'GET',
        `/notices/explain?accountNo=${accountNo}&eventType=outage&eventId=${eventId}`,
      )
    ).body;

  it('posts id, number and text with token and key; a refused message goes to the call list, not to the next provider', async () => {
    expect(gateway.asked).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: null }] = gateway.asked;
    expect(headers).toMatchObject({ authorization: 'Bearer secret', 'idempotency-key': 'lamplighter-1' });
    expect(body).toMatchObject({ id: 'lamplighter-1', to: '13812345678' });
    expect(body?.text).toMatch(/^【供电服务】城东线于.*停电/);
    const [notice] = await eventually(async () => {
      const items = await list('?accountNo=A1&eventType=outage');
      return items[0]?.channel === 'call_list' && items;
    });
    expect(notice).toMatchObject({
      kind: 'fault',
      state: 'queued',
      provider: 'http',
      attempts: 1,
      lastError: 'HTTP 400: no',
      callReason: 'sms_failed',
    });
  });

  it('shows numbers to those who may see them, and writes the reading down; masks them for others', async () => {
    expect((await list('?accountNo=A1', 'viewer-key'))[0]?.recipient).toBe('138****5678');
    await service.db.query('delete from personal_data_access');
    expect((await list('?accountNo=A1'))[0]?.recipient).toBe('13812345678');
    expect(await service.db.query('select actor, route, customer_id from personal_data_access')).toEqual([
      { actor: 'bootstrap', route: 'GET /notices', customer_id: 1 },
    ]);
  });

  it('pages, filters, and refuses an unknown parameter', async () => {
    const first = await service.call<Page>('GET', `/notices?limit=1&eventId=${outageId}&eventType=outage`);
    expect(first.body.items.map((item) => item.accountNo)).toEqual(['A2']);
    const second = await service.call<Page>('GET', `/notices?limit=1&cursor=${first.body.nextCursor ?? ''}`);
    expect(second.body.items.map((item) => item.accountNo)).toEqual(['A1']);
    expect(second.body.nextCursor).toBeNull();
    expect(await list('?state=accepted')).toEqual([]);
    expect((await service.call('GET', '/notices?account=A1')).status).toBe(400);
  });

  it('explains why a customer was told, was not, or must be phoned', async () => {
    expect((await explain('A1')).reasons).toEqual([
      {
        code: 'fault_to_call',
        text: expect.stringMatching(/^fault: on the call list since 2026-07-15.*HTTP 400/) as unknown,
      },
    ]);
    expect((await explain('A2')).reasons.map((reason) => reason.code)).toEqual(['fault_to_call', 'sms_declined']);
    expect((await explain('A3')).reasons.map((reason) => reason.code)).toEqual(['not_reached']);
    expect((await explain('A1', 999)).reasons.map((reason) => reason.code)).toEqual(['no_such_event']);
    expect((await service.call('GET', '/notices/explain?accountNo=X&eventType=outage&eventId=1')).status).toBe(404);
  });

  it('takes a customer off the call list once somebody phoned', async () => {
    const [notice] = await list('?accountNo=A2');
    expect(notice).toMatchObject({ channel: 'call_list', callReason: 'sms_declined', expiresAt: null });
    const path = `/notices/${notice?.id ?? 0}/called`;
    expect((await service.call('POST', path, {}, 'viewer-key')).status).toBe(403);
    const called = await service.call<Notice>('POST', path, { note: 'spoke to the son' });
    expect(called.body).toMatchObject({ state: 'delivered', provider: 'phone: bootstrap' });
    const again = await service.call<{ code: string }>('POST', path, {});
    expect([again.status, again.body.code]).toEqual([409, 'not_on_call_list']);
    expect((await service.call('POST', '/notices/999/called', {})).status).toBe(404);
  });

  it('counts attempts and what waits', async () => {
    const scrape = await fetch(`${service.url}/metrics`, { headers: { authorization: 'Bearer viewer-key' } });
    const text = await scrape.text();
    expect(text).toContain('lamplighter_notices_total{kind="fault",provider="http",result="call_list"} 1');
    expect(text).toContain('lamplighter_notices_total{kind="restored",provider="log",result="accepted"} 0');
    expect(text).toContain('lamplighter_notice_queue{channel="call_list"} 1');
    expect(text).not.toContain('13812345678');
  });

  describe('provider http', () => {
    const message = { id: 7, to: '13800000000', text: 'x', segments: 1 };

    it.each([
      ["takes 200 as accepted, with the gateway's number", 200, { result: 'accepted' }],
      ['takes 400 as refused for good', 400, { result: 'refused', reason: 'HTTP 400: no' }],
      ['takes 500 as not now', 500, { result: 'failed', reason: 'HTTP 500: no', maybeAccepted: false }],
      ['takes a wrong token as not now, for it can be put right', 401, { result: 'failed', maybeAccepted: false }],
      [
        'takes silence as perhaps accepted',
        0,
        { result: 'failed', reason: 'no answer within 0.2 s', maybeAccepted: true },
      ],
    ])('%s', async (_, status, outcome) => {
      gateway.answers = [status];
      const timeoutMs = status === 0 ? 200 : 60_000;
      expect(await new HttpProvider(url, 'secret', timeoutMs).send(message)).toMatchObject(outcome);
    });

    it('takes a refused connection as certainly not accepted', async () => {
      const nobody = `http://127.0.0.1:${await freePort()}/`;
      expect(await new HttpProvider(nobody, null).send(message)).toEqual({
        result: 'failed',
        reason: 'no answer: ECONNREFUSED',
        maybeAccepted: false,
      });
    });
  });
});
