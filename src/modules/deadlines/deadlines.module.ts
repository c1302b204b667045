import { Module } from '@nestjs/common';
import { CalendarsController } from './calendars.controller.js';
import { DeadlineSweeper } from './deadline-sweeper.js';
import { DeadlinesController } from './deadlines.controller.js';
import { DeadlinesMetrics } from './deadlines.metrics.js';
import { DutyPersonsController } from './duty-persons.controller.js';

@Module({
  controllers: [DeadlinesController, CalendarsController, DutyPersonsController],
  providers: [DeadlinesMetrics, DeadlineSweeper],
})
export class DeadlinesModule {}
