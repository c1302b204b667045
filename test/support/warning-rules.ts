import type { DisconnectionFacts, Facts, OrderFacts, OutageFacts, Place } from '../../src/domain/warnings/facts.js';
import { HOUR_MS } from '../../src/domain/instants.js';
import { decideWarnings } from '../../src/domain/warning-rules.js';
import type { WarningEntry } from '../../src/domain/warning-rules.js';
import { WarningBook } from '../../src/domain/warnings/warning-book.js';
import { POLICY } from './small-city.js';

const { policy } = POLICY;
export const T0 = Date.parse('2026-07-15T10:00:00+08:00');
const PLACE: Place = { assetId: 7, code: 'T7', name: '七号配变', area: 'north' };

export const outageRow: OutageFacts = {
  id: 1,
  state: 'confirmed',
  nature: 'fault',
  cause: '',
  root: PLACE,
  startedAt: T0,
  endedAt: null,
  estimatedRestorationAt: null,
  customersAffected: 50,
  momentary: false,
  planned: null,
  parentId: null,
  responsible: { owner: null, manager: null },
  overrunSinceAt: null,
};
const orderRow: OrderFacts = {
  id: 3,
  accountNo: 'A3',
  place: PLACE,
  paidAt: T0,
  dueAt: T0 + 12 * HOUR_MS,
  restoredAt: null,
};

/** What the rules may look up: one outage, one order, one cut and one transformer. */
export const facts = (
  over: {
    outage?: Partial<OutageFacts>;
    order?: Partial<OrderFacts>;
    broken?: DisconnectionFacts['broken'];
    reported?: Partial<DisconnectionFacts['reported']>;
    responsible?: DisconnectionFacts['responsible'];
  } = {},
): Facts => ({
  transformers: new Map([
    [7, { place: PLACE, supply: 'unknown', supplySinceAt: T0, lastHeardAt: T0, inOpenOutage: false }],
  ]),
  outages: new Map([[1, { ...outageRow, ...over.outage }]]),
  plannedOutages: new Map(),
  orders: new Map([[3, { ...orderRow, ...over.order }]]),
  disconnections: new Map([
    [
      4,
      {
        id: 4,
        accountNo: 'A4',
        place: PLACE,
        reason: 'arrears',
        cutAt: T0,
        broken: over.broken ?? [],
        reported: { unit: null, person: null, ...over.reported },
        responsible: over.responsible ?? { owner: '城东供电所', manager: '李工' },
      },
    ],
  ]),
  repairs: new Map(),
  notices: new Map(),
  complaints: new Map(),
});

let entryId = 0;
/** An entry of the journal. */
export const entry = <Type extends WarningEntry['type']>(
  type: Type,
  subjectType: WarningEntry['subjectType'],
  subjectId: number,
  data: Extract<WarningEntry, { type: Type }>['data'],
  happenedAt = T0,
): WarningEntry =>
  ({
    id: (entryId += 1),
    type,
    subjectType,
    subjectId,
    happenedAt,
    knownAt: happenedAt,
    actor: 'system',
    data,
  }) as never;

/** The warnings after entries, one after another. */
export function run(entries: readonly WarningEntry[], given: Facts = facts(), book = new WarningBook([])): WarningBook {
  for (const one of entries) book.apply(decideWarnings(one, given, policy, book));
  return book;
}
export const shown = (book: WarningBook): string[] =>
  book.pages.map(({ now }) => `${now.kind} ${now.severity} ${now.status}`);
