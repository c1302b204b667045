import { Module } from '@nestjs/common';
import { ConsumptionController } from './consumption.controller.js';

@Module({ controllers: [ConsumptionController] })
export class ConsumptionModule {}
