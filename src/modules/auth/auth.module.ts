import { Module } from '@nestjs/common';
import { ApiKeysController } from './api-keys.controller.js';
import { FirstKey } from './first-key.js';

/** Keys and who holds them. The guard that asks for them stands in the HTTP module. */
@Module({ controllers: [ApiKeysController], providers: [FirstKey] })
export class AuthModule {}
