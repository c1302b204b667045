import type { WarningEntry } from '../warning-rules.js';
import type { Facts } from './facts.js';

/** The area whose limits rule an entry: that of the outage's root, of the transformer, of the customer. '' when it is not known. */
export function areaOfEntry({ subjectType, subjectId, data }: WarningEntry, facts: Facts): string {
  if ('transformerId' in data) return facts.transformers.get(data.transformerId)?.place.area ?? '';
  switch (subjectType) {
    case 'outage':
      return facts.outages.get(subjectId)?.root.area ?? '';
    case 'planned_outage':
      return facts.plannedOutages.get(subjectId)?.place.area ?? '';
    case 'reconnection_order':
      return facts.orders.get(subjectId)?.place.area ?? '';
    case 'transformer':
      return facts.transformers.get(subjectId)?.place.area ?? '';
    default: // limits of what else is warned of hold for the whole utility
      return '';
  }
}
