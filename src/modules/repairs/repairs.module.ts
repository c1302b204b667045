import { Module } from '@nestjs/common';
import { RepairsController } from './repairs.controller.js';
import { RepairsFollower } from './repairs.follower.js';
import { RepairsMetrics } from './repairs.metrics.js';
import { RoutesController } from './routes.controller.js';

/** Fault reports from the call to the call back, and who is responsible for what. */
@Module({ controllers: [RepairsController, RoutesController], providers: [RepairsFollower, RepairsMetrics] })
export class RepairsModule {}
