import { Module } from '@nestjs/common';
import { OutageFollower } from './outage-follower.js';

@Module({ providers: [OutageFollower] })
export class OutagesModule {}
