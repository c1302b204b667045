import { Module } from '@nestjs/common';
import { ComplaintReportsController } from './complaint-reports.controller.js';
import { ReliabilityController } from './reliability.controller.js';
import { ServiceController } from './service.controller.js';
import { VoltageController } from './voltage.controller.js';

@Module({ controllers: [ComplaintReportsController, ReliabilityController, VoltageController, ServiceController] })
export class ReportsModule {}
