import { Controller, Get, Res, ServiceUnavailableException } from '@nestjs/common';
import type { HealthCheckResult } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { Access } from '../auth/access.js';
import { Readiness } from './readiness.js';

/** What an orchestrator asks, without a key. The answers name parts of the service, nothing of its data. */
@Controller('/health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** Alive: the process answers. What it depends on is asked by `ready`, for a restart would not bring that back. */
  @Get('/live')
  @Access('open')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 with every part, or 503 with the same and a problem document's fields around it. */
  @Get('/ready')
  @Access('open')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    try {
      await reply.send(await this.readiness.check());
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      const result = error.getResponse() as HealthCheckResult;
      await reply
        .status(503)
        .header('content-type', 'application/problem+json; charset=utf-8')
        .send(
          JSON.stringify({
            type: 'urn:lamplighter:problem:not_ready',
            title: 'not ready',
            code: 'not_ready',
            detail: `Not ready: ${Object.keys(result.error ?? {}).join(', ')}.`,
            errors: [],
            ...result,
            status: 503,
          }),
        );
    }
  }
}
