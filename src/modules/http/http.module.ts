import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AuthGuard } from '../auth/auth.guard.js';
import { OpenApiModule } from './openapi.module.js';
import { ProblemFilter } from './problem.js';
import { ResponseInterceptor } from './response.interceptor.js';

/** What holds for every route: who may call, problems as RFC 9457, answers through their schema. */
@Module({
  imports: [OpenApiModule],
  providers: [
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: ResponseInterceptor },
  ],
})
export class HttpModule {}
