import { z } from 'zod';
import { ENERGY_COLUMNS, VACANCY_COLUMNS } from '../../domain/consumption/energy-rows.js';
import { READINGS } from '../../domain/consumption/month.js';
import { EVERYONE } from '../auth/principal.js';
import { endpoint } from '../http/endpoint.js';
import { id, idParameter, instant, note, pageOf, paging } from '../http/fields.js';
import { importEndpoint } from '../network/import-endpoint.js';

const KINDS = ['zero', 'abnormal'] as const;
const STATES = ['open', 'reviewed', 'over'] as const;
const RESULTS = ['vacant', 'meter_fault', 'theft_suspected', 'reading_error', 'true_use', 'account_closed'] as const;

export const postEnergy = importEndpoint({
  path: '/consumption',
  tag: 'consumption',
  columns: ENERGY_COLUMNS,
  summary:
    'Import monthly energy of customers (month 2026-07, kwh, reading actual, estimated or missing); a month sent again replaces what was there.',
});

export const postVacancies = importEndpoint({
  path: '/consumption/vacancies',
  tag: 'consumption',
  columns: VACANCY_COLUMNS,
  summary: 'Import places known to be empty, from a first to a last day (none = still).',
});

const month = z.string().meta({ description: 'a calendar month, 2026-07' });
const kwhPerDay = z.number().nullable();

const zeroLine = z.strictObject({
  month,
  kwh: z.number().nullable(),
  counts: z.boolean(),
  reason: z
    .enum(['zero', 'used', 'not_read', 'outage', 'disconnected', 'vacancy'])
    .meta({ description: 'why the month is in the count, or what it is taken out for' }),
  usableDays: z.number().meta({ description: 'days of the month on which power could be used' }),
});

const zeroUse = z.strictObject({
  isHit: z.boolean(),
  countedMonths: z.number().int(),
  sinceMonth: month.nullable(),
  lines: z.array(zeroLine),
});

const abnormalUse = z.strictObject({
  verdict: z.enum(['abnormal', 'usual', 'unknown']),
  missing: z.enum(['reading', 'history', 'neighbours']).nullable(),
  months: z.array(month).meta({ description: 'several: the reading makes good months that were not read' }),
  kwhPerDay,
  ownKwhPerDay: kwhPerDay,
  ownMonths: z.number().int(),
  neighbours: z.strictObject({ count: z.number().int(), medianKwhPerDay: z.number() }).nullable(),
  ownRatio: z.number().nullable(),
  neighbourRatio: z.number().nullable(),
});

const finding = z
  .strictObject({
    id,
    kind: z.enum(KINDS),
    accountNo: z.string(),
    transformer: z.strictObject({ code: z.string(), name: z.string(), area: z.string() }),
    month,
    state: z.enum(STATES),
    detail: z.union([zeroUse, abnormalUse]),
    foundAt: instant,
    endedAt: instant.nullable(),
    review: z.strictObject({ result: z.enum(RESULTS), note: z.string(), by: z.string(), at: instant }).nullable(),
    policyVersion: z.number().int(),
  })
  .meta({ id: 'ConsumptionFinding' });

export const listFindings = endpoint({
  method: 'GET',
  path: '/consumption/findings',
  summary: 'Customers whose consumption is to be looked at, newest first, with the reason of every month',
  tag: 'consumption',
  access: EVERYONE,
  query: z.strictObject({
    ...paging,
    kind: z.enum(KINDS).optional(),
    state: z.enum(STATES).optional(),
    area: z.string().optional(),
    transformer: z.string().optional().meta({ description: 'code' }),
    accountNo: z.string().optional(),
  }),
  response: pageOf(finding),
});

export const reviewFinding = endpoint({
  method: 'POST',
  path: '/consumption/findings/:id/review',
  summary: 'What was found on site; the finding leaves the open ones',
  tag: 'consumption',
  access: ['analyst', 'dispatcher'],
  params: z.strictObject({ id: idParameter }),
  body: z.strictObject({ result: z.enum(RESULTS), note: note.default('') }),
  response: finding,
  problems: { not_found: 'there is no such finding', conflict: 'the finding is over' },
});

export const readConsumption = endpoint({
  method: 'GET',
  path: '/consumption/:accountNo',
  summary: 'Monthly energy of a customer, newest first, at most five years',
  tag: 'consumption',
  access: EVERYONE,
  params: z.strictObject({ accountNo: z.string() }),
  response: z.strictObject({
    accountNo: z.string(),
    months: z.array(
      z.strictObject({ month, kwh: z.number().nullable(), reading: z.enum(READINGS), recordedAt: instant }),
    ),
  }),
  problems: { not_found: 'there is no such customer' },
});
