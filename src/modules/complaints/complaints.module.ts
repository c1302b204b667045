import { Module } from '@nestjs/common';
import { ComplaintsController } from './complaints.controller.js';
import { ComplaintsFollower } from './complaints.follower.js';
import { ComplaintsMetrics } from './complaints.metrics.js';

@Module({ controllers: [ComplaintsController], providers: [ComplaintsFollower, ComplaintsMetrics] })
export class ComplaintsModule {}
