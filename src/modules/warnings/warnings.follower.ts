import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { JournalEntry } from '../../domain/journal-entry.js';
import { decideWarnings, WARNING_ENTRY_TYPES } from '../../domain/warning-rules.js';
import type { WarningEntry } from '../../domain/warning-rules.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { areaOfEntry } from '../../domain/warnings/area-of-entry.js';
import type { Facts } from '../../domain/warnings/facts.js';
import type { Draft } from '../../domain/warnings/warning.js';
import type { Tx } from '../database/database.js';
import { Workers } from '../journal/workers.js';
import type { Follower } from '../journal/follow.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { byOneVersion } from '../policy/one-version.js';
import { setOfflineDeadlines } from './offline-deadlines.js';
import { loadFacts } from './warning-facts.js';
import { loadBook, saveBook } from './warning-store.js';
import { WarningsMetrics } from './warnings.metrics.js';

const isWanted = (entry: JournalEntry): entry is WarningEntry =>
  (WARNING_ENTRY_TYPES as readonly string[]).includes(entry.type);

/** Turns a batch of entries into warnings: look everything up at once, decide entry by entry in memory, write at once. */
async function digest(tx: Tx, entries: readonly WarningEntry[], active: PolicyInForce): Promise<Draft[]> {
  const { policy, version } = active;
  const facts = await loadFacts(tx, entries, policy);
  const episodes = entries.filter((entry) => entry.subjectType === 'episode').map((entry) => entry.subjectId);
  const book = await loadBook(tx, subjectsOf(entries, facts), episodes);
  for (const entry of entries)
    book.apply(decideWarnings(entry, facts, active.policyFor(areaOfEntry(entry, facts)), book));
  await setOfflineDeadlines(tx, entries, active);
  return saveBook(tx, book, version);
}

/** The subjects whose warnings the rules may look at or change. */
function subjectsOf(entries: readonly WarningEntry[], facts: Facts): { type: string; id: number }[] {
  const subjects = new Map<string, { type: string; id: number }>();
  const add = (type: string, id: number): void => void subjects.set(`${type}|${id}`, { type, id });
  for (const entry of entries) {
    if (entry.type === 'notice_settled') {
      const event = facts.notices.get(entry.subjectId)?.event;
      if (event !== undefined) add(event.type, event.id);
    } else if (entry.subjectType === 'complaint') {
      const complaint = facts.complaints.get(entry.subjectId);
      add('complaint', entry.subjectId); // its promises
      for (const { assetId } of complaint?.liveClusters ?? []) add('asset', assetId);
      if (complaint?.cluster) add('asset', complaint.cluster.place.assetId);
      if (complaint?.customer) add('customer', complaint.customer.id);
    } else if ('transformerId' in entry.data) {
      add('transformer', entry.data.transformerId);
    } else {
      add(entry.subjectType, entry.subjectId);
      if ('plannedOutageId' in entry.data && entry.data.plannedOutageId !== null)
        add('planned_outage', entry.data.plannedOutageId);
    }
  }
  return [...subjects.values()];
}

/** The follower `warnings`: the only one that raises them. */
@Injectable()
export class WarningsFollower implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly active: ActivePolicy,
    private readonly metrics: WarningsMetrics,
  ) {}

  onModuleInit(): void {
    this.workers.follow(
      byOneVersion(this.active, (active) => followerOf(active, (raised, now) => this.metrics.countRaised(raised, now))),
    );
  }
}

export const followerOf = (
  active: PolicyInForce,
  onRaised: (raised: readonly Draft[], now: number) => void = () => undefined,
): Follower => ({
  name: 'warnings',
  types: WARNING_ENTRY_TYPES,
  async handle(tx, entries) {
    onRaised(await digest(tx, entries.filter(isWanted), active), tx.now);
  },
});
