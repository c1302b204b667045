import { Controller, Get, Header } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Access } from '../auth/access.js';
import { EVERYONE } from '../auth/principal.js';

/** What Prometheus reads. Any key may; a key of its own with the role viewer is enough. */
@Controller()
export class ScrapeController {
  constructor(private readonly registry: Registry) {}

  @Get('/metrics')
  @Access(EVERYONE)
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  @Header('cache-control', 'no-store')
  async scrape(): Promise<string> {
    return this.registry.metrics();
  }
}
