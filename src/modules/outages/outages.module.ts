import { Module } from '@nestjs/common';
import { CorroborateFollower } from './corroborate.follower.js';
import { OutageFollower } from './outage-follower.js';
import { OutageOutlooks } from './outage-outlooks.js';
import { OutagesController } from './outages.controller.js';
import { OutagesMetrics } from './outages.metrics.js';
import { StillOutFollower } from './still-out.follower.js';
import { PlannedOutagesController } from './planned-outages.controller.js';

@Module({
  controllers: [OutagesController, PlannedOutagesController],
  providers: [OutageFollower, CorroborateFollower, StillOutFollower, OutageOutlooks, OutagesMetrics],
})
export class OutagesModule {}
