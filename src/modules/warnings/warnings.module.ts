import { Module } from '@nestjs/common';
import { WarningsController } from './warnings.controller.js';
import { WarningsFollower } from './warnings.follower.js';
import { WarningsMetrics } from './warnings.metrics.js';

@Module({ controllers: [WarningsController], providers: [WarningsFollower, WarningsMetrics] })
export class WarningsModule {}
