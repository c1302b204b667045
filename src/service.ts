import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { Clock } from './clock.js';
import { Config } from './config.js';
import { ServiceLogger } from './logger.js';
import { answerFrameworkError } from './modules/http/problem.js';
import { EmbeddedPostgres } from './modules/database/embedded-postgres.js';

/** Bodies of imports are the largest thing anybody sends. */
const BODY_LIMIT_BYTES = 64 * 1024 * 1024;

/** Builds and starts the service; tests call it with a port of 0 and a clock of their own. */
export async function startService(config: Config, clock: Clock = new Clock()): Promise<NestFastifyApplication> {
  process.env.TZ = config.utilityTimeZone; // every local date below is the utility's
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    frameworkErrors: answerFrameworkError,
  });
  // Nest sets its handler after the routes, which keep the one that stands when they are registered; so ours is set first, and stays.
  adapter.setErrorHandler(answerFrameworkError);
  adapter.setErrorHandler = () => adapter.getInstance();
  for (const type of ['text/csv', 'application/x-ndjson', 'text/plain']) {
    adapter.getInstance().addContentTypeParser(type, { parseAs: 'string' }, (_request, body, done) => done(null, body));
  }
  let app: NestFastifyApplication | undefined;
  try {
    app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config, clock), adapter, {
      logger: new ServiceLogger(config.logLevel),
      abortOnError: false,
    });
    await app.listen(config.port, config.host);
    return app;
  } catch (error) {
    // Nothing stays behind a start that failed: no connection, no embedded server.
    await app?.close().catch(() => undefined); // what closing finds broken is what stopped the start
    await EmbeddedPostgres.stopAll();
    throw error;
  }
}
