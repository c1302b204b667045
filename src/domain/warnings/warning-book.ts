import type { Words } from '../words.js';
import { keepEscalation } from './escalation-evidence.js';
import type { Decision, Draft, Known, Records, WarningKind } from './warning.js';

/** One change of a warning, kept with it: which fields, from what to what, and why. */
export interface Revision {
  at: number;
  changed: Record<string, [before: unknown, after: unknown]>;
  why: string;
  whyEn: string;
}

/** A warning in the book: as it was loaded (null = it is new), as it is now, and why it changed meanwhile. */
export interface Page {
  id: number | null;
  loaded: Known | null;
  now: Known;
  whys: Words[];
  /** Note of a resolution that happened in this batch. */
  resolution: Words | null;
}

/**
 * The warnings that a batch of journal entries is about. Decisions are applied one after the other in memory; what came of them is
 * written once per warning afterwards, so that a flood of entries makes one revision per warning and not a flood of revisions.
 */
export class WarningBook implements Records {
  readonly pages: Page[] = [];
  private readonly byKey = new Map<string, Page[]>();

  /** @param known oldest first within a kind and subject */
  constructor(known: readonly { id: number; warning: Omit<Known, 'ref'> }[]) {
    for (const { id, warning } of known) this.add(id, warning);
  }

  newest(kind: WarningKind, subjectType: string, subjectId: number): Known | null {
    return this.byKey.get(keyOf(kind, subjectType, subjectId))?.at(-1)?.now ?? null;
  }

  all(kind: WarningKind, subjectType: string, subjectId: number): readonly Known[] {
    return (this.byKey.get(keyOf(kind, subjectType, subjectId)) ?? []).map((page) => page.now);
  }

  apply(decisions: readonly Decision[]): void {
    for (const decision of decisions) this.applyOne(decision);
  }

  private applyOne(decision: Decision): void {
    if (decision.action === 'raise') {
      const { kind, subject } = decision.draft;
      const page = this.byKey.get(keyOf(kind, subject.type, subject.id))?.at(-1);
      if (page === undefined || page.now.status === 'resolved') {
        this.add(null, { ...decision.draft, status: 'open', resolvedAt: null });
      } else {
        // A warning keeps the instant it began at, unless the news is that it began earlier.
        const happenedAt = Math.min(page.now.happenedAt, decision.draft.happenedAt);
        change(page, { ...decision.draft, happenedAt }, decision.why);
      }
      return;
    }
    if (decision.action === 'resolve') {
      const page = this.byKey.get(keyOf(decision.kind, decision.subject.type, decision.subject.id))?.at(-1);
      if (page === undefined || page.now.status === 'resolved') return;
      // What late data show to have ended before it was warned of ended at that instant.
      page.now = { ...page.now, status: 'resolved', resolvedAt: Math.max(decision.at, page.now.happenedAt) };
      page.resolution = decision.note;
      return;
    }
    const page = this.pages[decision.ref];
    if (page === undefined) throw new Error(`there is no warning ${decision.ref} in the book`);
    change(page, decision.change, decision.why);
    if (decision.reopen === true && page.now.status === 'resolved') {
      page.now = { ...page.now, status: 'open', resolvedAt: null };
      page.resolution = null;
    }
  }

  private add(id: number | null, warning: Omit<Known, 'ref'>): void {
    const now: Known = { ...warning, ref: this.pages.length };
    const page: Page = { id, loaded: id === null ? null : now, now, whys: [], resolution: null };
    this.pages.push(page);
    const key = keyOf(warning.kind, warning.subject.type, warning.subject.id);
    this.byKey.set(key, [...(this.byKey.get(key) ?? []), page]);
  }
}

const keyOf = (kind: WarningKind, subjectType: string, subjectId: number): string =>
  `${kind}|${subjectType}|${subjectId}`;

function change(page: Page, by: Partial<Draft>, why: Words): void {
  const next = { ...page.now, ...by, evidence: keepEscalation(page.now, by.evidence ?? page.now.evidence) };
  if (Object.keys(differences(page.now, next)).length === 0) return;
  page.now = next;
  if (!page.whys.some(({ zh }) => zh === why.zh)) page.whys.push(why);
}

/** The revision that brings a loaded warning to what the book now says of it; null when nothing but its status changed. */
export function revisionOf(page: Page, at: number): Revision | null {
  if (page.loaded === null) return null;
  const changed = differences(page.loaded, page.now);
  if (page.loaded.status === 'resolved' && page.now.status === 'open') changed.status = ['resolved', 'open'];
  if (Object.keys(changed).length === 0) return null;
  const { whys } = page;
  return { at, changed, why: whys.map(({ zh }) => zh).join('；'), whyEn: whys.map(({ en }) => en).join('; ') };
}

const COMPARED = ['severity', 'title', 'happenedAt', 'dueAt', 'outageId'] as const satisfies readonly (keyof Draft)[];

function differences(before: Draft, after: Draft): Revision['changed'] {
  const changed: Revision['changed'] = {};
  const compare = (name: string, a: unknown, b: unknown): void => {
    if (canonical(a) !== canonical(b)) changed[name] = [a ?? null, b ?? null];
  };
  for (const name of COMPARED) compare(name, before[name], after[name]);
  for (const name of ['code', 'name', 'area'] as const) {
    compare(`subject.${name}`, before.subject[name], after.subject[name]);
  }
  for (const name of new Set([...Object.keys(before.evidence), ...Object.keys(after.evidence)])) {
    compare(`evidence.${name}`, before.evidence[name], after.evidence[name]);
  }
  compare('advice', before.advice, after.advice);
  return changed;
}

/** JSON with sorted names: the database gives objects back in an order of its own. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    ) ?? 'null'
  );
}
