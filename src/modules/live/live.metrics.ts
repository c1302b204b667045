import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';

@Injectable()
export class LiveMetrics {
  readonly clients: Gauge;
  readonly slowClients: Counter;

  constructor(registry: Registry) {
    this.clients = new Gauge({
      name: 'lamplighter_live_clients',
      help: 'Clients that follow the journal as server-sent events now',
      registers: [registry],
    });
    this.slowClients = new Counter({
      name: 'lamplighter_live_slow_clients_total',
      help: 'Clients that were disconnected because they did not read fast enough',
      registers: [registry],
    });
  }
}
