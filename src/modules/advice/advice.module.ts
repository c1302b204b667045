import { Module } from '@nestjs/common';
import { ActionsController } from './actions.controller.js';
import { AdviceFollower } from './advice.follower.js';

@Module({ controllers: [ActionsController], providers: [AdviceFollower] })
export class AdviceModule {}
