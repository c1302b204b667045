import type { Severity } from '../journal-entry.js';
import type { Policy } from '../policy.js';
import { graver } from '../warnings/warning.js';
import { causeOf, isSupervised } from './causes.js';
import type { SupervisedKind } from './causes.js';

/** A warning as supervision sees it. Instants are epoch milliseconds. */
export interface SupervisedWarning {
  id: number;
  kind: string;
  severity: Severity;
  status: 'open' | 'acknowledged' | 'resolved';
  subjectType: string;
  subjectId: number;
  dueAt: number | null;
  evidence: Readonly<Record<string, unknown>>;
  /** Of a warning about an outage: the planned work that it belongs to. */
  plannedOutageId: number | null;
}

/** Whether a warning opens an order: the key of its cause, or why not. */
export type Opening =
  { kind: SupervisedKind; causeKey: string } | { kind: null; why: 'not_supervised' | 'too_slight' | 'over_already' };

/**
 * A warning opens an order when its kind is one of the policy and it is grave enough. An outage that is only expected to last too long
 * does so once that is known (a window, an expected restoration), not at the first stage of the ladder; one that never did is let go.
 */
export function openingOf(warning: SupervisedWarning, policy: Policy['supervision']): Opening {
  const { kind } = warning;
  if (!isSupervised(kind) || !policy.openOn.includes(kind)) return { kind: null, why: 'not_supervised' };
  if (kind === 'outage_over_8h_expected') {
    if (warning.status === 'resolved') return { kind: null, why: 'over_already' };
    if (isKnownToLast(warning)) return { kind, causeKey: causeKeyOf(kind, warning) };
  }
  return graver(warning.severity, policy.fromSeverity) === warning.severity
    ? { kind, causeKey: causeKeyOf(kind, warning) }
    : { kind: null, why: 'too_slight' };
}

function isKnownToLast({ subjectType, evidence, dueAt }: SupervisedWarning): boolean {
  if (subjectType === 'planned_outage') return true;
  const expected = evidence.estimatedRestorationAt ?? evidence.plannedEndAt;
  return typeof expected === 'number' && dueAt !== null && expected > dueAt;
}

/**
 * One order for each cause: an outage of a planned work is the work's; all clocks of one repair order, and both of one complaint, are one
 * broken promise; each run of repeats is its own.
 */
function causeKeyOf(kind: SupervisedKind, warning: SupervisedWarning): string {
  const { subjectType, subjectId, plannedOutageId, id } = warning;
  if (causeOf(kind) === 'repeat_complaint') return `repeat:${subjectType}:${subjectId}:${id}`;
  if (subjectType === 'outage' && plannedOutageId !== null) return `planned_outage:${plannedOutageId}`;
  return `${subjectType}:${subjectId}`;
}
