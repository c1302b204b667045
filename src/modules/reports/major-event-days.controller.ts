import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { EVERYONE } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint } from '../http/endpoint.js';
import { instant } from '../http/fields.js';

const Day = z
  .strictObject({
    date: z.string().meta({ description: '2026-07-15' }),
    saidiMinutes: z.number(),
    tMedMinutes: z.number(),
    foundAt: instant,
    withdrawnAt: instant.nullable().meta({ description: 'when later news took it below the threshold' }),
  })
  .meta({ id: 'MajorEventDay' });
const READ = endpoint({
  tag: 'reports',
  access: EVERYONE,
  method: 'GET',
  path: '/reports/major-event-days',
  summary: 'Major event days of the whole utility, as they were found; frequent outages leave them out',
  response: z.strictObject({ items: z.array(Day) }),
});

@Controller()
export class MajorEventDaysController {
  constructor(private readonly db: Database) {}

  @Endpoint(READ)
  async read(): Promise<object> {
    const items = await this.db.query<z.input<typeof Day>>(
      `select to_char(day, 'YYYY-MM-DD') as date, saidi_minutes as "saidiMinutes", t_med_minutes as "tMedMinutes", found_at as "foundAt",
         withdrawn_at as "withdrawnAt" from major_event_day order by day desc`,
    );
    return { items };
  }
}
