import { Module } from '@nestjs/common';
import { ArrearsReportController } from './arrears-report.controller.js';
import { ComplaintReportsController } from './complaint-reports.controller.js';
import { ReconnectionReportController } from './reconnection-report.controller.js';
import { MajorEventDays } from './major-event-days.js';
import { MajorEventDaysController } from './major-event-days.controller.js';
import { ReliabilityController } from './reliability.controller.js';
import { ServiceController } from './service.controller.js';
import { VoltageController } from './voltage.controller.js';

@Module({
  controllers: [
    ArrearsReportController,
    MajorEventDaysController,
    ReconnectionReportController,
    ReliabilityController,
    VoltageController,
    ServiceController,
    ComplaintReportsController,
  ],
  providers: [MajorEventDays],
})
export class ReportsModule {}
