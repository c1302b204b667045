import { Controller, Headers } from '@nestjs/common';
import { z } from 'zod';
import { ROLES } from '../../domain/escalation.js';
import { maskNumber } from '../../domain/masking.js';
import { Fault } from '../../fault.js';
import { Caller, EVERYONE, maySeePersonalData } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { id, idParameter } from '../http/fields.js';
import { importEndpoint, readImport } from '../network/import-endpoint.js';
import type { ImportResult } from '../network/read-rows.js';
import { DUTY_COLUMNS, importDutyPersons } from './duty-persons.js';
import type { DutyPerson } from './duty-persons.js';

const IMPORT = importEndpoint({
  path: '/duty-persons',
  tag: 'deadlines',
  columns: DUTY_COLUMNS,
  summary: 'Import who has which role of the escalation ladder, by area; an empty area is the whole utility',
});

const LIST = endpoint({
  method: 'GET',
  path: '/duty-persons',
  summary: 'Who has which role of the escalation ladder, by area',
  tag: 'deadlines',
  access: EVERYONE,
  query: z.strictObject({ role: z.enum(ROLES).optional(), area: z.string().optional() }),
  response: z.strictObject({
    items: z.array(
      z
        .strictObject({
          id,
          role: z.enum(ROLES),
          area: z.string().meta({ description: 'empty = wherever an area has nobody of its own' }),
          name: z.string(),
          phone: z.string().nullable().meta({ description: 'masked unless the role may see it' }),
        })
        .meta({ id: 'DutyPerson' }),
    ),
  }),
});

const REMOVE = endpoint({
  method: 'DELETE',
  path: '/duty-persons/:id',
  summary: 'Takes a person off the ladder; what was taken to them before stays as it is',
  tag: 'deadlines',
  access: ['dispatcher'],
  params: z.strictObject({ id: idParameter }),
  response: z.strictObject({ removed: z.boolean() }),
  problems: { not_found: 'There is no such person on the ladder.' },
});

@Controller()
export class DutyPersonsController {
  constructor(private readonly db: Database) {}

  @Endpoint(IMPORT)
  import(
    @Input() { body }: InputOf<typeof IMPORT>,
    @Headers('content-type') contentType: string | undefined,
    @Caller() caller: Principal,
  ): Promise<ImportResult> {
    const raw = readImport(body, contentType, DUTY_COLUMNS);
    return this.db.inTx((tx) => importDutyPersons(tx, raw, caller.name));
  }

  @Endpoint(LIST)
  async list(@Input() { query }: InputOf<typeof LIST>, @Caller() caller: Principal): Promise<object> {
    const rows = await this.db.query<DutyPerson>(
      `select id, role, area, name, phone from duty_person
       where ($1::text is null or role = $1) and ($2::text is null or area = $2) order by role, area, name`,
      [query.role ?? null, query.area ?? null],
    );
    const clear = maySeePersonalData(caller);
    return { items: clear ? rows : rows.map((row) => ({ ...row, phone: maskNumber(row.phone) })) };
  }

  @Endpoint(REMOVE)
  async remove(@Input() { params }: InputOf<typeof REMOVE>): Promise<{ removed: boolean }> {
    const rows = await this.db.query('delete from duty_person where id = $1 returning id', [params.id]);
    if (rows.length === 0) throw new Fault('not_found', `There is no person ${params.id} on the ladder.`);
    return { removed: true };
  }
}
