import { Module } from '@nestjs/common';
import { ReliabilityController } from './reliability.controller.js';

@Module({ controllers: [ReliabilityController] })
export class ReportsModule {}
