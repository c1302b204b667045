import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { decide } from '../../domain/notices/delivery.js';
import type { Outcome } from '../../domain/notices/delivery.js';
import { Database } from '../database/database.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { NoticesMetrics } from './notices.metrics.js';
import { claimDue, settle } from './outbox.js';
import type { ClaimedNotice, Settlement } from './outbox.js';
import { SmsProviders } from './providers/providers.js';

/** Sent side by side: at 100 ms an answer this is 500 messages a second. */
const BATCH = 50;

/** Empties the outbox: claims in one transaction, sends outside of any, writes down in another. */
@Injectable()
export class Sender implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly workers: Workers,
    private readonly active: ActivePolicy,
    private readonly providers: SmsProviders,
    private readonly metrics: NoticesMetrics,
  ) {}

  onModuleInit(): void {
    this.workers.register({
      name: 'sms-sender',
      role: 'notify',
      restMs: 1_000,
      wakeOnJournal: true,
      step: () => this.step(),
    });
  }

  /** One batch; true when there may be more. */
  async step(): Promise<boolean> {
    const first = this.providers.names[0] ?? '';
    const { claimed, found } = await this.db.inTx((tx) =>
      claimDue(tx, BATCH, first, (name) => this.providers.byName(name)?.idempotent === true),
    );
    if (claimed.length > 0) {
      const settlements = await Promise.all(claimed.map((notice) => this.attempt(notice)));
      await this.db.inTx((tx) => settle(tx, settlements));
    }
    return found === BATCH;
  }

  /** One attempt: the provider, and when it certainly took nothing, the next ones in order. */
  private async attempt(notice: ClaimedNotice): Promise<Settlement> {
    let provider = notice.provider;
    for (;;) {
      const outcome = await this.send(provider, notice);
      const attempt = {
        provider,
        idempotent: this.providers.byName(provider)?.idempotent === true,
        attempt: notice.attempt,
        maxAttempts: this.active.policy.notices.attempts,
        maybeTold: notice.maybeTold,
      };
      const decision = decide(outcome, attempt, this.providers.names, this.db.clock.now());
      const result = decision.next === 'other_provider' ? 'retry' : decision.next;
      this.metrics.attempts.inc({ kind: notice.kind, provider, result });
      if (decision.next !== 'other_provider') return { notice: { ...notice, provider }, outcome, decision };
      provider = decision.provider;
      // Before the next provider gets it: after a crash it must be known who may have it.
      await this.db.query('update notice set provider = $2 where id = $1', [notice.id, provider]);
    }
  }

  private async send(provider: string, notice: ClaimedNotice): Promise<Outcome> {
    const { id, recipient, text, segments } = notice;
    try {
      const outcome = await this.providers.byName(provider)?.send({ id, to: recipient, text, segments });
      return outcome ?? { result: 'failed', reason: `no provider ${provider} is configured`, maybeAccepted: false };
    } catch (error) {
      return { result: 'failed', reason: `the provider ${provider} failed: ${String(error)}`, maybeAccepted: true };
    }
  }
}
