import type { OutageMember, OutageRecord } from '../../domain/outage-record.js';
import type { OutageHappening, PlannedWork } from '../../domain/outage-lifecycle.js';
import type { Words } from '../../domain/words.js';
import type { Tx } from '../database/database.js';
import { loadOutages, loadWorks } from './outage-rows.js';
import type { StoredMember } from './outage-rows.js';

/** An outage on the table: as it was, and what is known now. */
export interface BoardOutage {
  before: OutageRecord;
  rootAssetId: number;
  plannedOutageId: number | null;
  members: OutageMember[];
  confirmAt: number | null;
  overran: boolean;
  /** A person discards it, or decided something about it: it is written even if nothing else differs. */
  decision: 'discard' | 'fields' | null;
  /** A person takes back that it was discarded or merged away. */
  revived: boolean;
  mergedIntoId: number | null;
  /** Why it changes, for the journal: English words -> the same in Chinese. */
  reasons: Map<string, string>;
  /** Event time of the newest news of it; null = none. */
  newsAt: number | null;
}

/** What became of one outage on the board. */
export interface SavedOutage {
  outage: BoardOutage;
  after: OutageRecord;
  happenings: OutageHappening[];
}

/** The outages that one transaction works on, in memory, so that every batch is read once and written once. */
export class OutageBoard {
  readonly outages = new Map<number, BoardOutage>();
  /** Members as they are stored, by row. */
  readonly stored = new Map<number, StoredMember>();
  /** The same members as they are now, by row. */
  readonly members = new Map<number, OutageMember>();
  readonly works = new Map<number, PlannedWork>();

  /** Puts outages on the table that are not there yet. */
  async load(tx: Tx, ids: Iterable<number>): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.outages.has(id));
    const { records, members } = await loadOutages(tx, missing);
    for (const before of records) this.put(before);
    for (const member of members) {
      this.stored.set(member.rowId, member);
      const { outageId, ...rest } = member;
      this.members.set(member.rowId, rest);
      this.outages.get(outageId)?.members.push(rest);
    }
    await this.loadWorks(
      tx,
      records.flatMap(({ plannedOutageId }) => plannedOutageId ?? []),
    );
  }

  async loadWorks(tx: Tx, ids: Iterable<number>): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.works.has(id));
    for (const [id, work] of await loadWorks(tx, missing)) this.works.set(id, work);
  }

  put(before: OutageRecord): BoardOutage {
    const outage: BoardOutage = {
      before,
      rootAssetId: before.rootAssetId,
      plannedOutageId: before.plannedOutageId,
      members: [],
      confirmAt: null,
      overran: false,
      decision: null,
      revived: false,
      mergedIntoId: before.mergedIntoId,
      reasons: new Map(),
      newsAt: null,
    };
    this.outages.set(before.id, outage);
    return outage;
  }
}

export function addNews(outage: BoardOutage | undefined, { en, zh }: Words, happenedAt: number | null): void {
  if (outage === undefined) return;
  outage.reasons.set(en, zh);
  if (happenedAt !== null) outage.newsAt = Math.max(outage.newsAt ?? happenedAt, happenedAt);
}

/** What a person did, with the words that the person gave. */
export const withNote = ({ en, zh }: Words, note: string): Words =>
  note === '' ? { en, zh } : { en: `${en}: ${note}`, zh: `${zh}：${note}` };

/** The record of an outage that is about to open. */
export const newRecord = (id: number, rootAssetId: number, startedAt: number, policyVersion: number): OutageRecord => ({
  id,
  state: 'suspected',
  nature: 'fault',
  cause: '',
  rootAssetId,
  area: '',
  startedAt,
  confirmedAt: null,
  endedAt: null,
  estimatedRestorationAt: null,
  plannedOutageId: null,
  parentId: null,
  mergedIntoId: null,
  momentary: false,
  customersAffected: 0,
  customersRestored: 0,
  evidence: {},
  decided: {},
  policyVersion,
  revision: -1,
});
