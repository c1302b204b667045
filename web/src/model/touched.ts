/** The resources whose lists an entry of the journal may have changed. */
export type Resource = 'board' | 'outages' | 'warnings' | 'complaints' | 'reconnection-orders' | 'notices' | 'journal';

const BY_PREFIX: readonly (readonly [prefix: string, resources: readonly Resource[]])[] = [
  ['supply_', ['board']],
  ['outage_', ['board', 'outages']],
  ['planned_outage_', ['outages']],
  ['warning_', ['board', 'warnings']],
  ['deadline_', ['outages', 'reconnection-orders']],
  ['complaint_', ['complaints', 'outages']],
  ['reconnection_', ['reconnection-orders']],
  ['payment_', ['reconnection-orders']],
  ['disconnection_', ['reconnection-orders']],
  ['notice_', ['notices']],
  ['network_', ['board']],
  ['asset_', ['board', 'outages']],
];

export function touchedBy(entryType: string): readonly Resource[] {
  const resources = BY_PREFIX.find(([prefix]) => entryType.startsWith(prefix))?.[1] ?? [];
  return [...resources, 'journal'];
}
