import { Module } from '@nestjs/common';
import { AccountsController } from './accounts.controller.js';

/** What the person who takes the call sees of one account. */
@Module({ controllers: [AccountsController] })
export class AccountsModule {}
