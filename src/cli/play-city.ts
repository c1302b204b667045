import { Registry } from 'prom-client';
import { SchedulerRegistry } from '@nestjs/schedule';
import type { Clock } from '../clock.js';
import { Config } from '../config.js';
import { ASSET_COLUMNS } from '../domain/register/asset-rows.js';
import { CUSTOMER_COLUMNS } from '../domain/register/customer-rows.js';
import { TERMINAL_COLUMNS } from '../domain/register/terminal-rows.js';
import type { NewComplaint } from '../modules/complaints/complaint-rows.js';
import { receive } from '../modules/complaints/receive.js';
import type { Database } from '../modules/database/database.js';
import { sweep } from '../modules/deadlines/deadline-sweep.js';
import { step } from '../modules/journal/follow.js';
import { Workers } from '../modules/journal/workers.js';
import { importAssets } from '../modules/network/import-assets.js';
import { importCustomers } from '../modules/network/import-customers.js';
import { readImportFile } from '../modules/network/import-file.js';
import { importTerminals } from '../modules/network/import-terminals.js';
import { NoticeTexts } from '../modules/notices/notice-texts.js';
import { NoticesFollower } from '../modules/notices/notices.follower.js';
import { OutageNotices } from '../modules/notices/outage-notices.js';
import { PlannedNotices } from '../modules/notices/planned-notices.js';
import { ReconnectionNotices } from '../modules/notices/reconnection-notices.js';
import { CorroborateFollower } from '../modules/outages/corroborate.follower.js';
import { OutageFollower } from '../modules/outages/outage-follower.js';
import { registerPlanned } from '../modules/outages/planned-outages.js';
import type { PlannedOutageFields } from '../modules/outages/planned-outages.js';
import { ActivePolicy } from '../modules/policy/active-policy.js';
import { BatchWriter } from '../modules/telemetry/batch-writer.js';
import { reassessDue } from '../modules/telemetry/reassess.js';
import type { ReceivedMessage } from '../modules/telemetry/received-message.js';
import { noticeSilence } from '../modules/telemetry/silence.js';
import { TelemetryMetrics } from '../modules/telemetry/telemetry.metrics.js';
import { WarningsFollower } from '../modules/warnings/warnings.follower.js';
import { WarningsMetrics } from '../modules/warnings/warnings.metrics.js';
import { builtInPolicyFile, readPolicyFile } from '../policy-file.js';
import { transformerAt } from '../simulator/city.js';
import type { SimCity } from '../simulator/city.js';
import { cityFiles } from '../simulator/city-csv.js';
import type { SimCall } from '../simulator/incident.js';
import { births, messagesBetween } from '../simulator/telemetry.js';
import type { SimMessage } from '../simulator/telemetry.js';
import type { Timeline } from '../simulator/timeline.js';

const ACTOR = 'simulator';
const STEP_MS = 30_000;
const HELD_BACK_REST_MS = 5;
const BATCH = 2_000;

/** A clock that the player moves. */
export interface PlayedClock extends Clock {
  set(time: number): void;
}

/**
 * Plays a simulated city straight into a database: the batch writer and the followers of the service, without broker and HTTP, on a
 * clock of its own. What the service would do by itself from time to time is done after every step.
 */
export class CityPlayer {
  /** Messages that say that a transformer lost supply, or that its terminal went away. */
  symptoms = 0;
  private readonly workers: Workers;
  private readonly writer: BatchWriter;
  private playedFrom = 0;

  private constructor(
    private readonly db: Database,
    private readonly clock: PlayedClock,
    private readonly active: ActivePolicy,
  ) {
    const config = Config.read({});
    this.writer = new BatchWriter(db, active, config, new TelemetryMetrics(new Registry()));
    this.workers = new Workers(db, config, new SchedulerRegistry());
    const texts = new NoticeTexts(config);
    new OutageFollower(this.workers, active).onModuleInit();
    new CorroborateFollower(this.workers, active).onModuleInit();
    new WarningsFollower(this.workers, active, new WarningsMetrics(new Registry(), db)).onModuleInit();
    new NoticesFollower(
      this.workers,
      new OutageNotices(texts, active),
      new PlannedNotices(texts, active),
      new ReconnectionNotices(texts),
    ).onModuleInit();
  }

  static async start(db: Database, clock: PlayedClock): Promise<CityPlayer> {
    return new CityPlayer(db, clock, await ActivePolicy.activate(db, readPolicyFile(builtInPolicyFile('csg'))));
  }

  async importCity(city: SimCity): Promise<void> {
    const { assets, terminals, customers } = cityFiles(city);
    await this.db.inTx((tx) => importAssets(tx, readImportFile(assets, 'csv', ASSET_COLUMNS), ACTOR));
    await this.db.inTx((tx) => importTerminals(tx, readImportFile(terminals, 'csv', TERMINAL_COLUMNS), ACTOR));
    await this.db.inTx((tx) => importCustomers(tx, readImportFile(customers, 'csv', CUSTOMER_COLUMNS), ACTOR));
    await this.db.query('analyze');
  }

  /** @param onStep after each step, with everything of it digested */
  async play(timeline: Timeline, from: number, to: number, onStep?: (at: number) => Promise<void>): Promise<void> {
    if (this.playedFrom === 0) {
      this.playedFrom = from;
      this.clock.set(from);
      for (const call of timeline.callsBetween(-Infinity, from)) await this.call(call);
      await this.write(timeline, births(timeline, from));
    }
    for (let at = from; at < to; at += STEP_MS) {
      const end = Math.min(at + STEP_MS, to);
      this.clock.set(end);
      await this.write(timeline, messagesBetween(timeline, at, end));
      for (const call of timeline.callsBetween(at, end)) await this.call(call);
      await this.settle();
      await onStep?.(end);
    }
  }

  /** Everything that is due at the present instant. */
  async settle(): Promise<void> {
    while ((await this.db.inTx((tx) => noticeSilence(tx, this.active.at(tx.now), this.playedFrom))) > 0);
    while (await reassessDue(this.db, this.active.at(this.db.clock.now())));
    for (;;) {
      let worked = false;
      let isHeldBack = false;
      for (const follower of this.workers.followers) {
        for (;;) {
          const result = await step(this.db, follower);
          if (typeof result === 'object') throw result.error;
          if (result === 'held back') isHeldBack = true;
          if (result !== 'worked') break;
          worked = true;
        }
      }
      if ((await sweep(this.db)).fired.length > 0 || worked) continue;
      if (!isHeldBack) return;
      await new Promise((done) => setTimeout(done, HELD_BACK_REST_MS));
    }
  }

  private async write(timeline: Timeline, messages: readonly SimMessage[]): Promise<void> {
    for (let n = 0; n < messages.length; n += BATCH)
      await this.writer.write(messages.slice(n, n + BATCH).map((message) => this.received(timeline, message)));
  }

  private received(timeline: Timeline, { at, transformer, channel, retain, body }: SimMessage): ReceivedMessage {
    const { shard, terminal } = transformerAt(timeline.city, transformer);
    const payload = Buffer.from(JSON.stringify(body));
    if (channel === 'event' || (channel === 'state' && payload.includes('offline'))) this.symptoms += 1;
    return { topic: `dt/v1/${shard}/${terminal}/up/${channel}`, payload, receivedAt: at, retain };
  }

  /** The calls that detection depends on: complaints and planned works. */
  private async call({ path, body }: SimCall): Promise<void> {
    if (path === '/complaints') {
      const given = body as Partial<NewComplaint> &
        Pick<NewComplaint, 'externalId' | 'channel' | 'text' | 'receivedAt'>;
      const nothing = { category: null, accountNo: null, callerPhone: null, address: null };
      await this.db.inTx((tx) => receive(tx, [{ ...nothing, ...given }], this.active, ACTOR));
    } else if (path === '/planned-outages') {
      const { externalId, ...fields } = body as unknown as PlannedOutageFields & { externalId: string };
      await this.db.inTx((tx) => registerPlanned(tx, externalId, fields, ACTOR, this.active.at(tx.now)));
    }
  }
}
