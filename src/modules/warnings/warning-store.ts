import type { NewJournalEntry, WarningData } from '../../domain/journal-entry.js';
import { revisionOf, WarningBook } from '../../domain/warnings/warning-book.js';
import type { Page, Revision } from '../../domain/warnings/warning-book.js';
import type { Draft, Known, Subject } from '../../domain/warnings/warning.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';

type Row = Omit<Known, 'ref' | 'subject'> & {
  id: number;
  subjectType: string;
  subjectId: number;
  subjectCode: string;
  subjectName: string;
  area: string;
};

/**
 * Opens the book on the warnings of some subjects and locks them: of each kind the newest, and those that hold one of the episodes,
 * which late data may still change.
 */
export async function loadBook(
  tx: Tx,
  subjects: readonly { type: string; id: number }[],
  episodeIds: readonly number[],
): Promise<WarningBook> {
  if (subjects.length === 0) return new WarningBook([]);
  const rows = await tx.query<Row>(
    `select w.id, w.kind, w.severity, w.status, w.subject_type as "subjectType", w.subject_id as "subjectId",
            w.subject_code as "subjectCode", w.subject_name as "subjectName", w.area, w.asset_id as "assetId",
            w.outage_id as "outageId", w.title, w.title_en as "titleEn", w.happened_at as "happenedAt", w.due_at as "dueAt",
            w.resolved_at as "resolvedAt", w.evidence, w.advice
     from warning w
     where (w.subject_type, w.subject_id) in (select * from unnest($1::text[], $2::bigint[]))
       and (w.evidence -> 'episodes' ?| $3::text[]
            or not exists (select from warning n where n.kind = w.kind and n.subject_type = w.subject_type
                           and n.subject_id = w.subject_id and n.id > w.id))
     order by w.id
     for update of w`,
    [subjects.map((subject) => subject.type), subjects.map((subject) => subject.id), episodeIds.map(String)],
  );
  return new WarningBook(
    rows.map(({ id, subjectType, subjectId, subjectCode, subjectName, area, ...warning }) => {
      const subject: Subject = { type: subjectType, id: subjectId, code: subjectCode, name: subjectName, area };
      return { id, warning: { ...warning, subject } };
    }),
  );
}

/**
 * Writes what became of the book: changed warnings with one revision each, new ones, the notes of their ends, and the journal.
 * @returns the warnings that are new
 */
export async function saveBook(tx: Tx, book: WarningBook, policyVersion: number): Promise<Draft[]> {
  const entries: NewJournalEntry[] = [];
  const changed: { id: number; page: Page; revision: Revision | null }[] = [];
  const created: { id: number; page: Page }[] = [];
  const newPages = book.pages.filter((page) => page.id === null);
  const newIds = await nextIds(tx, newPages.length);
  for (const page of book.pages) {
    const id = page.id ?? newIds[newPages.indexOf(page)] ?? 0;
    const revision = revisionOf(page, tx.now);
    if (page.id === null) {
      created.push({ id, page });
      const data = { ...dataOf(page.now), status: 'open' as const };
      entries.push({ type: 'warning_raised', ...subject(id), happenedAt: page.now.happenedAt, data });
    } else if (revision !== null || page.now.status !== page.loaded?.status) {
      changed.push({ id, page, revision });
      if (revision !== null) {
        const data = {
          ...dataOf(page.now),
          changed: Object.keys(revision.changed),
          why: revision.why,
          whyEn: revision.whyEn,
        };
        entries.push({ type: 'warning_changed', ...subject(id), happenedAt: tx.now, data });
      }
    }
    if (page.resolution !== null) {
      const happenedAt = page.now.resolvedAt ?? tx.now;
      entries.push({
        type: 'warning_resolved',
        ...subject(id),
        happenedAt,
        data: { ...dataOf(page.now), note: page.resolution.zh, noteEn: page.resolution.en },
      });
    }
  }
  await update(tx, changed);
  await insert(tx, created, policyVersion);
  await insertNotes(tx, [...changed, ...created]);
  await append(tx, entries);
  return created.map(({ page }) => page.now);
}

const subject = (id: number) => ({ subjectType: 'warning' as const, subjectId: id });

const dataOf = (warning: Omit<Known, 'ref'>): WarningData => ({
  kind: warning.kind,
  severity: warning.severity,
  status: warning.status,
  subjectType: warning.subject.type,
  subjectId: warning.subject.id,
  assetId: warning.assetId,
  outageId: warning.outageId,
});

async function nextIds(tx: Tx, count: number): Promise<number[]> {
  if (count === 0) return [];
  const rows = await tx.query<{ id: number }>(
    `select nextval(pg_get_serial_sequence('warning', 'id')) as id from generate_series(1, $1)`,
    [count],
  );
  return rows.map((row) => row.id);
}

const iso = (epochMs: number | null): string | null => (epochMs === null ? null : new Date(epochMs).toISOString());

/** A page as the columns that both statements write. */
const columns = (id: number, { now }: Page) => ({
  id,
  kind: now.kind,
  severity: now.severity,
  status: now.status,
  subject_type: now.subject.type,
  subject_id: now.subject.id,
  subject_code: now.subject.code,
  subject_name: now.subject.name,
  area: now.subject.area,
  asset_id: now.assetId,
  outage_id: now.outageId,
  title: now.title,
  title_en: now.titleEn,
  happened_at: iso(now.happenedAt),
  due_at: iso(now.dueAt),
  resolved_at: iso(now.resolvedAt),
  evidence: now.evidence,
  advice: now.advice,
});

async function update(
  tx: Tx,
  changed: readonly { id: number; page: Page; revision: Revision | null }[],
): Promise<void> {
  if (changed.length === 0) return;
  await tx.query(
    `update warning w set severity = x.severity, status = x.status, subject_code = x.subject_code,
       subject_name = x.subject_name, area = x.area, asset_id = x.asset_id, outage_id = x.outage_id, title = x.title, title_en = x.title_en,
       happened_at = x.happened_at, due_at = x.due_at, resolved_at = x.resolved_at, evidence = x.evidence, advice = x.advice,
       revisions = w.revisions || x.revisions
     from jsonb_to_recordset($1) as x(id bigint, severity text, status text, subject_code text, subject_name text, area text,
       asset_id integer, outage_id bigint, title text, title_en text, happened_at timestamptz, due_at timestamptz, resolved_at timestamptz,
       evidence jsonb, advice jsonb, revisions jsonb)
     where w.id = x.id`,
    [
      JSON.stringify(
        changed.map(({ id, page, revision }) => ({
          ...columns(id, page),
          revisions: revision === null ? [] : [revision],
        })),
      ),
    ],
  );
}

/** One live warning per kind and subject is a unique index; whoever comes second starts over and finds the first one's. */
async function insert(tx: Tx, created: readonly { id: number; page: Page }[], policyVersion: number): Promise<void> {
  if (created.length === 0) return;
  const rows = await tx.query(
    `insert into warning (id, kind, severity, status, subject_type, subject_id, subject_code, subject_name, area, asset_id,
       outage_id, title, title_en, happened_at, due_at, resolved_at, evidence, advice, known_at, policy_version)
     overriding system value
     select x.*, $2, $3
     from jsonb_to_recordset($1) as x(id bigint, kind text, severity text, status text, subject_type text, subject_id bigint,
       subject_code text, subject_name text, area text, asset_id integer, outage_id bigint, title text, title_en text,
       happened_at timestamptz, due_at timestamptz, resolved_at timestamptz, evidence jsonb, advice jsonb)
     on conflict (kind, subject_type, subject_id) where status <> 'resolved' do nothing
     returning id`,
    [JSON.stringify(created.map(({ id, page }) => columns(id, page))), at(tx.now), policyVersion],
  );
  if (rows.length < created.length) throw new Error('a warning of the same kind and subject was raised meanwhile');
}

async function insertNotes(tx: Tx, pages: readonly { id: number; page: Page }[]): Promise<void> {
  const resolved = pages.filter(({ page }) => page.resolution !== null);
  if (resolved.length === 0) return;
  await tx.query(
    `insert into warning_comment (warning_id, actor, at, action, note, note_en)
     select x.warning_id, 'system', $4, 'resolve', x.note, x.note_en
     from unnest($1::bigint[], $2::text[], $3::text[]) as x(warning_id, note, note_en)`,
    [
      resolved.map(({ id }) => id),
      resolved.map(({ page }) => page.resolution?.zh ?? ''),
      resolved.map(({ page }) => page.resolution?.en ?? ''),
      at(tx.now),
    ],
  );
}
