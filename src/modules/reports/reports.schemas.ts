import { z } from 'zod';
import { id, instant } from '../http/fields.js';
import { NATURES } from '../outages/outages.schemas.js';

const figure = z.number().nullable();
const band = z.strictObject({ min: z.number(), max: z.number() }).nullable();

export const ReliabilityRow = z
  .strictObject({
    key: z.string().meta({ description: 'area, feeder or transformer code, or month (2026-07)' }),
    name: z.string(),
    from: instant,
    to: instant,
    customersServed: z.number().int().meta({ description: 'at the end of the report; figures are null without any' }),
    saidiMinutes: figure,
    saifi: figure,
    caidiMinutes: figure.meta({ description: 'null without a sustained interruption' }),
    maifi: figure,
    asai: figure,
    cemi: figure.meta({ description: 'share of customers with more than n sustained interruptions' }),
    celid8: figure.meta({ description: 'share of customers with one interruption of at least the long limit (8 h)' }),
    majorEventDays: z
      .number()
      .int()
      .meta({ description: 'days of the period above the threshold of the whole report' }),
    withoutMajorEventDays: z.strictObject({ saidiMinutes: figure, saifi: figure, caidiMinutes: figure }),
    fault: z.strictObject({ saidiMinutes: figure, saifi: figure }),
    planned: z
      .strictObject({ saidiMinutes: figure, saifi: figure })
      .meta({ description: 'planned, temporary and rationing' }),
    openInterruptions: z
      .number()
      .int()
      .meta({ description: 'customers whose interruption is not known to be over: it counts up to the end or to now' }),
    unknown: z
      .strictObject({
        minutes: figure.meta({
          description:
            'minutes per customer in which supply was unknown, those before the first word of a terminal included',
        }),
        saidiMinutes: band,
        saifi: band,
        asai: band,
        cemi: band,
        celid8: band,
      })
      .meta({ description: 'each index with the unknown minutes counted as none, and as all, without supply' }),
    customersUnwatched: z
      .number()
      .int()
      .meta({ description: 'on transformers without a terminal: nothing is known of them, they are in no band' }),
  })
  .meta({ id: 'ReliabilityRow' });

const MajorEvents = z
  .strictObject({
    thresholds: z.array(
      z.strictObject({
        year: z.number().int(),
        alpha: z.number(),
        beta: z.number(),
        tMedMinutes: z.number(),
        days: z.number().int().meta({ description: 'days with an interruption in the five years before' }),
      }),
    ),
    days: z.array(z.strictObject({ date: z.string(), saidiMinutes: z.number(), tMedMinutes: z.number() })),
  })
  .meta({ id: 'MajorEvents' });

export const ReliabilityReport = z
  .strictObject({
    sustainedMinutes: z.number(),
    cemiMoreThan: z.number().int(),
    policyVersion: id,
    total: ReliabilityRow,
    items: z.array(ReliabilityRow),
    majorEvents: MajorEvents,
  })
  .meta({ id: 'ReliabilityReport' });

const Published = {
  id,
  publishedAt: instant,
  publishedBy: z.string(),
  policyVersion: id,
  from: instant,
  to: instant,
  area: z.string().nullable(),
  nature: z.enum(NATURES).nullable(),
  sustainedMinutes: z.number(),
  cemiMoreThan: z.number().int(),
  note: z.string(),
  published: ReliabilityRow,
};
export const PublishedReport = z.strictObject(Published).meta({ id: 'PublishedReport' });

export const Restatement = z
  .strictObject({
    ...Published,
    known: ReliabilityRow.meta({ description: 'the same report as it is known now' }),
    isChanged: z.boolean(),
    outages: z
      .array(
        z.strictObject({
          outageId: id,
          customerMinutes: z.number().meta({ description: 'known now minus published' }),
          customerInterruptions: z.number().int(),
          revisions: z.array(
            z.strictObject({
              journalId: id,
              type: z.string(),
              knownAt: instant,
              actor: z.string(),
              why: z.string(),
              whyZh: z.string(),
            }),
          ),
        }),
      )
      .meta({ description: 'which outages the difference comes from, and what became known of them since' }),
  })
  .meta({ id: 'Restatement' });

const qualified = {
  ratePercent: z.number().nullable().meta({ description: '(1 - (over + under) / monitored) x 100; null without any' }),
  monitoredMinutes: z
    .number()
    .meta({ description: 'inside the assessment band; of several phases or transformers their sum' }),
  overMinutes: z.number(),
  underMinutes: z.number(),
};
const Phase = z.strictObject(qualified);
const VoltageRow = z
  .strictObject({
    key: z.string().meta({ description: 'transformer code, area, or month (2026-07)' }),
    name: z.string(),
    from: instant,
    to: instant,
    ...qualified,
    phases: z.strictObject({ A: Phase, B: Phase, C: Phase }),
  })
  .meta({ id: 'VoltageRow' });
export const VoltageReport = z
  .strictObject({ policyVersion: id, total: VoltageRow, items: z.array(VoltageRow) })
  .meta({ id: 'VoltageReport' });
