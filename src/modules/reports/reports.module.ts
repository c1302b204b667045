import { Module } from '@nestjs/common';
import { ReliabilityController } from './reliability.controller.js';
import { ServiceController } from './service.controller.js';
import { VoltageController } from './voltage.controller.js';

@Module({ controllers: [ReliabilityController, VoltageController, ServiceController] })
export class ReportsModule {}
