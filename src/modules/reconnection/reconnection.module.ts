import { Module } from '@nestjs/common';
import { ArrearsController } from './arrears.controller.js';
import { ContactsController } from './contacts.controller.js';
import { DunningController } from './dunning.controller.js';
import { DisconnectionsController } from './disconnections.controller.js';
import { DisconnectionsFollower } from './disconnections.follower.js';
import { OrdersController } from './orders.controller.js';
import { PaymentsController } from './payments.controller.js';
import { ProtectionsController } from './protections.controller.js';
import { ReconnectionFollower } from './reconnection.follower.js';
import { ReconnectionMetrics } from './reconnection.metrics.js';

/** Cuts for arrears, the rules before them, and the promise to restore after payment. */
@Module({
  controllers: [
    ArrearsController,
    DunningController,
    ContactsController,
    ProtectionsController,
    DisconnectionsController,
    PaymentsController,
    OrdersController,
  ],
  providers: [DisconnectionsFollower, ReconnectionFollower, ReconnectionMetrics],
})
export class ReconnectionModule {}
