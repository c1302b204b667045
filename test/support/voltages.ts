import type { Database } from '../../src/modules/database/database.js';
import { at } from '../../src/modules/database/database.js';

interface Voltages {
  from: number;
  to: number;
  /** Volts of all phases from 18:00 to 22:00 and at other times, utility zone. */
  eveningV: number;
  otherV: number;
  /** Amperes of each phase. */
  amperes?: readonly [number, number, number];
  /** Phase A alone is low in the evening. */
  onlyA?: boolean;
}

/** Readings every quarter hour, from included to excluded, of transformers that are live and were heard to the end. */
export async function insertVoltages(db: Database, transformerIds: readonly number[], given: Voltages): Promise<void> {
  const { from, to, eveningV, otherV, amperes = [50, 50, 50], onlyA = false } = given;
  await db.query(
    `insert into reading (transformer_id, ts, received_at, ua, ub, uc, ia, ib, ic)
     select t, ts, ts, case when evening then $4::real else $5 end,
            case when evening and not $9 then $4::real else $5 end, case when evening and not $9 then $4::real else $5 end,
            $6, $7, $8
     from unnest($1::integer[]) as t
     cross join generate_series($2::timestamptz, $3::timestamptz - interval '1 second', interval '15 minutes') as ts
     cross join lateral (select extract(hour from ts at time zone 'Asia/Shanghai') between 18 and 21 as evening) as e`,
    [transformerIds, at(from), at(to), eveningV, otherV, ...amperes, onlyA],
  );
  await db.query(
    `insert into transformer_state (transformer_id, supply, last_ts)
     select t, 'live', $2 from unnest($1::integer[]) as t
     on conflict (transformer_id) do update set supply = 'live', last_ts = excluded.last_ts`,
    [transformerIds, at(to - 900_000)],
  );
}
