import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { JournalEntry, JournalType } from '../../domain/journal-entry.js';
import type { Tx } from '../database/database.js';
import { Workers } from '../journal/workers.js';
import { OutageNotices } from './outage-notices.js';
import { PlannedNotices } from './planned-notices.js';
import { ReconnectionNotices } from './reconnection-notices.js';

const TYPES = [
  'outage_confirmed',
  'outage_changed',
  'outage_merged',
  'outage_restored',
  'outage_closed',
  'outage_discarded',
  'deadline_fired',
  'planned_outage_registered',
  'planned_outage_changed',
  'planned_outage_cancelled',
  'reconnection_ordered',
  'reconnection_met',
] as const satisfies readonly JournalType[];

/** Turns what happened into notices. A storm's hundred entries about one outage are one comparison of what is with what was told. */
@Injectable()
export class NoticesFollower implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly outages: OutageNotices,
    private readonly planned: PlannedNotices,
    private readonly reconnections: ReconnectionNotices,
  ) {}

  onModuleInit(): void {
    this.workers.follow({ name: 'notices', types: TYPES, handle: (tx, entries) => this.handle(tx, entries) });
  }

  async handle(tx: Tx, entries: readonly JournalEntry[]): Promise<void> {
    const outages = new Map<number, number>();
    const planned = new Set<number>();
    const orders = new Set<number>();
    const note = (outageId: number, stageHours = 0): void => {
      outages.set(outageId, Math.max(stageHours, outages.get(outageId) ?? 0));
    };
    for (const entry of entries) {
      switch (entry.type) {
        case 'deadline_fired':
          if (entry.data.kind === 'outage_ladder') note(entry.data.subjectId, Number.parseFloat(entry.data.stage));
          break;
        case 'outage_merged':
          note(entry.data.intoId);
          break;
        default:
          if (entry.subjectType === 'outage') note(entry.subjectId);
          if (entry.subjectType === 'planned_outage') planned.add(entry.subjectId);
          if (entry.subjectType === 'reconnection_order') orders.add(entry.subjectId);
      }
    }
    await this.outages.tell(tx, outages);
    for (const id of planned) await this.planned.tell(tx, id);
    for (const id of orders) await this.reconnections.tell(tx, id);
  }
}
