import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { assess } from '../../domain/assess.js';
import type { DetectorState } from '../../domain/detector.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at, atOrNull, Database } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { applyFacts } from './apply-facts.js';
import type { TransformerFacts } from './apply-facts.js';

const REST_MS = 5_000;
const TRANSFORMERS_PER_STEP = 1_000;

/** Notices that terminals have fallen silent. That makes supply unknown; no outage comes of it. */
@Injectable()
export class Silence implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly workers: Workers,
    private readonly active: ActivePolicy,
  ) {}

  onModuleInit(): void {
    const listeningSince = this.db.clock.now();
    this.workers.register({
      name: 'silence',
      role: 'followers',
      restMs: REST_MS,
      step: async () => {
        const step = (tx: Tx): Promise<number> => noticeSilence(tx, this.active.at(tx.now), listeningSince);
        return (await this.db.inTx(step)) === TRANSFORMERS_PER_STEP;
      },
    });
  }
}

type SilentState = Pick<DetectorState, 'lastTs' | 'supplySince' | 'supplySource'> & {
  transformerId: number;
  intervalMs: number;
};

/**
 * Makes supply unknown of transformers that are live and whose terminals were not heard for `silenceIntervals` of their interval: the
 * longest one where a transformer has several. Dead stays dead: after a last gasp nothing is to be heard. Counted in time of arrival,
 * because a terminal that says nothing has no other; a terminal of which only backfill ever came is counted from its newest reading.
 * @param listeningSince silence is counted from here at the earliest: what was not heard while the service was down waits in the broker
 * @returns how many
 */
export async function noticeSilence(
  tx: Tx,
  { policy, version }: PolicyInForce,
  listeningSince: number,
): Promise<number> {
  // A row that a batch holds is being heard of right now. The short form of the condition first: nearly all rows fail it at once.
  const silent = await tx.query<SilentState>(
    `select s.transformer_id as "transformerId", s.last_ts as "lastTs", s.supply_since as "supplySince",
       coalesce(s.supply_source, 'none') as "supplySource", t.interval_seconds * 1000 as "intervalMs"
     from transformer_state s
     cross join lateral (select max(interval_seconds) as interval_seconds from terminal where transformer_id = s.transformer_id) t
     where s.supply = 'live' and s.last_ts is not null
       and coalesce(s.last_heard_at, s.last_ts) < $1::timestamptz - make_interval(secs => $2::integer)
       and greatest(coalesce(s.last_heard_at, s.last_ts), $4) < $1::timestamptz - make_interval(secs => $2::integer * coalesce(t.interval_seconds, 60))
     order by s.transformer_id limit $3
     for update of s skip locked`,
    [at(tx.now), policy.supply.silenceIntervals, TRANSFORMERS_PER_STEP, at(listeningSince)],
  );
  if (silent.length === 0) return 0;
  const results = silent.map((row) => {
    const state: DetectorState = { ...row, supply: 'live', signals: null };
    const ts = Math.max(tx.now, row.lastTs ?? tx.now);
    return { transformerId: row.transformerId, ...assess(state, { kind: 'silence', ts }, policy, row.intervalMs) };
  });
  const items: TransformerFacts[] = results.map(({ transformerId, facts }) => ({ transformerId, facts }));
  const entries = await applyFacts(tx, items, version);
  await tx.query(
    `update transformer_state s set supply = n.supply, supply_since = n.supply_since, supply_source = n.supply_source
     from unnest($1::integer[], $2::text[], $3::timestamptz[], $4::text[]) as n(transformer_id, supply, supply_since, supply_source)
     where s.transformer_id = n.transformer_id`,
    [
      results.map(({ transformerId }) => transformerId),
      results.map(({ state }) => state.supply),
      results.map(({ state }) => atOrNull(state.supplySince)),
      results.map(({ state }) => state.supplySource),
    ],
  );
  await append(tx, entries);
  return silent.length;
}
