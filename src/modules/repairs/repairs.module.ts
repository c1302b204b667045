import { Module } from '@nestjs/common';
import { RepairsController } from './repairs.controller.js';
import { RepairsFollower } from './repairs.follower.js';
import { RepairsMetrics } from './repairs.metrics.js';
import { RoutesController } from './routes.controller.js';
import { ServiceRequestsController } from './service-requests.controller.js';

/** Fault reports from the call to the call back, and who is responsible for what. */
@Module({
  controllers: [RepairsController, RoutesController, ServiceRequestsController],
  providers: [RepairsFollower, RepairsMetrics],
})
export class RepairsModule {}
