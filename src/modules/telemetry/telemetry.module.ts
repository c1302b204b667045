import { Module } from '@nestjs/common';
import { BatchWriter } from './batch-writer.js';
import { CommandSender } from './command-sender.js';
import { MqttSession } from './mqtt-session.js';
import { Rollups } from './rollups.js';
import { SessionMetrics } from './session.metrics.js';
import { TelemetryMetrics } from './telemetry.metrics.js';

/** What terminals send: from the broker through the codecs into one transaction per batch. */
@Module({
  providers: [TelemetryMetrics, SessionMetrics, BatchWriter, MqttSession, CommandSender, Rollups],
  exports: [BatchWriter, MqttSession],
})
export class TelemetryModule {}
