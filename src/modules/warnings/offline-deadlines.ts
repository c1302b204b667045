import { receiptOf } from '../../domain/deadline-receipt.js';
import { MINUTE_MS } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { WarningEntry } from '../../domain/warning-rules.js';
import type { Tx } from '../database/database.js';
import { areasOf } from '../outages/network-at.js';
import { setDeadlinesOf, settleDeadlines } from '../deadlines/deadlines.js';

const KIND = 'terminal_offline';

/** A transformer that became unknown gets a deadline by which it should be heard again; one that is heard loses it. */
export async function setOfflineDeadlines(
  tx: Tx,
  entries: readonly WarningEntry[],
  active: PolicyInForce,
): Promise<void> {
  // Only the last change of a transformer in the batch counts.
  const last = new Map<number, { unknown: boolean; happenedAt: number }>();
  for (const entry of entries) {
    if (entry.type !== 'supply_changed') continue;
    last.set(entry.subjectId, { unknown: entry.data.to === 'unknown', happenedAt: entry.happenedAt });
  }
  const heard = [...last].filter(([, change]) => !change.unknown).map(([id]) => id);
  await settleDeadlines(tx, KIND, 'transformer', heard, 'met');
  for (const id of await silentAfterOutages(tx, entries)) last.set(id, { unknown: true, happenedAt: tx.now });
  for (const entry of entries)
    if (entry.type === 'communication_restored')
      for (const id of entry.data.transformerIds) last.set(id, { unknown: true, happenedAt: tx.now });
  const missing = [...last].filter(([, change]) => change.unknown);
  const ids = active.areas.size === 0 ? [] : missing.map(([id]) => id);
  const areas = await areasOf(tx, ids);
  await setDeadlinesOf(
    tx,
    missing.map(([subjectId, { happenedAt }]) => {
      const area = areas.get(subjectId) ?? '';
      const policy = active.policyFor(area);
      const receipt = receiptOf({
        startMeaning: 'terminal silent, supply unknown',
        start: happenedAt,
        limitMs: policy.warnings.offlineMinutes * MINUTE_MS,
        profile: policy.profile,
        source: active.sourcesFor(area)['warnings.offlineMinutes'] ?? '',
      });
      const stages = [{ stage: 'notice', dueAt: receipt.due, receipt }];
      return { kind: KIND, subjectType: 'transformer', subjectId, policyVersion: active.version, stages };
    }),
  );
}

/** Silence in an outage is expected and was not warned of; once the outage is over, who is still silent gets the same time again. */
async function silentAfterOutages(tx: Tx, entries: readonly WarningEntry[]): Promise<number[]> {
  const over = entries.filter((entry) => entry.type === 'outage_restored' || entry.type === 'outage_closed');
  if (over.length === 0) return [];
  const rows = await tx.query<{ id: number }>(
    `select distinct s.transformer_id as id
     from outage o
     join asset a on a.path @> array[o.root_asset_id]
     join transformer_state s on s.transformer_id = a.id and s.supply = 'unknown'
     where o.id = any($1) and o.ended_at is not null
       and not exists (select from warning w where w.kind = 'terminal_offline' and w.subject_type = 'transformer'
                       and w.subject_id = a.id and w.status <> 'resolved')`,
    [over.map((entry) => entry.subjectId)],
  );
  return rows.map((row) => row.id);
}
