import { request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { ADMIN_KEY, useService } from '../support/service.js';

interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors: { path: string; message: string }[];
}

const cursorOf = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** Lists by their name and by how many parts their cursors have. */
const LISTS: [string, number][] = [
  ['/warnings', 2],
  ['/outages', 2],
  ['/planned-outages', 2],
  ['/complaints', 2],
  ['/reconnection-orders', 2],
  ['/deadlines', 2],
  ['/notices', 1],
  ['/journal', 1],
  ['/network/assets', 1],
  ['/api-keys', 1],
  ['/rejected-messages', 1],
];

describe('hostile input', () => {
  const held = useService();

  /** Sends exactly these bytes; `fetch` would tidy the address. */
  const send = (
    method: string,
    path: string,
    body?: { type: string; text: string },
  ): Promise<{ status: number; type: string; problem: ProblemDocument }> =>
    new Promise((done, fail) => {
      const { hostname, port } = new URL(held.service.url);
      const headers = {
        authorization: `Bearer ${ADMIN_KEY}`,
        ...(body === undefined ? {} : { 'content-type': body.type }),
      };
      const call = request({ hostname, port, method, path, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () =>
          done({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            problem: JSON.parse(text) as ProblemDocument,
          }),
        );
      });
      call.on('error', fail).end(body?.text);
    });

  const json = (text: string): { type: string; text: string } => ({ type: 'application/json', text });

  it.each([
    ['a body that is not JSON', 'POST', '/api/v1/complaints', json('{'), 400],
    ['an empty body', 'POST', '/api/v1/complaints', json(''), 400],
    ['a body that poisons prototypes', 'POST', '/api/v1/complaints', json('{"__proto__":{"a":1}}'), 400],
    ['a body of a type nobody reads', 'POST', '/api/v1/complaints', { type: 'application/xml', text: '<a/>' }, 415],
    ['an address that is not UTF-8', 'GET', '/api/v1/complaints/%ED%A0%80', undefined, 400],
    ['a parameter that is too long', 'DELETE', `/api/v1/api-keys/${'x'.repeat(5_000)}`, undefined, 414],
    ['a method the route does not know', 'PATCH', '/api/v1/complaints', json('{}'), 404],
    ['a route that is not there', 'GET', '/api/v1/nothing', undefined, 404],
    ['a missing account', 'GET', '/api/v1/accounts/none/supply', undefined, 404],
  ])('answers %s with a complete problem document', async (_name, method, path, body, status) => {
    const answer = await send(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.type).toBe('application/problem+json; charset=utf-8');
    expect(answer.problem).toEqual({
      type: expect.stringMatching(/^urn:lamplighter:problem:/),
      title: expect.any(String),
      status,
      code: expect.stringMatching(/^[a-z_]+$/),
      detail: expect.any(String),
      errors: expect.any(Array),
    });
  });

  it('answers an address that names a part of every object as any other wrong address', async () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect((await send('GET', `/api/docs/${name}`)).status).toBe(404);
    }
    expect((await fetch(`${held.service.url}/health/live`)).status).toBe(200);
  });

  it.each([
    ['GET', '/api/v1/accounts/%00/supply', 'path.accountNo', undefined],
    ['GET', '/api/v1/warnings?area=a%00b', 'query.area', undefined],
    ['POST', '/api/v1/arrears', 'body.accountNo', json('{"accountNo":"a\\u0000b","amount":1,"dueOn":"2026-11-01"}')],
    [
      'POST',
      '/api/v1/planned-outages',
      'body.assets[1]',
      json(
        '{"externalId":"e","assets":["T1","\\ud800"],"startsAt":"2026-12-01","endsAt":"2026-12-02","nature":"planned"}',
      ),
    ],
  ])('refuses text that no database keeps: %s %s', async (method, path, where, body) => {
    const { status, problem } = await send(method, path, body);
    expect(status).toBe(400);
    expect(problem.errors.map((error) => error.path)).toEqual([where]);
  });

  it.each(LISTS)('refuses an invented cursor of %s', async (path, parts) => {
    for (const part of ['x', '\u0000', 1e308, 1.5, -9e15, null]) {
      const { status, problem } = await send('GET', `/api/v1${path}?cursor=${cursorOf(Array(parts).fill(part))}`);
      expect([path, part, status]).toEqual([path, part, 400]);
      expect(problem.errors).toEqual([{ path: 'query.cursor', message: 'is not a cursor of this list' }]);
    }
  });

  it.each(LISTS)('pages %s from a far cursor without failing', async (path, parts) => {
    const { status } = await send('GET', `/api/v1${path}?cursor=${cursorOf(Array(parts).fill(99_999_999_999))}`);
    // The journal knows its ids and says so; the others have nothing beyond it.
    expect(status).toBe(path === '/journal' ? 400 : 200);
  });

  it.each(['0001-01-01T00:00:00Z', '8639999999999999', '-62135596800000'])(
    'refuses the instant %s, which no register holds',
    async (instant) => {
      expect((await send('GET', `/api/v1/outages?from=${encodeURIComponent(instant)}`)).status).toBe(400);
    },
  );

  it('says of every field that is left out that it is missing', async () => {
    const { body } = await held.service.call<{ errors: object[] }>('POST', '/reconnections', {});
    expect(body.errors).toEqual(
      ['accountNo', 'reconnectedAt', 'by'].map((name) => ({ path: `body.${name}`, message: 'is missing' })),
    );
  });

  it('answers an id beyond every number of ours as one that is not there', async () => {
    expect((await send('DELETE', '/api/v1/api-keys/8639999999999999')).status).toBe(404);
    expect((await send('GET', '/api/v1/warnings/9007199254740991')).status).toBe(404);
  });
});
