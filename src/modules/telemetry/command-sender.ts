import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { Config } from '../../config.js';
import { at, Database } from '../database/database.js';
import { Workers } from '../journal/workers.js';
import { MqttSession } from './mqtt-session.js';

interface Command {
  rid: string;
  kind: string;
  body: Record<string, unknown>;
  expiresAt: number;
  terminal: string;
  shard: string;
}

const COMMANDS_PER_STEP = 200;

/**
 * Sends the commands of the outbox table. A command is marked sent after the broker has it, so a crash in between sends it again
 * with the same `rid`; terminals answer a repeated `rid` once. Expired commands are never sent.
 */
@Injectable()
export class CommandSender implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly session: MqttSession,
    private readonly workers: Workers,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.workers.register({
      name: 'commands',
      role: 'ingest',
      restMs: 1_000,
      wakeOnJournal: true,
      step: () => this.step(),
    });
  }

  private async step(): Promise<boolean> {
    if (!this.session.connected) return false;
    return this.db.inTx(async (tx) => {
      // A terminal that never spoke has no shard yet; its command waits until it does, or expires.
      const commands = await tx.query<Command>(
        `select c.rid, c.kind, c.body, c.expires_at as "expiresAt", t.code as terminal, t.shard
         from terminal_command c join terminal t on t.id = c.terminal_id
         where c.sent_at is null and c.expires_at > $1 and t.shard is not null
         order by c.created_at limit $2 for update of c skip locked`,
        [at(tx.now), COMMANDS_PER_STEP],
      );
      if (commands.length === 0) return false;
      await Promise.all(
        commands.map(({ rid, kind, body, expiresAt, terminal, shard }) =>
          this.session.publish(
            `${this.config.mqttTopicPrefix}/${shard}/${terminal}/down/cmd`,
            JSON.stringify({ ...body, rid, kind, expiresAt }),
            Math.max(1, Math.ceil((expiresAt - tx.now) / 1000)),
          ),
        ),
      );
      await tx.query('update terminal_command set sent_at = $2 where rid = any($1)', [
        commands.map((command) => command.rid),
        at(tx.now),
      ]);
      return commands.length === COMMANDS_PER_STEP;
    });
  }
}
