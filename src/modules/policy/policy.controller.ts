import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { differencesOf } from '../../domain/policy-difference.js';
import { sourcesOf } from '../../domain/policy.js';
import { Fault } from '../../fault.js';
import { Caller, EVERYONE } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { flag, id, idParameter, instant, instantInput, note, pageOf, paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';
import { ActivePolicy } from './active-policy.js';
import { changePolicy } from './change-policy.js';
import { findVersion, listVersions } from './policy-rows.js';
import type { PolicyRow } from './policy-rows.js';

const tree = z.record(z.string(), z.unknown());

const versionFields = {
  version: id,
  profile: z.string(),
  origin: z.enum(['file', 'person']),
  effectiveFrom: instant,
  recordedAt: instant,
  changedBy: z.string(),
  note: z.string(),
  inForce: z.boolean(),
};
const Version = z.strictObject(versionFields).meta({ id: 'PolicyVersion' });
const Whole = z
  .strictObject({
    ...versionFields,
    policy: tree.meta({
      description: 'as written: every setting as { value, source }, `areas` with what differs there',
    }),
    sources: z
      .record(z.string(), z.string())
      .meta({ description: 'path of the setting -> where its value comes from' }),
  })
  .meta({ id: 'Policy' });
const Difference = z
  .strictObject({
    path: z.string(),
    before: z.unknown(),
    after: z.unknown(),
    sourceBefore: z.string().nullable(),
    sourceAfter: z.string().nullable(),
  })
  .meta({ id: 'PolicyDifference' });

const READ = endpoint({
  method: 'GET',
  path: '/policy',
  summary: 'The policy in force, with the source of every number',
  tag: 'policy',
  access: EVERYONE,
  response: Whole,
});

const LIST = endpoint({
  method: 'GET',
  path: '/policy/versions',
  summary: 'All versions of the policy and who wrote them, the newest first',
  tag: 'policy',
  access: EVERYONE,
  query: z.strictObject(paging),
  response: pageOf(Version),
});

const READ_VERSION = endpoint({
  method: 'GET',
  path: '/policy/versions/:version',
  summary: 'One version of the policy',
  tag: 'policy',
  access: EVERYONE,
  params: z.strictObject({ version: idParameter }),
  response: Whole,
  problems: { not_found: 'There is no version of this number.' },
});

const DIFF = endpoint({
  method: 'GET',
  path: '/policy/versions/:version/diff/:other',
  summary: 'What changes from one version to another',
  tag: 'policy',
  access: EVERYONE,
  params: z.strictObject({ version: idParameter, other: idParameter }),
  response: z.strictObject({ items: z.array(Difference) }),
  problems: { not_found: 'There is no version of one of these numbers.' },
});

const CHANGE = endpoint({
  method: 'POST',
  path: '/policy',
  summary: 'Write a new version of the policy; it counts from effectiveFrom on, without a restart',
  tag: 'policy',
  access: ['admin'],
  query: z.strictObject({
    dryRun: flag.meta({ description: 'true = validate and say what would change, write nothing' }),
  }),
  body: z.strictObject({
    text: z.union([z.string().min(1), tree]).meta({
      description:
        'YAML or JSON text, or the tree itself. `extends: current` (or csg, sgcc) at its top: only what differs needs to be named',
    }),
    effectiveFrom: instantInput.optional(),
    supersedes: z
      .union([id, z.array(id)])
      .default([])
      .transform((given) => [given].flat())
      .meta({ description: 'versions yet to begin that this one replaces for good; needed where there are some' }),
    note: note.min(1),
  }),
  response: z
    .strictObject({
      version: id.nullable(),
      replaces: id,
      effectiveFrom: instant,
      supersedes: z
        .array(z.strictObject({ version: id, effectiveFrom: instant }))
        .meta({ description: 'versions yet to begin that will never be in force; a dry run tells them beforehand' }),
      changes: z.array(Difference),
    })
    .meta({ id: 'PolicyChange' }),
  problems: {
    policy_version_scheduled: 'A version is yet to begin and never would; the detail names it. Name it in supersedes.',
  },
});

@Controller()
export class PolicyController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(READ)
  read(): Promise<object> {
    return this.whole(this.active.version);
  }

  @Endpoint(LIST)
  async list(@Input() { query }: InputOf<typeof LIST>): Promise<object> {
    const [before] = decodeCursor(query.cursor, 1) ?? [];
    const rows = await listVersions(this.db, before ?? null, query.limit + 1);
    const { items, nextCursor } = page(rows, query.limit, ({ version }) => [version]);
    return { items: items.map((row) => this.viewOf(row)), nextCursor };
  }

  @Endpoint(READ_VERSION)
  readVersion(@Input() { params }: InputOf<typeof READ_VERSION>): Promise<object> {
    return this.whole(params.version);
  }

  @Endpoint(DIFF)
  async diff(@Input() { params }: InputOf<typeof DIFF>): Promise<object> {
    const before = await existing(this.db, params.version);
    const after = await existing(this.db, params.other);
    return { items: differencesOf(before.raw, after.raw) };
  }

  @Endpoint(CHANGE)
  async change(@Input() { query, body }: InputOf<typeof CHANGE>, @Caller() caller: Principal): Promise<object> {
    const change = {
      text: body.text,
      effectiveFrom: body.effectiveFrom ?? null,
      supersedes: body.supersedes,
      note: body.note,
      changedBy: caller.name,
    };
    const changed = await this.db.inTx((tx) => changePolicy(tx, this.active, change, query.dryRun));
    await this.active.refresh(this.db);
    return changed;
  }

  private async whole(version: number): Promise<object> {
    const { raw, ...row } = await existing(this.db, version);
    return { ...this.viewOf(row), policy: raw, sources: sourcesOf(raw) };
  }

  private viewOf({ fromFile, ...row }: PolicyRow): object {
    return { ...row, origin: fromFile ? 'file' : 'person', inForce: row.version === this.active.version };
  }
}

async function existing(db: Queryable, version: number): Promise<PolicyRow & { raw: unknown }> {
  const found = await findVersion(db, version);
  if (found === null) throw new Fault('not_found', `There is no version ${version} of the policy.`);
  return found;
}
