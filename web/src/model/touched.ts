/** The resources whose lists an entry of the journal may have changed. */
export type Resource =
  | 'board'
  | 'outages'
  | 'warnings'
  | 'complaints'
  | 'reconnection-orders'
  | 'notices'
  | 'journal'
  | 'planned-outages'
  | 'accounts'
  | 'network'
  | 'policy'
  | 'actions'
  | 'deadlines'
  | 'repair-orders'
  | 'supervision-orders'
  | 'arrears'
  | 'consumption';

const BY_PREFIX: readonly (readonly [prefix: string, resources: readonly Resource[]])[] = [
  ['supply_', ['board', 'accounts', 'network', 'reconnection-orders']],
  ['outage_', ['board', 'outages', 'accounts', 'reconnection-orders', 'supervision-orders']],
  ['planned_outage_', ['outages', 'planned-outages', 'accounts', 'supervision-orders']],
  ['warning_', ['board', 'warnings']],
  ['deadline_', ['outages', 'reconnection-orders', 'repair-orders', 'deadlines']],
  ['complaint_', ['complaints', 'outages', 'supervision-orders']],
  ['reconnection_', ['reconnection-orders', 'accounts', 'deadlines', 'supervision-orders']],
  ['remote_reconnection', ['reconnection-orders']],
  ['supervision_', ['supervision-orders', 'deadlines']],
  ['repair_', ['repair-orders', 'deadlines', 'supervision-orders']],
  ['payment_', ['reconnection-orders', 'arrears']],
  ['disconnection_', ['reconnection-orders', 'accounts', 'arrears']],
  ['dunning_', ['arrears']],
  ['consumption_', ['consumption']],
  ['notice_', ['notices']],
  ['network_', ['board', 'network']],
  ['asset_', ['board', 'outages']],
  ['policy_', ['policy', 'board']],
  ['corrective_', ['actions', 'network']],
];

export function touchedBy(entryType: string): readonly Resource[] {
  const resources = BY_PREFIX.find(([prefix]) => entryType.startsWith(prefix))?.[1] ?? [];
  return [...resources, 'journal'];
}
