import { Catch, HttpException, Logger } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../../fault.js';
import type { FaultCode, InputError } from '../../fault.js';

const STATUS: Record<FaultCode, number> = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  not_allowed: 409,
  too_large: 413,
  misconfigured: 500,
  unavailable: 503,
};

/** RFC 9457. `code` is the stable name for programs, `detail` the sentence for people. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors: readonly InputError[];
}

const title = (code: string): string => code.replaceAll('_', ' ');

/** Any thrown value as a problem. What is not expected says nothing of its inside to the caller. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Fault) {
    return {
      type: `urn:lamplighter:problem:${error.problem}`,
      title: title(error.problem),
      status: STATUS[error.code],
      code: error.problem,
      detail: error.message,
      errors: error.errors,
    };
  }
  const status = statusOf(error);
  if (status < 500) {
    const code =
      status === 404
        ? 'not_found'
        : status === 413
          ? 'too_large'
          : status === 415
            ? 'unsupported_media_type'
            : 'invalid_input';
    return {
      type: `urn:lamplighter:problem:${code}`,
      title: title(code),
      status,
      code,
      detail: (error as Error).message,
      errors: [],
    };
  }
  return {
    type: 'urn:lamplighter:problem:internal',
    title: 'internal error',
    status: 500,
    code: 'internal',
    detail: 'The service failed on this request. The log of the service has the reason.',
    errors: [],
  };
}

/** Nest's own exceptions, and Fastify's (a body that is too large or not JSON), carry a status. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 ? status : 500;
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const problem = problemOf(error);
    if (problem.status >= 500) {
      const { method, url } = http.getRequest<FastifyRequest>();
      this.logger.error(
        `${method} ${url.split('?')[0] ?? ''}: ${String(error)}`,
        error instanceof Error ? error.stack : undefined,
      );
    }
    sendProblem(problem, reply);
  }
}

function sendProblem(problem: Problem, reply: FastifyReply): void {
  if (reply.sent) return; // a stream that broke after its first byte can only be closed
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  void reply
    .status(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}

/** What Fastify refuses before Nest sees it: an address that is no address, a body that is no JSON. */
export const answerFrameworkError = (error: unknown, _request: FastifyRequest, reply: FastifyReply): void =>
  sendProblem(problemOf(error), reply);
