import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { JournalEntry } from '../../domain/journal-entry.js';
import type { Tx } from '../database/database.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { breachOrder } from './orders.js';
import { CUSTOMER_EVENTS, recordMeasuredPower } from './restorations.js';

/** Follows the journal: limits that passed, and terminals that saw a customer's power come back. */
@Injectable()
export class ReconnectionFollower implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly active: ActivePolicy,
  ) {}

  onModuleInit(): void {
    this.workers.follow({
      name: 'reconnection',
      types: ['deadline_fired', 'terminal_event'],
      handle: (tx, entries) => this.handle(tx, entries),
    });
  }

  private async handle(tx: Tx, entries: readonly JournalEntry[]): Promise<void> {
    for (const entry of entries) {
      if (entry.type === 'deadline_fired' && entry.data.kind === 'reconnection' && entry.data.stage === 'due') {
        await breachOrder(tx, entry.subjectId);
      }
      if (entry.type === 'terminal_event' && CUSTOMER_EVENTS.some((type) => type === entry.data.eventType)) {
        await recordMeasuredPower(tx, this.active.at(tx.now), {
          transformerId: entry.subjectId,
          happenedAt: entry.happenedAt,
          type: entry.data.eventType,
        });
      }
    }
  }
}
