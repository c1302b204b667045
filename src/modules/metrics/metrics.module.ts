import { Global, Module } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { HttpMetrics } from './http.metrics.js';
import { SpineMetrics } from './spine.metrics.js';

/** One registry for the process. Each module has its own metrics object, built from it (`<module>.metrics.ts`). */
@Global()
@Module({
  providers: [
    {
      provide: Registry,
      useFactory: () => {
        const registry = new Registry();
        collectDefaultMetrics({ register: registry, prefix: 'lamplighter_' });
        return registry;
      },
    },
    HttpMetrics,
    SpineMetrics,
  ],
  exports: [Registry],
})
export class MetricsModule {}
