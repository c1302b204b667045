import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { useService } from '../support/service.js';

interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties: Record<string, object> }> };
}
interface Operation {
  operationId: string;
  security?: object[];
  parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  responses: Record<string, { content: Record<string, { schema: object }> }>;
}

/** Routes that show files, not data: the console's. */
const FILES = new Set(['GET /', 'GET /*', 'GET *']);

describe('the API document', () => {
  const held = useService();
  const fetchDocument = async (): Promise<Document> =>
    (await (await fetch(`${held.service.url}/api/openapi.json`)).json()) as Document;

  it('is a valid OpenAPI 3.1 document, open to everybody', async () => {
    const document = await fetchDocument();
    expect(document.openapi).toBe('3.1.0');
    const result = await new Validator().validate(document as unknown as Record<string, unknown>);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  it('holds every route of the running server, and no other', async () => {
    const document = await fetchDocument();
    const documented = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const registered = routesOf(held.service.app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false }));
    expect(registered.length).toBeGreaterThan(5);
    expect(documented.toSorted()).toEqual(registered.filter((route) => !FILES.has(route)).toSorted());
  });

  it('names every operation once', async () => {
    const document = await fetchDocument();
    const names = Object.values(document.paths).flatMap((item) => Object.values(item).map((o) => o.operationId));
    expect(new Set(names).size).toBe(names.length);
  });

  it('describes instants as the text that is sent, and parameters as they are read', async () => {
    const document = await fetchDocument();
    expect(document.components.schemas.JournalEntry?.properties.happenedAt).toMatchObject({
      type: 'string',
      format: 'date-time',
    });
    expect(document.components.schemas.Warning?.properties.happenedAt).toMatchObject({
      description: 'when it became true',
      format: 'date-time',
    });
    expect(document.components.schemas.JournalEntry?.properties.id).toEqual({ type: 'integer' });
    const list = document.paths['/api/v1/journal']?.get;
    expect(list?.parameters?.find((parameter) => parameter.name === 'limit')).toEqual({
      name: 'limit',
      in: 'query',
      schema: { type: 'integer', minimum: 1, maximum: 500, default: 50 },
    });
    expect(list?.responses['200']?.content['application/json']?.schema).toMatchObject({
      properties: { items: { items: { $ref: '#/components/schemas/JournalEntry' } } },
    });
    expect(document.paths['/health/live']?.get?.security).toEqual([]);
    expect(list?.security).toBeUndefined();
  });

  it.each(['/board', '/journal?limit=3', '/network/assets?limit=3', '/network/assets/T1', '/deadlines'])(
    'describes what is really answered: %s',
    async (path) => {
      const { service } = held;
      await service.call('POST', '/network/assets', 'code,kind,name,area\nT1,transformer,一号台区,城东');
      await service.call(
        'POST',
        '/network/customers',
        'account_no,name,transformer_code,mobile\nA1,张三,T1,13812345678',
      );
      const document = await fetchDocument();
      const route = document.paths[`/api/v1${path.split('?')[0]?.replace('T1', '{code}')}`]?.get;
      const schema = route?.responses['200']?.content['application/json']?.schema;
      const text = JSON.stringify({ ...schema, $defs: document.components.schemas });
      const described = z.fromJSONSchema(
        JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as Parameters<typeof z.fromJSONSchema>[0],
      );
      const answer = await service.call('GET', path);
      expect(answer.status).toBe(200);
      expect(described.parse(answer.body)).toEqual(answer.body);
      expect(described.safeParse({ ...(answer.body as object), invented: 1 }).success).toBe(false);
    },
  );

  it('is shown by a viewer that needs nothing from elsewhere', async () => {
    const page = await fetch(`${held.service.url}/api/docs`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await page.text();
    expect(html).not.toMatch(/https?:/);
    for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]*)"/g)) {
      const part = await fetch(`${held.service.url}${path}`);
      expect([path, part.status]).toEqual([path, 200]);
    }
    expect((await fetch(`${held.service.url}/api/docs/package.json`)).status).toBe(404);
  });
});

/** Fastify's drawing of its tree of routes as `GET /a/{b}` lines; HEAD comes with GET and is left out. */
function routesOf(drawing: string): string[] {
  const routes: string[] = [];
  const parents: string[] = [];
  for (const line of drawing.split('\n')) {
    const match = /^([\s│]*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (match === null) continue;
    const [, indent = '', part = '', methods = ''] = match;
    const depth = indent.length / 4;
    parents[depth] = part;
    const path = parents
      .slice(0, depth + 1)
      .join('')
      .replaceAll(/:(\w+)/g, '{$1}');
    for (const method of methods.split(', '))
      if (!['', 'HEAD', 'OPTIONS'].includes(method)) routes.push(`${method} ${path}`);
  }
  return [...new Set(routes)];
}
