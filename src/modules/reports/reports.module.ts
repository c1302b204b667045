import { Module } from '@nestjs/common';
import { ComplaintReportsController } from './complaint-reports.controller.js';
import { MajorEventDaysController } from './major-event-days.controller.js';
import { MajorEventDays } from './major-event-days.js';
import { ReconnectionReportController } from './reconnection-report.controller.js';
import { ReliabilityController } from './reliability.controller.js';
import { ServiceController } from './service.controller.js';
import { VoltageController } from './voltage.controller.js';

@Module({
  controllers: [
    ReconnectionReportController, MajorEventDaysController,
    ComplaintReportsController,
    ReliabilityController,
    VoltageController,
    ServiceController,
  ],
  providers: [MajorEventDays],
})
export class ReportsModule {}
