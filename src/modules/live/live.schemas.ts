import { z } from 'zod';
import { EVERYONE } from '../auth/principal.js';
import { endpoint } from '../http/endpoint.js';
import { id, idParameter, instant, pageOf, paging } from '../http/fields.js';

export const Entry = z
  .strictObject({
    id,
    type: z.string().meta({ description: 'what happened, for example warning_raised or outage_restored' }),
    subjectType: z.string(),
    subjectId: id,
    happenedAt: instant,
    knownAt: instant,
    actor: z.string().meta({ description: "'system' for the rules, else the name of the key or person" }),
    data: z
      .record(z.string(), z.unknown())
      .meta({ description: 'depends on the type; names ending in At or Ts are RFC 3339 instants' }),
  })
  .meta({ id: 'JournalEntry' });

const after = z.coerce.number().int().min(0).optional().meta({
  description: 'id of the last entry that the caller has; 0 = from the beginning',
});

const problems = {
  unknown_journal_id: 'there is no entry with the id that the caller wants to go on from; start again without it',
};

export const listEntries = endpoint({
  method: 'GET',
  path: '/journal',
  summary: 'What happened, in the order in which it became certain; `order=desc` begins with the newest',
  tag: 'live',
  access: EVERYONE,
  query: z.strictObject({ ...paging, after, order: z.enum(['asc', 'desc']).default('asc') }),
  response: pageOf(Entry),
  problems,
});

export const followEntries = endpoint({
  method: 'GET',
  path: '/live',
  summary:
    'The journal as server-sent events from now on, or after `Last-Event-ID` (or `after`): no entry lost or doubled over a reconnect',
  tag: 'live',
  access: EVERYONE,
  query: z.strictObject({ after }),
  response: Entry,
  contentType: 'text/event-stream',
  problems,
});

/** `Last-Event-ID` obeys the same rule as `after`. */
export const lastEventId = idParameter.or(z.literal('0').transform(() => 0));
