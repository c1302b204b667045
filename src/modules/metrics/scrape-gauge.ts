import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

export interface ScrapeGaugeSpec<Label extends string> {
  name: string;
  help: string;
  labelNames?: readonly Label[];
  /** What is shown as 0 when a scrape does not mention it, so that a series never begins at "no data". */
  zeroes?: readonly Partial<Record<Label, string>>[];
  /** Reads the present values, usually one SQL query. A failure fails the scrape, which Prometheus shows as `up == 0`. */
  load(): Promise<readonly { labels: Partial<Record<Label, string>>; value: number }[]>;
}

/** Scrapes closer together than this share one reading, so that several Prometheus servers cost one query. */
const FRESH_MS = 5_000;

/** A gauge whose values are read when somebody scrapes, at most every few seconds. */
export function scrapeGauge<Label extends string>(registry: Registry, spec: ScrapeGaugeSpec<Label>): Gauge<Label> {
  let readAt = Number.NEGATIVE_INFINITY;
  return new Gauge<Label>({
    name: spec.name,
    help: spec.help,
    labelNames: spec.labelNames ?? [],
    registers: [registry],
    async collect() {
      if (performance.now() - readAt < FRESH_MS) return;
      const rows = await spec.load();
      readAt = performance.now();
      this.reset();
      for (const labels of spec.zeroes ?? []) this.set(labels, 0);
      for (const { labels, value } of rows) this.set(labels, value);
    },
  });
}
