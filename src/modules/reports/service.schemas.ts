import { z } from 'zod';
import { PARTS } from '../../domain/service-quality/rating.js';
import { endpoint } from '../http/endpoint.js';
import { id, instant } from '../http/fields.js';
import { FILE_TYPES, tableFormat } from '../http/spreadsheet.js';
import { asked } from './report-ask.js';

const rate = z.strictObject({ met: z.number().int(), of: z.number().int() });
const minutes = z.number().nullable();

const rating = z.strictObject({
  score: z.number().nullable().meta({ description: '0 to 100; null when less than half of the weight can be told' }),
  stars: z.number().int().min(1).max(5).nullable(),
  parts: z.array(
    z.strictObject({ part: z.enum(PARTS), value: z.number(), cases: z.number().int(), weight: z.number() }),
  ),
});

const row = z.strictObject({
  key: z.string().nullable().meta({ description: 'crew, unit or agent; null: none was named, or all' }),
  cases: z.number().int(),
  jobs: z.number().int().meta({ description: 'several calls about one fault are one job' }),
  effectiveMinutes: z.number().meta({ description: 'at least one job under way, dispatch to restoration' }),
  dispatch: rate,
  passOn: rate,
  arrivalPromise: rate,
  arrivalRegulation: rate,
  restoration: rate,
  callback: rate,
  firstFix: rate.meta({ description: 'restored, not sent back, and not reported again so far' }),
  satisfied: rate.meta({ description: 'of those who were reached' }),
  notReached: z.number().int(),
  actualMinutes: minutes.meta({ description: 'report to restoration, mean over jobs' }),
  expectedMinutes: minutes.meta({ description: 'what like jobs of the utility took: place, extent, load' }),
  rating,
});

const query = {
  ...asked,
  by: z.enum(['crew', 'unit', 'agent']).default('crew'),
  format: tableFormat,
};

export const readService = endpoint({
  method: 'GET',
  path: '/reports/service',
  summary: 'Service quality by crew, unit or agent, with the formula of the stars',
  tag: 'reports',
  access: ['dispatcher', 'analyst'],
  query: z.strictObject(query),
  response: z
    .strictObject({
      policyVersion: z.number().int(),
      formula: z.strictObject({
        text: z.string(),
        textEn: z.string(),
        weights: z.record(z.string(), z.number()),
        starsFrom: z.array(z.number()),
        minimumCases: z.number().int(),
      }),
      total: row,
      items: z.array(row),
    })
    .meta({ id: 'ServiceReport' }),
  fileTypes: FILE_TYPES,
});

const onTime = z.boolean().nullable();

export const readServiceCases = endpoint({
  method: 'GET',
  path: '/reports/service/cases',
  summary: 'The cases behind one row of the service report',
  tag: 'reports',
  access: ['dispatcher', 'analyst'],
  query: z.strictObject({ ...query, key: z.string().optional().meta({ description: 'left out: cases without one' }) }),
  response: z.strictObject({
    items: z.array(
      z
        .strictObject({
          orderId: id,
          jobId: id,
          crew: z.string().nullable(),
          unit: z.string().nullable(),
          agent: z.string(),
          area: z.string(),
          setting: z.enum(['urban', 'rural', 'remote']),
          extent: z.string(),
          load: z.enum(['calm', 'busy', 'storm']),
          startedAt: instant,
          dispatchedAt: instant.nullable(),
          arrivedAt: instant.nullable(),
          restoredAt: instant.nullable(),
          calledBackAt: instant.nullable(),
          outcome: z.enum(['satisfied', 'unsatisfied', 'not_reached']).nullable(),
          round: z.number().int(),
          wentBack: z.boolean().meta({
            description: 'the customer was not satisfied with this attempt; the next round is a case of its own',
          }),
          isReportedAgain: z.boolean(),
          isFirstFix: z.boolean().nullable(),
          actualMinutes: minutes,
          expected: z
            .strictObject({
              minutes: z.number(),
              like: z.strictObject({
                setting: z.string().optional(),
                extent: z.string().optional(),
                load: z.string().optional(),
              }),
              cases: z.number().int(),
            })
            .nullable(),
          onTime: z.strictObject({
            dispatch: onTime,
            arrivalPromise: onTime,
            arrivalRegulation: onTime,
            restoration: onTime,
            callback: onTime,
          }),
        })
        .meta({ id: 'ServiceCase' }),
    ),
  }),
  fileTypes: FILE_TYPES,
});
