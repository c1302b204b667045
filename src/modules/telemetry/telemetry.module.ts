import { Module } from '@nestjs/common';
import { BatchWriter } from './batch-writer.js';
import { CommandSender } from './command-sender.js';
import { MqttSession } from './mqtt-session.js';
import { ReadingsController } from './readings.controller.js';
import { Redrive } from './redrive.js';
import { RejectedMessagesController } from './rejected-messages.controller.js';
import { Rollups } from './rollups.js';
import { SessionMetrics } from './session.metrics.js';
import { TelemetryMetrics } from './telemetry.metrics.js';

/** What terminals send: from the broker through the codecs into one transaction per batch. */
@Module({
  controllers: [ReadingsController, RejectedMessagesController],
  providers: [TelemetryMetrics, SessionMetrics, BatchWriter, MqttSession, CommandSender, Rollups, Redrive],
  exports: [BatchWriter, MqttSession],
})
export class TelemetryModule {}
