import type { JournalEntry } from '../journal-entry.js';
import type { Decision, Known, Records } from './warning.js';

/** To whom a stage was taken, as a warning shows it: the stages so far, the newest last. */
interface Taken {
  stage: string;
  at: number;
  role: string;
  persons: readonly string[];
}

const takenOf = (known: Pick<Known, 'evidence'> | null): readonly Taken[] =>
  (known?.evidence.escalatedTo ?? []) as readonly Taken[];

/** Notes with the warnings that a stage raises to whom it was taken. */
export function withEscalation(
  { data }: Extract<JournalEntry, { type: 'deadline_fired' }>,
  decisions: Decision[],
  records: Records,
): Decision[] {
  const { escalation, stage, dueAt } = data;
  if (escalation === undefined) return decisions;
  return decisions.map((decision) => {
    if (decision.action !== 'raise') return decision;
    const { kind, subject, evidence } = decision.draft;
    const newest = records.newest(kind, subject.type, subject.id);
    const before = takenOf(newest?.status === 'resolved' ? null : newest).filter((one) => one.stage !== stage);
    const escalatedTo = [...before, { stage, at: dueAt, ...escalation }];
    return { ...decision, draft: { ...decision.draft, evidence: { ...evidence, escalatedTo } } };
  });
}

/** New evidence of a warning that goes on keeps what is on record of its escalation. */
export function keepEscalation(known: Pick<Known, 'evidence'>, evidence: Record<string, unknown>): typeof evidence {
  const taken = takenOf(known);
  return taken.length === 0 || 'escalatedTo' in evidence ? evidence : { ...evidence, escalatedTo: taken };
}
