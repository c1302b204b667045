import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { JournalEntry } from '../../domain/journal-entry.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { watchForecasts } from './forecast-watch.js';
import { breachOrder } from './judge-order.js';
import { followCommands, passRemoteDeadline } from './remote-answers.js';
import { REMOTE_DEADLINE } from './remote-tries.js';
import { isCustomerEvent, recordMeasured } from './restorations.js';

const COMMANDS_REST_MS = 500;
const FORECAST_REST_MS = 5_000;

/** Follows the journal: limits that passed, and what terminals measured of a customer; and looks at commands and the queue. */
@Injectable()
export class ReconnectionFollower implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly workers: Workers,
    private readonly active: ActivePolicy,
  ) {}

  onModuleInit(): void {
    this.workers.follow({
      name: 'reconnection',
      types: ['deadline_fired', 'terminal_event'],
      handle: (tx, entries) => this.handle(tx, entries),
    });
    this.workers.register({
      name: 'remote-reconnection',
      role: 'followers',
      restMs: COMMANDS_REST_MS,
      step: () => followCommands(this.db, this.active.at(this.db.clock.now())),
    });
    this.workers.register({
      name: 'reconnection-forecast',
      role: 'followers',
      restMs: FORECAST_REST_MS,
      step: async () => {
        await watchForecasts(this.db, this.active.at(this.db.clock.now()));
        return false;
      },
    });
  }

  private async handle(tx: Tx, entries: readonly JournalEntry[]): Promise<void> {
    for (const { type, subjectId, happenedAt, data } of entries) {
      if (type === 'deadline_fired' && data.kind === 'reconnection' && data.stage === 'due')
        await breachOrder(tx, subjectId, data.dueAt);
      if (type === 'deadline_fired' && data.kind === REMOTE_DEADLINE)
        await passRemoteDeadline(tx, this.active.at(tx.now), subjectId, data);
      if (type === 'terminal_event' && isCustomerEvent(data.eventType)) {
        const event = { transformerId: subjectId, happenedAt, type: data.eventType };
        await recordMeasured(tx, this.active.at(tx.now), event);
      }
    }
  }
}
