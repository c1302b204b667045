import type { SupervisedWarning } from '../../domain/supervision/opening.js';
import type { AssetPeople } from '../../domain/supervision/responsible.js';
import type { Tx } from '../database/database.js';
import { nearest } from '../warnings/place.js';

/** A warning with what an order of it needs. */
export interface WarningRow extends SupervisedWarning {
  subjectCode: string;
  subjectName: string;
  area: string;
  assetId: number | null;
  title: string;
  happenedAt: number;
  people: AssetPeople;
  /** Of the complaint that it is about, or of the run of repeats. */
  category: string | null;
  /** Outages that were merged into the one it is about. */
  mergedIds: number[];
}

/** What the register names of the asset `a`, as one jsonb value of a query. */
export const PEOPLE = `jsonb_build_object('owner', ${nearest('owner')}, 'manager', ${nearest('manager')})`;

export const loadWarnings = (tx: Tx, ids: readonly number[]): Promise<WarningRow[]> =>
  tx.query<WarningRow>(
    `select w.id, w.kind, w.severity, w.status, w.subject_type as "subjectType", w.subject_id as "subjectId",
            w.subject_code as "subjectCode", w.subject_name as "subjectName", w.area, w.asset_id as "assetId", w.title,
            w.happened_at as "happenedAt", w.due_at as "dueAt", w.evidence, o.planned_outage_id as "plannedOutageId",
            ${PEOPLE} as people,
            coalesce(c.category, w.evidence ->> 'category') as category,
            array(select m.id from outage m where w.subject_type = 'outage' and m.merged_into_id = w.subject_id) as "mergedIds"
     from warning w
     left join asset a on a.id = w.asset_id
     left join outage o on w.subject_type = 'outage' and o.id = w.subject_id
     left join complaint c on w.subject_type = 'complaint' and c.id = w.subject_id
     where w.id = any($1)`,
    [ids],
  );
