import { Module } from '@nestjs/common';
import { ChronicVoltage } from './chronic-voltage.js';
import { FrequentOutages } from './frequent-outages.js';
import { WarningsController } from './warnings.controller.js';
import { WarningsFollower } from './warnings.follower.js';
import { WarningsMetrics } from './warnings.metrics.js';

@Module({
  controllers: [WarningsController],
  providers: [ChronicVoltage, FrequentOutages, WarningsFollower, WarningsMetrics],
})
export class WarningsModule {}
