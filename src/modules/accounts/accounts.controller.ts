import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { adviseCallTaker } from '../../domain/accounts/supply-advice.js';
import { answerSupply } from '../../domain/accounts/supply-answer.js';
import type { SupplyAnswer } from '../../domain/accounts/supply-answer.js';
import { sayCause, sayDisconnection, sayEpisode, sayOutage, sayPlanned } from '../../domain/accounts/supply-texts.js';
import { LANGUAGES } from '../../domain/register/customer-rows.js';
import type { Language } from '../../domain/register/customer-rows.js';
import { Fault } from '../../fault.js';
import { EVERYONE } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { id, instant } from '../http/fields.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { loadSupplyFacts } from './supply-queries.js';
import type { AccountFacts } from './supply-queries.js';

const event = z.strictObject({
  type: z.enum(['disconnection', 'outage', 'planned_outage', 'episode']),
  id,
  kind: z.string().meta({ description: 'Reason of a disconnection, nature of an outage, kind of an episode' }),
  state: z.string(),
  text: z.string(),
  startedAt: instant,
  endedAt: instant.nullable(),
  estimatedRestorationAt: instant.nullable(),
});

const accountSupply = z
  .strictObject({
    accountNo: z.string(),
    transformerCode: z.string(),
    supply: z
      .enum(['live', 'dead', 'unknown'])
      .meta({ description: "The customer's own; unknown is never told as dead" }),
    supplySince: instant.nullable(),
    cause: z.enum(['disconnection', 'outage', 'planned', 'episode', 'dead', 'silent', 'none']),
    reason: z.string().meta({ description: 'The cause as a sentence to say' }),
    events: z
      .array(event)
      .meta({ description: 'Everything on record: cut, outages open and of the last day, planned, episodes' }),
    estimatedRestorationAt: instant.nullable(),
    disconnection: z
      .strictObject({
        id,
        reason: z.enum(['arrears', 'violation', 'theft']),
        disconnectedAt: instant,
        claimedAt: instant
          .nullable()
          .meta({ description: 'a crew says it was restored; not confirmed by measurement' }),
        claimedBy: z.string().nullable(),
        order: z
          .strictObject({ id, state: z.enum(['open', 'claimed', 'met', 'breached']), paidAt: instant, dueAt: instant })
          .nullable(),
      })
      .nullable(),
    advice: z.array(z.string()),
  })
  .meta({ id: 'AccountSupply' });

const getSupply = endpoint({
  method: 'GET',
  path: '/accounts/:accountNo/supply',
  tag: 'accounts',
  summary: 'What the call taker sees: is this supply out, why, until when, or is it cut; and what to do.',
  access: EVERYONE,
  params: z.strictObject({ accountNo: z.string() }),
  query: z.strictObject({ language: z.enum(LANGUAGES).default('zh-CN') }),
  response: accountSupply,
  problems: { account_not_found: 'the register has no such account' },
});

@Controller()
export class AccountsController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(getSupply)
  async supply(@Input() { params, query: { language } }: InputOf<typeof getSupply>) {
    const now = this.db.clock.now();
    const facts = await loadSupplyFacts(this.db, params.accountNo, now);
    if (facts === null) {
      throw new Fault('not_found', `There is no account ${params.accountNo} in the register.`, {
        problem: 'account_not_found',
      });
    }
    const answer = answerSupply(facts, now);
    return {
      accountNo: facts.accountNo,
      transformerCode: facts.transformerCode,
      supply: answer.supply,
      supplySince: sinceOf(facts, answer),
      cause: answer.cause.kind,
      reason: sayCause(answer.cause, language),
      events: eventsOf(facts, now, language),
      estimatedRestorationAt: answer.estimatedRestorationAt,
      disconnection: facts.disconnection,
      advice: adviseCallTaker(answer, language, this.active.policyFor(facts.area).reconnection.limitHours),
    };
  }
}

/** Since when the supply is what is told; of a restoration that is only claimed it is not known. */
function sinceOf(facts: AccountFacts, { cause }: SupplyAnswer): number | null {
  if (cause.kind !== 'disconnection') return facts.supplySince;
  return cause.fact.claimedAt === null ? cause.fact.disconnectedAt : null;
}

function eventsOf(facts: AccountFacts, now: number, language: Language): z.input<typeof event>[] {
  const { disconnection } = facts;
  return [
    ...(disconnection === null
      ? []
      : [
          {
            type: 'disconnection' as const,
            id: disconnection.id,
            kind: disconnection.reason,
            state: disconnection.claimedAt === null ? 'disconnected' : 'claimed',
            text: sayDisconnection(disconnection, language),
            startedAt: disconnection.disconnectedAt,
            endedAt: null,
            estimatedRestorationAt: disconnection.claimedAt === null ? (disconnection.order?.dueAt ?? null) : null,
          },
        ]),
    ...facts.outages.map((outage) => ({
      type: 'outage' as const,
      id: outage.id,
      kind: outage.nature,
      state: outage.state,
      text: sayOutage(outage, language),
      startedAt: outage.startedAt,
      endedAt: outage.endedAt,
      estimatedRestorationAt: outage.estimatedRestorationAt,
    })),
    ...facts.planned.map((planned) => ({
      type: 'planned_outage' as const,
      id: planned.id,
      kind: planned.nature,
      state: planned.startsAt <= now ? 'running' : 'announced',
      text: sayPlanned(planned, language),
      startedAt: planned.startsAt,
      endedAt: planned.endsAt,
      estimatedRestorationAt: planned.endsAt,
    })),
    ...facts.episodes.map((episode) => ({
      type: 'episode' as const,
      id: episode.id,
      kind: episode.kind,
      state: 'open',
      text: sayEpisode(episode, language),
      startedAt: episode.startedAt,
      endedAt: null,
      estimatedRestorationAt: null,
    })),
  ];
}
