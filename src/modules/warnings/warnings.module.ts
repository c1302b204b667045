import { Module } from '@nestjs/common';
import { WarningsController } from './warnings.controller.js';
import { WarningsFollower } from './warnings.follower.js';
import { WarningsMetrics } from './warnings.metrics.js';
import { YearFollowers } from './year.followers.js';

@Module({
  controllers: [WarningsController],
  providers: [WarningsFollower, WarningsMetrics, YearFollowers],
})
export class WarningsModule {}
