import { z } from 'zod';
import { ADVICE_KINDS } from '../../domain/advice/advice.js';
import { SEVERITIES, WARNING_KINDS, WARNING_STATUSES } from '../../domain/warnings/warning.js';
import { endpoint } from '../http/endpoint.js';
import { flag, id, idParameter, instant, note, pageOf, paging } from '../http/fields.js';
import { EVERYONE } from '../auth/principal.js';

const Revision = z.strictObject({
  at: instant,
  changed: z.record(z.string(), z.unknown()).meta({ description: 'field -> [before, after]' }),
  why: z.string(),
  whyEn: z.string(),
});

const WarningFields = {
  id,
  kind: z.enum(WARNING_KINDS),
  severity: z.enum(SEVERITIES),
  status: z.enum(WARNING_STATUSES),
  subject: z.strictObject({ type: z.string(), id, code: z.string(), name: z.string(), area: z.string() }),
  title: z.string(),
  titleEn: z.string().meta({ description: 'the title in English' }),
  happenedAt: instant.meta({ description: 'when it became true' }),
  knownAt: instant.meta({ description: 'when the service raised it' }),
  dueAt: instant.nullable().meta({ description: 'the limit it counts down to, where there is one' }),
  acknowledgedAt: instant.nullable(),
  resolvedAt: instant.nullable(),
  assignee: z.string().nullable(),
  outageId: id.nullable(),
  policyVersion: id,
  evidence: z.record(z.string(), z.unknown()).meta({ description: 'what the rule saw; free by kind' }),
  advice: z.array(z.string()).meta({
    description: 'general first steps, or the computed advice once there is some; both while too little is measured',
  }),
  revisions: z.array(Revision).meta({ description: 'what changed after it was raised, oldest first' }),
};

export const Warning = z
  .strictObject(WarningFields)
  .partial({ evidence: true, advice: true, revisions: true })
  .meta({ id: 'Warning', description: 'in a brief list without evidence, advice and revisions' });

const Advised = z
  .strictObject({
    kind: z.enum(ADVICE_KINDS),
    text: z.string(),
    textEn: z.string(),
    arithmetic: z.array(
      z.strictObject({
        step: z.string(),
        stepEn: z.string(),
        formula: z.string(),
        values: z.record(z.string(), z.union([z.number(), z.string()])),
        result: z.string(),
      }),
    ),
    source: z.string(),
  })
  .meta({ id: 'ComputedAdvice' });

export const WarningDetail = z
  .strictObject({
    ...WarningFields,
    advised: z.array(Advised).meta({ description: 'what was computed from measurements, the first to do first' }),
    comments: z.array(
      z.strictObject({
        at: instant,
        actor: z.string(),
        action: z.enum(['acknowledge', 'assign', 'comment', 'resolve']),
        note: z.string(),
        noteEn: z.string().meta({ description: "the same in English; a person's words as they were written" }),
      }),
    ),
  })
  .meta({ id: 'WarningDetail' });

export const listWarnings = endpoint({
  method: 'GET',
  path: '/warnings',
  summary: 'Warnings, newest first',
  tag: 'warnings',
  access: EVERYONE,
  query: z.strictObject({
    ...paging,
    status: z.enum(WARNING_STATUSES).optional(),
    kind: z.enum(WARNING_KINDS).optional(),
    severity: z.enum(SEVERITIES).optional(),
    area: z.string().optional(),
    brief: flag.meta({ description: 'true = without evidence, advice and revisions' }),
    asset: z.string().optional().meta({ description: 'code of an asset; what lies below it counts, too' }),
  }),
  response: pageOf(Warning),
  problems: { not_found: 'There is no asset of that code.' },
});

export const getWarning = endpoint({
  method: 'GET',
  path: '/warnings/:id',
  summary: 'One warning with its comments and revisions',
  tag: 'warnings',
  access: EVERYONE,
  params: z.strictObject({ id: idParameter }),
  response: WarningDetail,
});

const action = <const Name extends string>(name: Name, summary: string) =>
  endpoint({
    method: 'POST',
    path: `/warnings/:id/${name}`,
    summary,
    tag: 'warnings',
    access: ['dispatcher'],
    params: z.strictObject({ id: idParameter }),
    body: z.strictObject({ note: note.default(''), assignee: z.string().trim().min(1).max(200).optional() }),
    response: WarningDetail,
    problems: { conflict: 'The warning is in a state in which this cannot be done.' },
  });

export const acknowledgeWarning = action('acknowledge', 'Somebody has seen it and takes it up');
export const assignWarning = action('assign', 'Hands it to somebody; needs `assignee`');
export const commentWarning = action('comment', 'Adds a note; needs `note`');
export const resolveWarning = action('resolve', 'Ends it by a decision');
