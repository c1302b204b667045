import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { TelemetryModule } from '../telemetry/telemetry.module.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';
import { ScrapeController } from './scrape.controller.js';

/** What those who run the service read: alive, ready, metrics. Last in the order, for it looks at all others. */
@Module({
  // Its own log line for each failed check would fill the log of a service that waits for its database.
  imports: [TerminusModule.forRoot({ logger: false }), TelemetryModule],
  controllers: [HealthController, ScrapeController],
  providers: [Readiness],
})
export class HealthModule {}
