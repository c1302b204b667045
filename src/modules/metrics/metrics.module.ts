import { Global, Module } from '@nestjs/common';
import { Registry } from 'prom-client';

/** One registry for the process. Each module has its own metrics object, built from it (`<module>.metrics.ts`). */
@Global()
@Module({ providers: [{ provide: Registry, useFactory: () => new Registry() }], exports: [Registry] })
export class MetricsModule {}
