import { z } from 'zod';
import { id, instant } from '../http/fields.js';

export const STATES = ['suspected', 'confirmed', 'restored', 'closed', 'discarded'] as const;
/** What lists may be asked for: a state, or all that are open or over. */
export const STATE_FILTERS = [...STATES, 'open', 'over'] as const;
export const NATURES = ['fault', 'planned', 'temporary', 'rationing'] as const;

const OutageTransformer = z
  .strictObject({
    code: z.string(),
    startedAt: instant,
    endedAt: instant.nullable(),
    source: z.string().meta({ description: 'what was noticed: power_off, reading' }),
    endSource: z
      .string()
      .nullable()
      .meta({ description: '`dispatcher` = a word that measurement has not confirmed yet' }),
    customers: z.number().int(),
  })
  .meta({ id: 'OutageTransformer' });

const OutageFields = {
  id,
  state: z.enum(STATES),
  nature: z.enum(NATURES),
  cause: z.string(),
  rootAsset: z.strictObject({ id, code: z.string(), name: z.string(), kind: z.string(), area: z.string() }),
  area: z.string(),
  transformers: z.array(OutageTransformer),
  startedAt: instant,
  confirmedAt: instant.nullable(),
  endedAt: instant.nullable(),
  estimatedRestorationAt: instant.nullable(),
  knownAt: instant,
  customersAffected: z.number().int(),
  customersRestored: z.number().int(),
  probabilityOver8h: z.number().nullable(),
  plannedOutageId: id.nullable(),
  parentId: id.nullable(),
  mergedIntoId: id.nullable().meta({ description: 'set on a discarded outage that became part of another' }),
  momentary: z.boolean(),
  complaints: z.number().int().meta({ description: 'linked or confirmed' }),
  notices: z.number().int(),
  evidence: z.record(z.string(), z.unknown()),
  decided: z.array(z.string()).meta({ description: 'fields set by a person' }),
  policyVersion: id,
  revision: z.number().int(),
};

export const Outage = z.strictObject(OutageFields).meta({ id: 'Outage' });

export const OutageLine = Outage.partial({ transformers: true, complaints: true, notices: true, evidence: true }).meta({
  id: 'OutageLine',
  description: 'an outage in a list; a brief one is without transformers, complaints, notices and evidence',
});

const Relative = z
  .strictObject({
    id,
    state: z.enum(STATES),
    code: z.string(),
    name: z.string(),
    startedAt: instant,
    endedAt: instant.nullable(),
    customersAffected: z.number().int(),
    customersRestored: z.number().int(),
  })
  .meta({ id: 'OutageRelative', description: 'another outage of one family, with its root asset' });

const Outlook = z
  .strictObject({
    probability: z.number().min(0).max(1),
    elapsedMinutes: z.number().int(),
    limitMinutes: z.number().int(),
    cases: z.number().int().meta({ description: 'outages on record that lasted at least as long as this one has' }),
    longer: z.number().int().meta({ description: 'of these, known to have passed the limit' }),
    basis: z.array(z.string()).meta({ description: 'what the cases have in common with this outage' }),
  })
  .meta({ id: 'OutageOutlook', description: 'how probabilityOver8h came about' });

const Progress = z
  .strictObject({ at: instant, by: z.string(), actor: z.string(), note: z.string() })
  .meta({ id: 'OutageProgress' });

const Decision = z
  .strictObject({
    id,
    kind: z.enum(['change', 'merge', 'split', 'discard']),
    at: instant,
    by: z.string(),
    note: z.string(),
    outages: z.array(id).meta({ description: 'all that it touched' }),
    undoneAt: instant.nullable(),
    undoneBy: z.string().nullable(),
  })
  .meta({ id: 'OutageDecision', description: 'what a person decided; POST /outages/{id}/undo takes it back' });

export const OutageDetail = z
  .strictObject({
    ...OutageFields,
    parent: Relative.nullable().meta({ description: 'the outage that this one is left of, or was split from' }),
    children: z.array(Relative),
    outlook: Outlook.nullable().meta({ description: 'null when it is over, or too few cases are on record' }),
    responsible: z
      .strictObject({ owner: z.string().nullable(), manager: z.string().nullable() })
      .meta({ description: 'of the root asset, or of the nearest asset above it that says so' }),
    progress: z.array(Progress).meta({ description: 'oldest first' }),
    decisions: z.array(Decision).meta({ description: 'oldest first' }),
  })
  .meta({ id: 'OutageDetail' });
