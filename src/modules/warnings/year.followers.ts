import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { byOneVersion } from '../policy/one-version.js';
import { chronicFollowerOf } from './chronic-voltage.js';
import { frequentFollowerOf } from './frequent-outages.js';
import { WarningsMetrics } from './warnings.metrics.js';

/** Followers of their own beside the other warnings, because they judge a transformer by a year of its history. */
@Injectable()
export class YearFollowers implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly active: ActivePolicy,
    private readonly metrics: WarningsMetrics,
  ) {}

  onModuleInit(): void {
    for (const followerOf of [chronicFollowerOf, frequentFollowerOf]) {
      this.workers.follow(
        byOneVersion(this.active, (active) =>
          followerOf(active, (raised, now) => this.metrics.countRaised(raised, now)),
        ),
      );
    }
  }
}
