import { Module } from '@nestjs/common';
import { LiveHub } from './live-hub.js';
import { LiveController } from './live.controller.js';
import { LiveMetrics } from './live.metrics.js';

@Module({ controllers: [LiveController], providers: [LiveHub, LiveMetrics] })
export class LiveModule {}
