import {
  applyDecorators,
  createParamDecorator,
  Delete,
  Get,
  HttpCode,
  Patch,
  Post,
  Put,
  SetMetadata,
} from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Fault } from '../../fault.js';
import type { InputError } from '../../fault.js';
import type { AccessRole } from '../auth/principal.js';

/**
 * One route, described once. Validation, types, access and the OpenAPI document all come from this object.
 * Inputs are strict: an unknown field or parameter is an error.
 */
export interface EndpointSpec {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's root, with `:name` parameters: `/warnings/:id`. */
  path: string;
  summary: string;
  /** OpenAPI tag: one per module. */
  tag: string;
  /** Who may call it; `admin` always may. 'open' = nobody is asked. */
  access: readonly AccessRole[] | 'open';
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The body is not JSON: it is handed over as a string (imports). */
  rawBody?: readonly string[];
  response: z.ZodType;
  /** Set when the response is not JSON: its content type. The handler writes the reply itself. */
  contentType?: string;
  /** The handler may also answer a StreamableFile of these content types, when the query asks for one (spreadsheet.ts). */
  fileTypes?: readonly string[];
  /** 200 when left out. */
  status?: number;
  /** Problem codes beyond the usual ones that a caller must expect, with their meaning. */
  problems?: Readonly<Record<string, string>>;
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

export interface InputOf<Spec extends EndpointSpec> {
  params: Parsed<Spec['params']>;
  query: Parsed<Spec['query']>;
  body: Spec['rawBody'] extends readonly string[] ? string : Parsed<Spec['body']>;
}

/** Keeps the literal types of a spec. */
export const endpoint = <const Spec extends EndpointSpec>(spec: Spec): Spec => spec;

export const ENDPOINT = 'lamplighter:endpoint';

/** Everything the API serves lies below this prefix, but for health, metrics and the documentation, whose paths are absolute. */
export const API_ROOT = '/api/v1';

/** Binds a controller method to its spec. */
export function Endpoint(spec: EndpointSpec): MethodDecorator {
  const method = { GET: Get, POST: Post, PUT: Put, PATCH: Patch, DELETE: Delete }[spec.method];
  return applyDecorators(method(`${API_ROOT}${spec.path}`), HttpCode(spec.status ?? 200), SetMetadata(ENDPOINT, spec));
}

/** The validated input of the call: `{params, query, body}`. */
export const Input = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const spec = Reflect.getMetadata(ENDPOINT, context.getHandler()) as EndpointSpec;
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return parseInput(spec, { params: request.params, query: request.query, body: request.body });
});

/** @throws Fault `invalid_input` with every wrong field at once */
export function parseInput(spec: EndpointSpec, given: { params: unknown; query: unknown; body: unknown }): object {
  const errors: InputError[] = [];
  const parse = (schema: z.ZodType | undefined, value: unknown, where: string): unknown => {
    if (schema === undefined) return undefined;
    const result = schema.safeParse(value ?? {}, {
      error: ({ input }) => (input === undefined ? 'is missing' : undefined),
    });
    if (result.success) {
      for (const path of unstorableTexts(result.data))
        errors.push({
          path: pathOf(where, path),
          message: 'holds a character that no text may hold: U+0000, or half of one',
        });
      return result.data;
    }
    for (const issue of result.error.issues) errors.push({ path: pathOf(where, issue.path), message: issue.message });
    return undefined;
  };
  const input = {
    params: parse(spec.params, given.params, 'path'),
    query: parse(spec.query, given.query, 'query'),
    body: spec.rawBody === undefined ? parse(spec.body, given.body, 'body') : given.body,
  };
  if (errors.length > 0) {
    throw new Fault('invalid_input', errors.map((error) => `${error.path}: ${error.message}`).join('; '), { errors });
  }
  return input;
}

/** Where texts stand that the database cannot keep: with U+0000, or with one half of a surrogate pair. */
function unstorableTexts(value: unknown): PropertyKey[][] {
  const found: PropertyKey[][] = [];
  const waiting: { value: unknown; path: PropertyKey[] }[] = [{ value, path: [] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path } = next;
    if (typeof value === 'string') {
      if (value.includes('\u0000') || /\p{Surrogate}/u.test(value)) found.push(path);
    } else if (Array.isArray(value)) {
      for (const [index, element] of value.entries()) waiting.push({ value: element, path: [...path, index] });
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, element] of Object.entries(value)) waiting.push({ value: element, path: [...path, name] });
    }
  }
  return found.reverse();
}

const pathOf = (where: string, path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`),
    where,
  );
