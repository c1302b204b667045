import { Module } from '@nestjs/common';
import { DeadlineSweeper } from './deadline-sweeper.js';
import { DeadlinesController } from './deadlines.controller.js';
import { DeadlinesMetrics } from './deadlines.metrics.js';

@Module({ controllers: [DeadlinesController], providers: [DeadlinesMetrics, DeadlineSweeper] })
export class DeadlinesModule {}
