import { Injectable } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import type { HealthCheckResult, HealthIndicatorResult } from '@nestjs/terminus';
import { Database } from '../database/database.js';
import { Workers } from '../journal/workers.js';
import { MqttSession } from '../telemetry/mqtt-session.js';

/** An orchestrator asks every few seconds and gives up on a slow answer; better to say so first. */
const DATABASE_TIMEOUT_MS = 2_000;

/** Whether this replica can do its work now: the database answers, the broker is connected, background work goes well. */
@Injectable()
export class Readiness {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly db: Database,
    private readonly workers: Workers,
    private readonly mqtt: MqttSession,
  ) {}

  /** @throws ServiceUnavailableException with the same result when a part is down */
  async check(): Promise<HealthCheckResult> {
    return this.health.check([() => this.database(), () => this.broker(), () => this.background()]);
  }

  /** Migrations ran before the service listened; that the table of versions can be read shows database and schema at once. */
  private async database(): Promise<HealthIndicatorResult> {
    return this.indicators
      .check('database')
      .attempt(async () => {
        const [row] = await this.db.query<{ count: number }>('select count(*) as count from schema_migration');
        return { migrations: row?.count ?? 0 };
      })
      .withTimeout(DATABASE_TIMEOUT_MS);
  }

  /** A replica without the ingest role needs no broker. */
  private broker(): HealthIndicatorResult {
    const indicator = this.indicators.check('broker');
    return this.mqtt.connected ? indicator.up() : indicator.down('not connected; the log has the reason');
  }

  /** Followers, sweeps and senders whose last step failed; the log has the reasons, which are not for everybody. */
  private background(): HealthIndicatorResult {
    const indicator = this.indicators.check('workers');
    const { troubles } = this.workers;
    return troubles.size === 0
      ? indicator.up({ followers: this.workers.followers.length })
      : indicator.down({ failing: [...troubles.keys()] });
  }
}
