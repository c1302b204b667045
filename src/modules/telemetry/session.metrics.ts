import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';

/** What the broker session shows. */
@Injectable()
export class SessionMetrics {
  private unacknowledged = (): number => 0;
  private connected = (): boolean => false;

  constructor(registry: Registry) {
    const held = (): number => this.unacknowledged();
    const stands = (): boolean => this.connected();
    // `collect` is called with the gauge as `this`, so the values come from the closures above.
    new Gauge({
      name: 'lamplighter_ingest_unacknowledged',
      help: 'Messages received from the broker and not yet committed and acknowledged',
      registers: [registry],
      collect() {
        this.set(held());
      },
    });
    new Gauge({
      name: 'lamplighter_mqtt_connected',
      help: '1 while the connections to the broker stand',
      registers: [registry],
      collect() {
        this.set(stands() ? 1 : 0);
      },
    });
  }

  watch(unacknowledged: () => number, connected: () => boolean): void {
    this.unacknowledged = unacknowledged;
    this.connected = connected;
  }
}
