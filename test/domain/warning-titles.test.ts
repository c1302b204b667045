import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../src/domain/instants.js';
import { decideWarnings } from '../../src/domain/warning-rules.js';
import type { WarningEntry } from '../../src/domain/warning-rules.js';
import type { Facts, OutageFacts } from '../../src/domain/warnings/facts.js';
import { WarningBook } from '../../src/domain/warnings/warning-book.js';
import { POLICY } from '../support/small-city.js';
import { outageRow, T0 } from '../support/warning-rules.js';

const PLACE = { assetId: 7, code: 'T7', name: 'Riverside 7', area: 'north' };

const OUTAGE: OutageFacts = { ...outageRow, root: PLACE, estimatedRestorationAt: T0 + 10 * HOUR_MS };
const FACTS = {
  transformers: new Map([[7, { place: PLACE, supply: 'unknown', supplySinceAt: T0, lastHeardAt: T0, inOpenOutage: false }]]),
  outages: new Map<number, unknown>([
    [1, OUTAGE],
    [2, { ...OUTAGE, id: 2, state: 'suspected', suspicion: [{ by: 'dead_neighbours', silent: 3, dead: 1 }] }],
  ]),
  plannedOutages: new Map([[5, { id: 5, externalId: 'P5', place: PLACE, nature: 'planned', reason: '', registeredLate: null }]]),
  orders: new Map([[3, { id: 3, accountNo: 'A3', place: PLACE, paidAt: T0, dueAt: T0 + 12 * HOUR_MS, restoredAt: null }]]),
  disconnections: new Map([
    [4, { id: 4, accountNo: 'A4', place: PLACE, reason: 'arrears', cutAt: T0, broken: [{ rule: 'notice', zh: '未通知', en: 'no notice', remedy: { zh: '', en: '' } }], reported: { unit: null, person: null }, responsible: { owner: null, manager: null } }],
  ]),
  repairs: new Map([
    [6, { id: 6, code: 'QX6', place: 'Riverside', area: 'north', assetId: 7, outageId: null, startedAt: T0, dispatchedAt: null, arrivedAt: null, restoredAt: null }],
  ]),
  notices: new Map(),
  complaints: new Map([
    [8, { id: 8, externalId: 'K8', category: 'metering', channel: 'hotline', receivedAt: T0, customer: null, dueAt: {}, contactedAt: null, answeredAt: null, cluster: { place: PLACE, callers: 4, firstAt: T0, complaintIds: [8] }, repeats: [], liveClusters: [] }],
  ]),
} as unknown as Facts; // prettier-ignore

const outageData = { state: 'confirmed', nature: 'fault', startedAt: T0, endedAt: null, customersAffected: 50, parentId: null, momentary: false, estimatedRestorationAt: null, why: '', changed: [] }; // prettier-ignore
const episode = (over: object) => ({ transformerId: 7, phase: 'B', severity: 'major', startedAt: T0, endedAt: null, worstValue: 190.06, ...over }); // prettier-ignore
const fired = (kind: string, stage: string, dueAt: number) => ({ kind, stage, dueAt });
const picture = {
  capacityKva: 400,
  limitPercent: 80,
  connection: 'Dyn11',
  neutralPercent: 45,
  neutralLimitPercent: 40,
};

describe('the English title of a warning', () => {
  const table: readonly (readonly [title: string, type: string, subject: string, id: number, data: object])[] = [
    ['Riverside 7 low voltage: phase B 190.1 V (limit 198 V)', 'episode_opened', 'episode', 11, episode({ kind: 'low_voltage' })],
    ['Riverside 7 overload: highest load 190.1 % (capacity 400 kVA, heavy from 80 %)', 'episode_opened', 'episode', 12, episode({ kind: 'overload', phase: '', evidence: picture })],
    ['Riverside 7 unbalanced phases: highest 190.1 % (Dyn11 limit 80 %), neutral current 45 % of the rated current (limit 40 %)', 'episode_opened', 'episode', 13, episode({ kind: 'unbalance', phase: '', evidence: picture })],
    ['Riverside 7 fault outage, 50 customers', 'outage_confirmed', 'outage', 1, outageData],
    ['Riverside 7 rest of a planned outage, 1 customer', 'outage_confirmed', 'outage', 1, { ...outageData, nature: 'planned', parentId: 9, customersAffected: 1 }],
    ['Riverside 7 outage suspected: 3 silent, 1 neighbour measured dead, 50 customers', 'outage_opened', 'outage', 2, { ...outageData, state: 'suspected' }],
    ['Riverside 7 fault outage may last over 8 h: 10 h expected', 'deadline_fired', 'outage', 1, fired('outage_ladder', '4h', T0 + 4 * HOUR_MS)],
    ['Riverside 7 fault outage over 8 h, 50 customers', 'deadline_fired', 'outage', 1, fired('outage_ladder', '8h', T0 + 8 * HOUR_MS)],
    ['Riverside 7 fault outage: expected restoration (20:00) has passed', 'deadline_fired', 'outage', 1, fired('outage_restoration', 'passed', T0 + 10 * HOUR_MS)],
    ['Riverside 7 planned outage planned for 9 h 30 min, over 8 h', 'planned_outage_registered', 'planned_outage', 5, { startsAt: T0, endsAt: T0 + 9.5 * HOUR_MS }],
    ['Riverside 7 terminal offline, supply unknown', 'deadline_fired', 'transformer', 7, fired('terminal_offline', 'due', T0)],
    ['north 2 terminals offline across 2 feeders, taken for lost communication', 'communication_lost', 'area', 1, { area: 'north', sinceAt: T0, transformerIds: [7, 8], feeders: 2 }],
    ['Account A3 to be reconnected: 6 h left', 'deadline_fired', 'reconnection_order', 3, fired('reconnection', '50%', T0 + 6 * HOUR_MS)],
    ['Account A3 not reconnected 12 h after payment: limit passed', 'deadline_fired', 'reconnection_order', 3, fired('reconnection', 'due', T0 + 12 * HOUR_MS)],
    ['Account A3 will be reconnected 1 h late at the present pace', 'reconnection_forecast_missed', 'reconnection_order', 3, { dueAt: T0, expectedAt: T0 + HOUR_MS, arithmetic: { zh: '', en: '' } }],
    ['Account A4 cut against the rules: no notice', 'disconnection_recorded', 'disconnection', 4, {}],
    ['QX6 no crew dispatched 10 min after the report', 'deadline_fired', 'repair_order', 6, fired('repair_dispatch', 'due', T0 + HOUR_MS / 6)],
    ['Riverside 7 calls of 4 customers, no event that explains them', 'complaint_received', 'complaint', 8, {}],
    ['Complaint K8 about metering: no first contact 2 h after it came in, limit passed', 'deadline_fired', 'complaint', 8, fired('complaint_contact', 'due', T0 + 2 * HOUR_MS)],
    ['Riverside 7 1 home far above usual use, to be checked', 'consumption_findings_changed', 'transformer', 7, { kind: 'abnormal', open: 1, accounts: ['A1'], month: '2026-06' }],
  ]; // prettier-ignore

  it.each(table)('%s', (title, type, subjectType, subjectId, data) => {
    const entry = { id: 1, type, subjectType, subjectId, happenedAt: T0, knownAt: T0, actor: 'system', data };
    const decided = decideWarnings(entry as unknown as WarningEntry, FACTS, POLICY.policy, new WarningBook([]));
    expect(decided.flatMap((one) => (one.action === 'raise' ? one.draft.titleEn : []))).toContain(title);
    for (const { zh, en } of decided.map((one) => (one.action === 'resolve' ? one.note : one.why))) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^\P{Script=Han}+$/u);
    }
  });
});
