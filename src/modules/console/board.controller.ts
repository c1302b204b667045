import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { Config } from '../../config.js';
import { EVERYONE } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint } from '../http/endpoint.js';
import { instant } from '../http/fields.js';
import { isLong, longParameters } from '../outages/long-hours.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { SharedRun } from './shared-run.js';

const count = z.number().int();

const Board = z
  .strictObject({
    now: instant.meta({ description: "the service's clock", format: 'date-time' }),
    utilityTimeZone: z.string(),
    longHours: z
      .number()
      .meta({ description: 'hours after which an outage is a long one, by the policy in force; areas may differ' }),
    customersWithoutSupply: count.meta({
      description: 'customers of transformers in open outages, confirmed ones only',
    }),
    outages: z.strictObject({ open: count, suspected: count, overLong: count }),
    warnings: z.strictObject({ critical: count, major: count, minor: count, info: count, unacknowledged: count }),
    transformers: z.strictObject({ live: count, dead: count, unknown: count }),
  })
  .meta({ id: 'Board' });

const getBoard = endpoint({
  method: 'GET',
  path: '/board',
  summary: 'The counts at the top of the dispatch board',
  tag: 'console',
  access: EVERYONE,
  response: Board,
});

@Controller()
export class BoardController {
  constructor(
    private readonly db: Database,
    private readonly policy: ActivePolicy,
    private readonly config: Config,
  ) {}

  private readonly board = new SharedRun(() => this.read());

  @Endpoint(getBoard)
  get(): Promise<z.input<typeof Board>> {
    return this.board.get();
  }

  /** Counts over all transformers take tens of milliseconds in a large city, and every console asks at once when something happens. */
  private async read(): Promise<z.input<typeof Board>> {
    const now = this.db.clock.now();
    const { longHours } = this.policy.policy.outage;
    const [counts] = await this.db.query<
      Pick<z.input<typeof Board>, 'outages' | 'warnings' | 'transformers'> & { customers: number }
    >(
      `select
         (select coalesce(sum(t.customers), 0)::int from outage_transformer t join outage o on o.id = t.outage_id
          where t.ended_at is null and o.state = 'confirmed') as customers,
         (select json_build_object('open', count(*), 'suspected', count(*) filter (where state = 'suspected'),
            'overLong', count(*) filter (where ${isLong('$1', '$2', '$3')}))
          from outage where state in ('suspected', 'confirmed')) as outages,
         (select json_build_object('critical', count(*) filter (where severity = 'critical'),
            'major', count(*) filter (where severity = 'major'), 'minor', count(*) filter (where severity = 'minor'),
            'info', count(*) filter (where severity = 'info'), 'unacknowledged', count(*) filter (where status = 'open'))
          from warning where status <> 'resolved') as warnings,
         (select json_build_object('live', count(*) filter (where s.supply = 'live'),
            'dead', count(*) filter (where s.supply = 'dead'),
            'unknown', count(*) filter (where coalesce(s.supply, 'unknown') = 'unknown'))
          from (select distinct transformer_id from terminal) t
          left join transformer_state s on s.transformer_id = t.transformer_id) as transformers`,
      longParameters(now, this.policy),
    );
    if (counts === undefined) throw new Error('a select without a from always has a row');
    const { customers, ...rest } = counts;
    return { now, utilityTimeZone: this.config.utilityTimeZone, longHours, customersWithoutSupply: customers, ...rest };
  }
}
