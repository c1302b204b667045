import { Module } from '@nestjs/common';
import { NoticeSheets } from './notice-sheets.js';
import { SupervisionController } from './supervision.controller.js';
import { SupervisionFollower } from './supervision.follower.js';
import { SupervisionMetrics } from './supervision.metrics.js';

/** Numbered orders to responsible units (督办单) with their warning notes (预警通知单). */
@Module({
  controllers: [SupervisionController],
  providers: [NoticeSheets, SupervisionFollower, SupervisionMetrics],
})
export class SupervisionModule {}
