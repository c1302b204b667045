import { Module } from '@nestjs/common';
import { BatchWriter } from './batch-writer.js';
import { CommandSender } from './command-sender.js';
import { MqttSession } from './mqtt-session.js';
import { ReadingsController } from './readings.controller.js';
import { Reassessment } from './reassess.js';
import { Redrive } from './redrive.js';
import { RejectedMessagesController } from './rejected-messages.controller.js';
import { Rollups } from './rollups.js';
import { SessionMetrics } from './session.metrics.js';
import { Silence } from './silence.js';
import { TelemetryMetrics } from './telemetry.metrics.js';

/** What terminals send: from the broker through the codecs into one transaction per batch. */
@Module({
  controllers: [ReadingsController, RejectedMessagesController],
  providers: [
    TelemetryMetrics,
    SessionMetrics,
    BatchWriter,
    MqttSession,
    CommandSender,
    Rollups,
    Redrive,
    Reassessment,
    Silence,
  ],
  exports: [BatchWriter, MqttSession],
})
export class TelemetryModule {}
