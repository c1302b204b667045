import { Module } from '@nestjs/common';
import { OrdersController } from './orders.controller.js';
import { PaymentsController } from './payments.controller.js';
import { ReconnectionController } from './reconnection.controller.js';
import { ReconnectionFollower } from './reconnection.follower.js';
import { ReconnectionMetrics } from './reconnection.metrics.js';

/** Cuts for arrears, the rules before them, and the promise to restore after payment. */
@Module({
  controllers: [ReconnectionController, PaymentsController, OrdersController],
  providers: [ReconnectionFollower, ReconnectionMetrics],
})
export class ReconnectionModule {}
