import { z } from 'zod';
import { CATEGORIES } from '../complaints/complaint.js';
import { CUT_RULES } from '../reconnection/cut-facts.js';
import { DUNNING_RESULTS, DUNNING_STAGES } from '../reconnection/dunning.js';
import { minutes, sourced } from './leaves.js';

const days = sourced(z.number().min(0).max(60));
const rules = sourced(z.array(z.enum(CUT_RULES)));

/** What must be done, and what must not be, before one customer's supply is cut. */
export const disconnectionSection = z.strictObject({
  /** More than so many days overdue. */
  overdueDays: sourced(z.number().int().min(0).max(365)),
  /** Collection at one of these levels... */
  dunningStages: sourced(z.array(z.enum(DUNNING_STAGES)).min(1)),
  /** ...with one of these results. */
  dunningResults: sourced(z.array(z.enum(DUNNING_RESULTS)).min(1)),
  /** A level of collection may begin so many days after the due day; in the order in which they are taken. */
  dunningLadder: sourced(
    z.array(z.strictObject({ stage: z.enum(DUNNING_STAGES), fromDay: z.number().int().min(0).max(365) })).min(1),
  ),
  /** How a customer pays, in the words of the message that collects. */
  howToPayZh: sourced(z.string().min(1).max(20)),
  howToPayEn: sourced(z.string().min(1).max(20)),
  /** A promise to pay holds the cut back until its day is over, at most so long after it was given; 0 = it does not. */
  promiseDays: sourced(z.number().int().min(0).max(60)),
  noticeMinDays: days,
  noticeMaxDays: days,
  finalNoticeMinutes: minutes,
  /** Later than so long after the announced instant it must be announced anew. */
  executeWithinMinutes: minutes,
  /** Local hours within which supply may be cut: from the first, before the second. */
  fromHour: sourced(z.number().int().min(0).max(23)),
  toHour: sourced(z.number().int().min(1).max(24)),
  /** Days of the week on which it may be cut; 1 = Monday. */
  weekdays: sourced(z.array(z.number().int().min(1).max(7)).min(1)),
  /** False = not on the day before a public holiday or a closed date. */
  beforeHolidays: sourced(z.boolean()),
  /** Local days on which nothing is cut, beside the public holidays. */
  closedDates: sourced(z.array(z.iso.date())),
  /** Categories of customers whose notice must be copied to the authority. */
  importantCategories: sourced(z.array(z.enum(['residential', 'commercial', 'industrial', 'important']))),
  /** Open complaints of the account in these categories are a dispute about what is owed, or about its voltage. */
  disputeCategories: sourced(z.array(z.enum(CATEGORIES))),
  voltageCategories: sourced(z.array(z.enum(CATEGORIES))),
  /** Which rules hold for cuts for other reasons than arrears; for arrears all do. */
  violationRules: rules,
  theftRules: rules,
});
