import { z } from 'zod';
import { CATEGORIES, CHANNELS } from '../../domain/complaints/complaint.js';
import { MISSED_REASONS } from '../../domain/complaints/missed-warning.js';
import { id, instant, pageOf } from '../http/fields.js';

const whole = z.number().int();
const share = z.number().nullable();
const row = {
  key: z.string().meta({ description: 'category, channel, area, or month (2026-07)' }),
  name: z.string(),
  from: instant,
  to: instant,
  complaints: whole,
};
const Promised = z
  .strictObject({
    onTime: whole,
    late: whole.meta({ description: 'done later, or due and not done' }),
    waiting: whole.meta({ description: 'neither done nor due' }),
    onTimeShare: share,
  })
  .meta({ id: 'PromiseKept' });

const ComplaintRow = z
  .strictObject({
    ...row,
    open: whole,
    linked: whole.meta({ description: 'traced to an event, by the rules or by a person' }),
    linkedShare: share,
    repeats: whole.meta({
      description: 'the same customer about the same category again, within the window of the policy',
    }),
    repeatShare: share,
    contact: Promised,
    answer: Promised,
  })
  .meta({ id: 'ComplaintReportRow' });
export const ComplaintReport = z
  .strictObject({ policyVersion: id, total: ComplaintRow, items: z.array(ComplaintRow) })
  .meta({ id: 'ComplaintReport' });

const MissedRow = z
  .strictObject({
    ...row,
    toWarnOf: whole.meta({ description: 'with an event behind them, or of a category that should have one' }),
    warnedInTime: whole,
    missed: whole,
    missedShare: share,
    reasons: z.record(z.enum(MISSED_REASONS), whole),
  })
  .meta({ id: 'MissedWarningRow' });
export const MissedReport = z
  .strictObject({ policyVersion: id, total: MissedRow, items: z.array(MissedRow) })
  .meta({ id: 'MissedWarningReport' });

export const MissedCases = pageOf(
  z
    .strictObject({
      complaintId: id,
      externalId: z.string(),
      receivedAt: instant,
      channel: z.enum(CHANNELS),
      category: z.enum(CATEGORIES),
      area: z.string(),
      transformerCode: z.string().nullable(),
      accountNo: z.string().nullable(),
      reason: z.enum(MISSED_REASONS),
      text: z.string(),
      textEn: z.string(),
    })
    .meta({ id: 'MissedWarningCase' }),
);
