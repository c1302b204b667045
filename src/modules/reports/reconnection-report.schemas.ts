import { z } from 'zod';
import { id, instant } from '../http/fields.js';

const count = z.number().int();
const spread = z.strictObject({
  count: count.meta({ description: 'orders of which both ends are known' }),
  medianMinutes: z.number().nullable(),
  p90Minutes: z.number().nullable(),
});

const Row = z
  .strictObject({
    key: z.string().meta({ description: "area, crew ('' = none named) or month (2026-07)" }),
    from: instant,
    to: instant,
    orders: count.meta({ description: 'of customers who paid within the period' }),
    met: count.meta({ description: 'confirmed in time by switch state or measured power' }),
    breached: count,
    claimedOnly: count.meta({ description: 'in time by the word of a crew, not measured' }),
    open: count,
    cancelled: count.meta({ description: 'the payment was reversed before supply was back' }),
    onReversedPayment: count,
    onTimeShare: z.number().nullable().meta({ description: 'met of met and breached' }),
    onTimeShareWithClaims: z.number().nullable().meta({ description: 'with every word in time counted as kept' }),
    legs: z
      .strictObject({
        booking: spread.meta({ description: 'paid to received' }),
        ordering: spread.meta({ description: 'received to ordered' }),
        dispatch: spread.meta({ description: 'ordered to the first command sent or crew assigned' }),
        work: spread.meta({ description: 'from there to the closed switch' }),
        power: spread.meta({ description: 'closed switch to measured power' }),
        total: spread.meta({ description: 'paid to restored' }),
      })
      .meta({ description: 'without cancelled orders' }),
    drillDown: z.string().meta({ description: 'the list of exactly these orders' }),
  })
  .meta({ id: 'ReconnectionReportRow' });

export const ReconnectionReport = z
  .strictObject({ policyVersion: id, total: Row, items: z.array(Row) })
  .meta({ id: 'ReconnectionReport' });
