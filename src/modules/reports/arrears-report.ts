import { monthsWithin } from '../../domain/calendar.js';
import { DUNNING_STAGES } from '../../domain/reconnection/dunning.js';
import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import type { ReportAsk } from './report-ask.js';

export interface ArrearsAsk extends ReportAsk {
  by: 'area' | 'month' | 'none';
}

/** `none`: paid before any step of collection was taken. */
export const LEVELS = ['none', ...DUNNING_STAGES] as const;

interface Sum {
  accounts: number;
  bills: number;
  /** Yuan. */
  amount: number;
}

export interface ArrearsRow {
  key: string;
  from: number;
  to: number;
  /** Overdue bills that were paid within the period, without a cut for them before, or after one. */
  withoutCut: Sum;
  afterCut: Sum;
  /** 以催代停: the share of the money that came without a cut; null without any. */
  withoutCutShare: number | null;
  /** What came without a cut, by the highest level of collection taken before it was paid. */
  byStage: Record<(typeof LEVELS)[number], Omit<Sum, 'accounts'>>;
  /** Overdue and unpaid at the end of the period; null in rows by month. */
  outstanding: Sum | null;
  cuts: number;
  cutsAgainstRules: number;
  /** Plans that were called off within the period; of these, because the customer had paid. */
  plansCalledOff: number;
  plansPaid: number;
}

type Figures = Record<`${'without' | 'after' | 'owed'}${'Accounts' | 'Bills' | 'Amount'}`, number> &
  Record<'cuts' | 'broken' | 'calledOff' | 'paid', number> & {
    key: string | null;
    levels: Partial<Record<string, Omit<Sum, 'accounts'>>> | null;
  };

/**
 * One row per thing that happened: a bill that was paid when it was overdue (`without` or `after` a cut), one that is owed at the end,
 * a cut, a plan called off. $1 from, $2 to, $3 area or null, $4 time zone.
 */
const HAPPENED = `
  select t.area, b.customer_id, b.amount, b.cleared_at as moment,
         case when exists (select from disconnection d where d.customer_id = b.customer_id and d.reason = 'arrears'
                           and d.disconnected_at >= b.due_from and d.disconnected_at <= b.cleared_at) then 'after' else 'without' end as what,
         coalesce((select case max(array_position(array['remote', 'phone', 'onsite'], s.stage)) when 1 then 'remote' when 2 then 'phone'
                          when 3 then 'onsite' end
                   from dunning_step s where s.customer_id = b.customer_id and s.at >= b.due_from and s.at < b.cleared_at), 'none') as level
  from (select *, (due_on::timestamp at time zone $4) as due_from from arrears where cleared_at >= $1 and cleared_at < $2) b
  join customer c on c.id = b.customer_id join asset t on t.id = c.transformer_id
  where b.cleared_at >= ((b.due_on + 1)::timestamp at time zone $4)
  union all
  select t.area, b.customer_id, b.amount, null, 'owed', null
  from arrears b join customer c on c.id = b.customer_id join asset t on t.id = c.transformer_id
  where (b.due_on + 1)::timestamp at time zone $4 < $2 and b.amount > 0 and (b.cleared_at is null or b.cleared_at >= $2)
  union all
  select t.area, d.customer_id, null, d.disconnected_at, case when d.missing_steps = '[]' then 'cut' else 'broken' end, null
  from disconnection d join customer c on c.id = d.customer_id join asset t on t.id = c.transformer_id
  where d.disconnected_at >= $1 and d.disconnected_at < $2 and d.reason = 'arrears'
  union all
  select t.area, d.customer_id, null, d.cancelled_at,
         case when d.cancellation -> 'findings' @> '[{"step": "paid"}]' then 'paid' else 'called_off' end, null
  from disconnection d join customer c on c.id = d.customer_id join asset t on t.id = c.transformer_id
  where d.cancelled_at >= $1 and d.cancelled_at < $2 and d.reason = 'arrears'`;

const sums = (what: string, name: string): string =>
  `count(distinct customer_id) filter (where what = '${what}') as "${name}Accounts",
   count(*) filter (where what = '${what}') as "${name}Bills",
   coalesce(sum(amount) filter (where what = '${what}'), 0) as "${name}Amount"`;
const level = (name: string): string =>
  `'${name}', jsonb_build_object('bills', count(*) filter (where what = 'without' and level = '${name}'),
     'amount', coalesce(sum(amount) filter (where what = 'without' and level = '${name}'), 0))`;

/** What became of overdue bills, and how far the rules of cutting were kept. Accounts count where they hang today. */
export async function reportArrears(
  db: Queryable,
  ask: ArrearsAsk,
): Promise<{ total: ArrearsRow; items: ArrearsRow[] }> {
  const key = { area: 'area', month: `to_char(moment at time zone $4, 'YYYY-MM')`, none: `''` }[ask.by];
  const found = await db.query<Figures>(
    `select case when grouping(key) = 0 then key end as key,
            ${sums('without', 'without')}, ${sums('after', 'after')}, ${sums('owed', 'owed')},
            jsonb_build_object(${LEVELS.map(level).join(', ')}) as levels,
            count(*) filter (where what in ('cut', 'broken')) as cuts, count(*) filter (where what = 'broken') as broken,
            count(*) filter (where what in ('paid', 'called_off')) as "calledOff", count(*) filter (where what = 'paid') as paid
     from (select *, coalesce(${key}, 'open') as key from (${HAPPENED}) h where $3::text is null or area = $3) x
     group by grouping sets ((key), ()) order by 1`,
    [at(ask.from), at(ask.to), ask.area, Intl.DateTimeFormat().resolvedOptions().timeZone],
  );
  const total = rowOf('total', ask, found.find((row) => row.key === null) ?? null, true);
  if (ask.by === 'none') return { total, items: [] };
  if (ask.by === 'area') {
    const items = found.flatMap((row) => (row.key === null ? [] : [rowOf(row.key, ask, row, true)]));
    return { total, items };
  }
  const items = monthsWithin(ask).map((month) =>
    rowOf(month.key, month, found.find((row) => row.key === month.key) ?? null, false),
  );
  return { total, items };
}

const sumOf = (row: Figures | null, name: 'without' | 'after' | 'owed'): Sum => ({
  accounts: row?.[`${name}Accounts`] ?? 0,
  bills: row?.[`${name}Bills`] ?? 0,
  amount: row?.[`${name}Amount`] ?? 0,
});

function rowOf(
  key: string,
  { from, to }: { from: number; to: number },
  row: Figures | null,
  hasOutstanding: boolean,
): ArrearsRow {
  const [withoutCut, afterCut] = [sumOf(row, 'without'), sumOf(row, 'after')];
  const recovered = withoutCut.amount + afterCut.amount;
  return {
    key,
    from,
    to,
    withoutCut,
    afterCut,
    withoutCutShare: recovered === 0 ? null : withoutCut.amount / recovered,
    byStage: Object.fromEntries(
      LEVELS.map((name) => [name, row?.levels?.[name] ?? { bills: 0, amount: 0 }]),
    ) as ArrearsRow['byStage'],
    outstanding: hasOutstanding ? sumOf(row, 'owed') : null,
    cuts: row?.cuts ?? 0,
    cutsAgainstRules: row?.broken ?? 0,
    plansCalledOff: row?.calledOff ?? 0,
    plansPaid: row?.paid ?? 0,
  };
}
