import { ROLES } from '../../domain/escalation.js';
import type { Role } from '../../domain/escalation.js';
import { choice, optionalPhone, readRow, text } from '../../domain/register/column.js';
import type { RawRow, RejectedRow } from '../../domain/register/column.js';
import { at } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import type { ImportResult } from '../network/read-rows.js';

export interface DutyPerson {
  id: number;
  role: Role;
  area: string;
  name: string;
  phone: string | null;
}

const name = text(100);
/** Columns of an import. */
export const DUTY_COLUMNS = {
  role: choice(ROLES),
  area: text(100),
  name: { read: name.read },
  phone: optionalPhone(),
};

/** Takes in who has which role where; a person is known by role, area and name. Who is not in the file stays. */
export async function importDutyPersons(tx: Tx, rows: readonly RawRow[], actor: string): Promise<ImportResult> {
  const rejected: RejectedRow[] = [];
  const persons = new Map<string, Omit<DutyPerson, 'id'>>();
  for (const raw of rows) {
    const row = readRow(DUTY_COLUMNS, raw);
    if ('reason' in row) rejected.push({ line: raw.line, reason: row.reason as string });
    else if (row.role === undefined || row.name === undefined)
      rejected.push({ line: raw.line, reason: 'lacks role or name' });
    else {
      const { role, area = '', phone = null } = row;
      const key = JSON.stringify([role, area, row.name]);
      if (persons.has(key)) rejected.push({ line: raw.line, reason: `${row.name} stands in the file already` });
      else persons.set(key, { role, area, name: row.name, phone });
    }
  }
  await tx.query(
    `insert into duty_person (role, area, name, phone, changed_by, changed_at)
     select role, area, name, phone, $2, $3 from jsonb_to_recordset($1) as x(role text, area text, name text, phone text)
     on conflict (role, area, name) do update
       set phone = excluded.phone, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
    [JSON.stringify([...persons.values()]), actor, at(tx.now)],
  );
  return { accepted: persons.size, rejected };
}

/**
 * Who has each role in each area, in the order given: those of the area, or, where it has nobody of its own, those of the whole utility.
 */
export async function personsOf(db: Queryable, wanted: readonly { role: Role; area: string }[]): Promise<string[][]> {
  const rows = await db.query<DutyPerson>(
    `select role, area, name from duty_person
     where (role, area) in (select * from unnest($1::text[], $2::text[])) or (area = '' and role = any($1)) order by name`,
    [wanted.map(({ role }) => role), wanted.map(({ area }) => area)],
  );
  const names = new Map<string, string[]>();
  for (const { role, area, name: person } of rows) {
    const key = `${role}|${area}`;
    names.set(key, [...(names.get(key) ?? []), person]);
  }
  return wanted.map(({ role, area }) => names.get(`${role}|${area}`) ?? names.get(`${role}|`) ?? []);
}
