import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Clock } from './clock.js';
import { Config } from './config.js';
import { DatabaseModule } from './modules/database/database.module.js';
import { HttpModule } from './modules/http/http.module.js';
import { JournalModule } from './modules/journal/journal.module.js';
import { AdviceModule } from './modules/advice/advice.module.js';
import { AccountsModule } from './modules/accounts/accounts.module.js';
import { AuthModule } from './modules/auth/auth.module.js';
import { ComplaintsModule } from './modules/complaints/complaints.module.js';
import { ConsoleModule } from './modules/console/console.module.js';
import { DeadlinesModule } from './modules/deadlines/deadlines.module.js';
import { HealthModule } from './modules/health/health.module.js';
import { LiveModule } from './modules/live/live.module.js';
import { MetricsModule } from './modules/metrics/metrics.module.js';
import { NetworkModule } from './modules/network/network.module.js';
import { NoticesModule } from './modules/notices/notices.module.js';
import { OutagesModule } from './modules/outages/outages.module.js';
import { ReportsModule } from './modules/reports/reports.module.js';
import { ReconnectionModule } from './modules/reconnection/reconnection.module.js';
import { TelemetryModule } from './modules/telemetry/telemetry.module.js';
import { WarningsModule } from './modules/warnings/warnings.module.js';
import { RepairsModule } from './modules/repairs/repairs.module.js';
import { SupervisionModule } from './modules/supervision/supervision.module.js';
import { ConsumptionModule } from './modules/consumption/consumption.module.js';
import { PolicyModule } from './modules/policy/policy.module.js';

@Module({})
class Foundation {
  static with(config: Config, clock: Clock): DynamicModule {
    return {
      module: Foundation,
      global: true,
      providers: [
        { provide: Config, useValue: config },
        { provide: Clock, useValue: clock },
      ],
      exports: [Config, Clock],
    };
  }
}

/** The whole service, its modules in the order data flows. */
@Module({})
export class AppModule {
  static with(config: Config, clock: Clock = new Clock()): DynamicModule {
    return {
      module: AppModule,
      imports: [
        Foundation.with(config, clock),
        ScheduleModule.forRoot(),
        DatabaseModule,
        PolicyModule,
        MetricsModule,
        JournalModule,
        HttpModule,
        NetworkModule,
        DeadlinesModule,
        TelemetryModule,
        OutagesModule,
        ReconnectionModule,
        WarningsModule,
        AdviceModule,
        ComplaintsModule,
        AccountsModule,
        RepairsModule,
        SupervisionModule,
        ConsumptionModule,
        NoticesModule,
        ReportsModule,
        LiveModule,
        ConsoleModule,
        HealthModule,
        AuthModule,
      ],
    };
  }
}
