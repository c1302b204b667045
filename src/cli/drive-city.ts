import { setTimeout as sleep } from 'node:timers/promises';
import { transformerAt } from '../simulator/city.js';
import { backfill, births, messagesBetween } from '../simulator/telemetry.js';
import type { SimMessage } from '../simulator/telemetry.js';
import type { Timeline } from '../simulator/timeline.js';
import type { SimCall } from '../simulator/incident.js';
import { sentenceOf } from './api-client.js';
import type { ApiClient } from './api-client.js';
import { Progress } from './progress.js';
import type { Publisher } from './publisher.js';

const STEP_MS = 60_000;
const TICK_MS = 250;

export interface DriveCounts {
  messages: number;
  calls: number;
  refusedCalls: number;
}

/** Plays a timeline through the public doors: MQTT for terminals, the HTTP API for the other systems. */
export class CityDriver {
  readonly counts: DriveCounts = { messages: 0, calls: 0, refusedCalls: 0 };

  constructor(
    private readonly timeline: Timeline,
    private readonly publisher: Publisher,
    private readonly api: ApiClient,
    private readonly topicPrefix: string,
    private readonly say: (text: string) => void,
  ) {}

  /**
   * Publishes the past as fast as it is taken, in the order of event time; `to` may move on while it plays.
   * @param rate messages a second at most; Infinity = no limit
   * @returns the instant it reached
   */
  async playHistory(from: number, to: () => number, rate = Infinity): Promise<number> {
    await this.makeCalls(this.timeline.callsBetween(-Infinity, from));
    for (const message of births(this.timeline, from)) await this.send(message);
    const progress = new Progress('history, minutes').start(Math.ceil((to() - from) / STEP_MS));
    const beganAt = Date.now();
    let at = from;
    while (at < to()) {
      const end = Math.min(at + STEP_MS, to());
      await this.playSpan(at, end);
      at = end;
      progress.add(1);
      const aheadMs = (this.counts.messages / rate) * 1000 - (Date.now() - beganAt);
      if (aheadMs > 0) await sleep(aheadMs);
    }
    progress.stop();
    return at;
  }

  /**
   * Goes on from an instant of event time, `speed` times as fast as the clock, but never past it.
   * @param grow called before each step with the instant that will be needed, so that the future exists in time
   */
  async playLive(from: number, speed: number, stop: AbortSignal, grow: (until: number) => void): Promise<void> {
    const beganAt = Date.now();
    let at = from;
    while (!stop.aborted) {
      const to = Math.min(Date.now(), from + (Date.now() - beganAt) * speed);
      if (to > at) {
        grow(to);
        await this.playSpan(at, to);
        at = to;
      }
      await sleep(TICK_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  /** Answers backfill commands of the service like a terminal: with the readings it kept. */
  async answerCommands(): Promise<void> {
    const byTerminal = new Map(
      this.timeline.city.transformers.map((transformer) => [transformer.terminal, transformer]),
    );
    await this.publisher.listen(`${this.topicPrefix}/+/+/down/cmd`, (topic, payload) => {
      const transformer = byTerminal.get(topic.split('/').at(-3) ?? '');
      if (transformer === undefined) return;
      this.answer(transformer.index, payload.toString('utf8')).catch((error: unknown) =>
        this.say(`A command on ${topic} could not be answered: ${String(error)}`),
      );
    });
  }

  private async answer(index: number, text: string): Promise<void> {
    const command = JSON.parse(text) as { rid?: string; cmd?: string; kind?: string; from?: number; to?: number };
    const transformer = transformerAt(this.timeline.city, index);
    if (this.timeline.silentAt(index, Date.now()) !== null || this.timeline.downAt(index, Date.now()) !== null) return;
    if (typeof command.from === 'number' && typeof command.to === 'number') {
      const kept = backfill(this.timeline, transformer, command.from, Math.min(command.to + 1, Date.now()));
      for (const message of kept) await this.send(message);
    }
    const topic = `${this.topicPrefix}/${transformer.shard}/${transformer.terminal}/up/reply`;
    const closed = command.kind === 'reconnect' ? { switch: 'closed' } : {};
    await this.publisher.publish(topic, JSON.stringify({ rid: command.rid, ts: Date.now(), ok: true, ...closed }), {
      lane: index,
    });
  }

  private async playSpan(from: number, to: number): Promise<void> {
    const calls = this.timeline.callsBetween(from, to);
    let next = 0;
    for (const message of messagesBetween(this.timeline, from, to)) {
      const due = calls.findIndex((call, n) => n >= next && call.at > message.at);
      const until = due < 0 ? calls.length : due;
      if (until > next) await this.makeCalls(calls.slice(next, until));
      next = Math.max(next, until);
      await this.send(message);
    }
    await this.makeCalls(calls.slice(next));
  }

  private async send(message: SimMessage): Promise<void> {
    const { shard, terminal } = transformerAt(this.timeline.city, message.transformer);
    const topic = `${this.topicPrefix}/${shard}/${terminal}/up/${message.channel}`;
    await this.publisher.publish(topic, JSON.stringify(message.body), {
      lane: message.transformer,
      retain: message.retain,
    });
    this.counts.messages += 1;
  }

  private async makeCalls(calls: readonly SimCall[]): Promise<void> {
    for (const call of calls) {
      const { status, body } = await this.api.call(call.method, call.path, call.body);
      this.counts.calls += 1;
      if (status < 300) continue;
      this.counts.refusedCalls += 1;
      this.say(`${call.what}: ${call.method} ${call.path} was refused (${status}): ${sentenceOf(body)}`);
    }
  }
}
