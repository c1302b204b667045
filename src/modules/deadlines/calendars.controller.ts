import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { Fault } from '../../fault.js';
import { Caller, EVERYONE } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { id, instant } from '../http/fields.js';
import { changeCalendar, findCalendarVersions } from './calendars.js';

const date = z.iso.date();
const calendar = {
  holidays: z
    .array(
      z.strictObject({
        from: date,
        to: date.meta({ description: 'the last day of it, included' }),
        zh: z.string().trim().min(1).max(100),
        en: z.string().trim().min(1).max(100),
      }),
    )
    .max(60),
  workingDays: z.array(date).max(60).meta({ description: 'weekend days on which work is made up (调休)' }),
  source: z.string().trim().min(3).max(500).meta({ description: 'the notice that says so' }),
};
const written = { version: id, changedBy: z.string(), changedAt: instant };
const Calendar = z
  .strictObject({
    year: z.number().int(),
    ...calendar,
    ...written,
    versions: z
      .array(z.strictObject({ ...written, source: z.string() }))
      .meta({ description: 'all that were written, the newest first; that one counts' }),
  })
  .meta({ id: 'Calendar' });

const params = z.strictObject({ year: z.coerce.number().int().min(1950).max(2200) });

const LIST = endpoint({
  method: 'GET',
  path: '/calendars',
  summary: 'The years whose public holidays and made-up working days are known',
  tag: 'deadlines',
  access: EVERYONE,
  response: z.strictObject({
    items: z.array(z.strictObject({ year: z.number().int(), source: z.string(), ...written })),
  }),
});

const GET = endpoint({
  method: 'GET',
  path: '/calendars/:year',
  summary: 'The public holidays and made-up working days of a year',
  tag: 'deadlines',
  access: EVERYONE,
  params,
  response: Calendar,
  problems: { not_found: 'There is no calendar of this year; limits that reach into it are provisional.' },
});

const PUT = endpoint({
  method: 'PUT',
  path: '/calendars/:year',
  summary: 'Writes the calendar of a year; running promises in working time are counted anew by it',
  tag: 'deadlines',
  access: [],
  params,
  body: z.strictObject(calendar),
  response: Calendar,
});

@Controller()
export class CalendarsController {
  constructor(private readonly db: Database) {}

  @Endpoint(LIST)
  async list(): Promise<object> {
    const items = await this.db.query(
      `select distinct on (year) year, source, id as version, changed_by as "changedBy", changed_at as "changedAt"
       from calendar_year order by year, id desc`,
    );
    return { items };
  }

  @Endpoint(GET)
  get(@Input() { params: { year } }: InputOf<typeof GET>): Promise<object> {
    return this.find(year);
  }

  @Endpoint(PUT)
  async put(@Input() { params: { year }, body }: InputOf<typeof PUT>, @Caller() caller: Principal): Promise<object> {
    await this.db.inTx((tx) => changeCalendar(tx, { year, ...body }, caller.name));
    return this.find(year);
  }

  private async find(year: number): Promise<object> {
    const versions = await findCalendarVersions(this.db, year);
    const [newest] = versions;
    if (newest === undefined) throw new Fault('not_found', `There is no calendar of ${year}.`);
    return {
      year,
      ...newest,
      versions: versions.map(({ version, source, changedBy, changedAt }) => ({
        version,
        source,
        changedBy,
        changedAt,
      })),
    };
  }
}
