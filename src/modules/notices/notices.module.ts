import { Module } from '@nestjs/common';
import { Config } from '../../config.js';
import { DunningNotices } from './dunning-notices.js';
import { NoticeTexts } from './notice-texts.js';
import { NoticesController } from './notices.controller.js';
import { NoticesFollower } from './notices.follower.js';
import { NoticesMetrics } from './notices.metrics.js';
import { OutageNotices } from './outage-notices.js';
import { PlannedNotices } from './planned-notices.js';
import { SmsProviders } from './providers/providers.js';
import { ReconnectionNotices } from './reconnection-notices.js';
import { Sender } from './sender.js';
import { SupervisionNotices } from './supervision-notices.js';

@Module({
  controllers: [NoticesController],
  providers: [
    { provide: SmsProviders, inject: [Config], useFactory: (config: Config) => SmsProviders.of(config) },
    NoticeTexts,
    NoticesMetrics,
    NoticesFollower,
    DunningNotices,
    OutageNotices,
    PlannedNotices,
    ReconnectionNotices,
    SupervisionNotices,
    Sender,
  ],
})
export class NoticesModule {}
