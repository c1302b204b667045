import type { z } from 'zod';
import type { EndpointSpec } from './endpoint.js';
import { Components } from './openapi-components.js';
import type { JsonSchema } from './openapi-components.js';

/** One route as it is registered: with its spec, or one of the few outside the API's root that have none. */
export interface Route {
  method: string;
  /** Absolute, with `:name` parameters. */
  path: string;
  /** Names the operation for generated clients; unique. */
  operationId: string;
  spec: EndpointSpec | null;
  open: boolean;
}

/** What routes without a spec do: health, metrics, this documentation. */
const PLAIN: Readonly<Record<string, { summary: string; contentType: string }>> = {
  '/health/live': { summary: 'The process answers', contentType: 'application/json' },
  '/health/ready': {
    summary: '200 once migrations are done, the broker is connected and followers run; else 503 with what is missing',
    contentType: 'application/json',
  },
  '/metrics': { summary: 'Metrics in the Prometheus text format', contentType: 'text/plain' },
  '/api/openapi.json': { summary: 'This document', contentType: 'application/json' },
  '/api/docs': { summary: 'This document for reading and trying', contentType: 'text/html' },
  '/api/docs/:file': { summary: 'Parts of the page above', contentType: '*/*' },
};

const PROBLEM: JsonSchema = {
  type: 'object',
  description: 'RFC 9457. `code` is the stable name for programs, `detail` the sentence for people.',
  required: ['type', 'title', 'status', 'code', 'detail', 'errors'],
  properties: {
    type: { type: 'string', format: 'uri', examples: ['urn:lamplighter:problem:invalid_input'] },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'string', examples: ['body.startsAt'] },
          message: { type: 'string' },
          rule: {
            type: 'string',
            description: 'of a refusal by a rule of the work: its name, with its words and its source',
          },
          zh: { type: 'string' },
          en: { type: 'string' },
          source: { type: 'string', description: 'where the rule is written; own = of this service' },
        },
      },
    },
  },
};

const problem = (description: string): JsonSchema => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

/** The whole API as an OpenAPI 3.1 document, from the specs that also validate the calls. */
export function describeApi(routes: readonly Route[], version: string): JsonSchema {
  const components = new Components();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of [...routes].sort((a, b) => a.path.localeCompare(b.path))) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operation(route, components);
  }
  const tags = [
    ...new Set(Object.values(paths).flatMap((item) => Object.values(item).flatMap((o) => o.tags as string[]))),
  ];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lamplighter',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Early warning of outages and complaints for electricity distribution. Instants are RFC 3339 with offset; volts are line to neutral. ' +
        'Lists are keyset-paged: give `nextCursor` back as `cursor`. Unknown fields and parameters are errors. ' +
        'The header `Personal-Data: masked` masks names and numbers whatever the key may see, and leaves no entry in the log of who read them.',
    },
    tags: tags.toSorted().map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...sorted(components.schemas), Problem: PROBLEM },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'an API key' } },
    },
    security: [{ bearer: [] }],
  };
}

function operation(route: Route, components: Components): JsonSchema {
  const { spec } = route;
  const shared = { operationId: route.operationId, ...(route.open ? { security: [] } : {}) };
  if (spec === null) {
    const plain = PLAIN[route.path] ?? { summary: route.path, contentType: '*/*' };
    return {
      ...shared,
      tags: ['operation'],
      summary: plain.summary,
      ...parametersOf([...route.path.matchAll(/:(\w+)/g)].map(([, name]) => plainParameter(name ?? ''))),
      responses: { 200: { description: 'done', content: { [plain.contentType]: {} } }, default: problem('A problem') },
    };
  }
  const roles =
    spec.access === 'open'
      ? ''
      : `Roles: ${spec.access.includes('viewer') ? 'any' : spec.access.join(', ') || 'admin'}.`;
  return {
    ...shared,
    tags: [spec.tag],
    summary: spec.summary,
    ...(roles === '' ? {} : { description: roles }),
    ...parametersOf([...parameters(spec.params, 'path', components), ...parameters(spec.query, 'query', components)]),
    ...requestBody(spec, components),
    responses: {
      [spec.status ?? 200]: {
        description: 'done',
        content: {
          [spec.contentType ?? 'application/json']: { schema: components.describe(spec.response, 'output') },
          ...Object.fromEntries((spec.fileTypes ?? []).map((type) => [type, {}])),
        },
      },
      default: problem(problemText(spec)),
    },
  };
}

const parametersOf = (parameters: readonly JsonSchema[]): JsonSchema => (parameters.length === 0 ? {} : { parameters });

const plainParameter = (name: string): JsonSchema => ({ name, in: 'path', required: true, schema: { type: 'string' } });

function parameters(schema: z.ZodObject | undefined, where: 'path' | 'query', components: Components): JsonSchema[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = components.describe(schema, 'input') as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...shape }]) => ({
    name,
    in: where,
    ...(where === 'path' || required.includes(name) ? { required: true } : {}),
    ...(description === undefined ? {} : { description }),
    schema: shape,
  }));
}

function requestBody(spec: EndpointSpec, components: Components): JsonSchema {
  if (spec.rawBody !== undefined) {
    const content = Object.fromEntries(spec.rawBody.map((type) => [type, { schema: { type: 'string' } }]));
    return { requestBody: { required: true, content } };
  }
  if (spec.body === undefined) return {};
  const schema = components.describe(spec.body, 'input');
  return { requestBody: { required: true, content: { 'application/json': { schema } } } };
}

function problemText(spec: EndpointSpec): string {
  const own = Object.entries(spec.problems ?? {}).map(([code, meaning]) => `- \`${code}\`: ${meaning}`);
  return ['A problem.', ...own].join('\n');
}

const sorted = (schemas: Record<string, JsonSchema>): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => a.localeCompare(b)));
