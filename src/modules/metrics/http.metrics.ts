import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Histogram, Registry } from 'prom-client';

const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Time from the first byte of a request to the last byte of its answer, refused ones included. */
@Injectable()
export class HttpMetrics implements OnModuleInit {
  private readonly duration: Histogram<'method' | 'route' | 'status'>;

  constructor(
    registry: Registry,
    private readonly host: HttpAdapterHost,
  ) {
    this.duration = new Histogram({
      name: 'lamplighter_http_request_duration_seconds',
      help: 'Duration of HTTP requests by route pattern; event streams are left out, they last as long as their reader',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS_S,
      registers: [registry],
    });
  }

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onResponse', (request, reply, done) => {
      if (!String(reply.getHeader('content-type')).startsWith('text/event-stream')) {
        // The pattern, not the path: paths are without bound. What matches no route shares one name.
        const route = request.routeOptions.url ?? 'none';
        this.duration.observe(
          { method: request.method, route, status: String(reply.statusCode) },
          reply.elapsedTime / 1_000,
        );
      }
      done();
    });
  }
}
