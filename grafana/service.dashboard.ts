import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { frame } from './frame.js';
import { figure, series } from './panels.js';

const quantile = (share: number, metric: string, by = ''): string =>
  `histogram_quantile(${share}, sum by (le${by === '' ? '' : `, ${by}`}) (rate(lamplighter_${metric}_bucket[$__rate_interval])))`;

/** For those who run the service: is it taking everything in, in time, and why not. */
export function serviceDashboard(): Dashboard {
  return frame('lamplighter-service', 'Lamplighter: service', 'Ingestion, journal, deadlines, HTTP and process.')
    .withRow(new RowBuilder('Now'))
    .withPanel(
      figure({
        title: 'Messages per second',
        description: 'From terminals, taken or rejected, over all replicas.',
        queries: [['sum(rate(lamplighter_messages_total[$__rate_interval]))', 'messages/s']],
        unit: 'cps',
        width: 4,
      }),
    )
    .withPanel(
      figure({
        title: 'Broker connected',
        description: '1 = a replica with the ingest role is connected.',
        queries: [['max(lamplighter_mqtt_connected)', 'connected']],
        width: 4,
      }),
    )
    .withPanel(
      figure({
        title: 'Not yet acknowledged',
        description: 'Messages held until their rows are committed. At the window (5,000) the database is the brake.',
        queries: [['sum(lamplighter_ingest_unacknowledged)', 'messages']],
        width: 4,
        warnFrom: 4_000,
      }),
    )
    .withPanel(
      figure({
        title: 'Journal lag',
        description: 'Entries that the slowest follower has still to digest.',
        queries: [['max(lamplighter_journal_lag_entries)', 'entries']],
        width: 4,
        warnFrom: 1_000,
        alarmFrom: 10_000,
      }),
    )
    .withPanel(
      figure({
        title: 'SMS waiting',
        description: 'Due and not yet taken by a provider.',
        queries: [['max(lamplighter_notice_queue{channel="sms"})', 'notices']],
        width: 4,
        warnFrom: 500,
      }),
    )
    .withPanel(
      figure({
        title: 'Live consoles',
        description: 'Browsers and programs that follow the journal now.',
        queries: [['sum(lamplighter_live_clients)', 'clients']],
        width: 4,
      }),
    )
    .withRow(new RowBuilder('Ingestion'))
    .withPanel(
      series({
        title: 'Messages and readings',
        description: 'One message carries one reading or a short array.',
        queries: [
          ['sum by (result) (rate(lamplighter_messages_total[$__rate_interval]))', 'messages {{result}}'],
          ['sum(rate(lamplighter_readings_total[$__rate_interval]))', 'readings'],
        ],
        unit: 'cps',
        width: 8,
      }),
    )
    .withPanel(
      series({
        title: 'Rejected messages by reason',
        description: 'Kept with their bytes; see GET /rejected-messages, and re-drive them when the cause is gone.',
        queries: [['sum by (reason) (rate(lamplighter_rejected_messages_total[$__rate_interval])) > 0', '{{reason}}']],
        unit: 'cps',
        width: 8,
        stacked: true,
      }),
    )
    .withPanel(
      series({
        title: 'Event time to commit',
        description: 'How old a reading is when it is stored. Backfill makes it high without any trouble.',
        queries: [
          [quantile(0.5, 'ingest_lag_seconds'), 'p50'],
          [quantile(0.99, 'ingest_lag_seconds'), 'p99'],
        ],
        unit: 's',
        width: 8,
      }),
    )
    .withPanel(
      series({
        title: 'Batch duration',
        description: 'One transaction per batch: readings, states, journal.',
        queries: [
          [quantile(0.5, 'ingest_batch_seconds'), 'p50'],
          [quantile(0.99, 'ingest_batch_seconds'), 'p99'],
        ],
        unit: 's',
        width: 8,
      }),
    )
    .withPanel(
      series({
        title: 'Batch size',
        description: 'Grows with the load; a full batch every time means the database sets the pace.',
        queries: [
          [
            'sum(rate(lamplighter_ingest_batch_size_sum[$__rate_interval])) / sum(rate(lamplighter_ingest_batch_size_count[$__rate_interval]))',
            'mean',
          ],
        ],
        width: 8,
      }),
    )
    .withPanel(
      series({
        title: 'Warning latency',
        description: 'From the event time of what was wrong to the commit of the warning, hold times included.',
        queries: [
          [quantile(0.5, 'warning_latency_seconds'), 'p50'],
          [quantile(0.99, 'warning_latency_seconds'), 'p99'],
        ],
        unit: 's',
        width: 8,
      }),
    )
    .withRow(new RowBuilder('Followers and deadlines'))
    .withPanel(
      series({
        title: 'Journal lag by follower',
        description: 'One that only grows has stopped: GET /health/ready names it, the log has the reason.',
        queries: [['max by (follower) (lamplighter_journal_lag_entries)', '{{follower}}']],
        width: 12,
      }),
    )
    .withPanel(
      series({
        title: 'Deadline delay',
        description: 'From the instant of a deadline to the transaction that fired it; a second is the aim.',
        queries: [
          [quantile(0.5, 'deadline_delay_seconds'), 'p50'],
          [quantile(0.99, 'deadline_delay_seconds'), 'p99'],
        ],
        unit: 's',
        width: 12,
      }),
    )
    .withRow(new RowBuilder('HTTP and process'))
    .withPanel(
      series({
        title: 'Requests by status',
        description: 'Event streams are not counted.',
        queries: [
          ['sum by (status) (rate(lamplighter_http_request_duration_seconds_count[$__rate_interval]))', '{{status}}'],
        ],
        unit: 'reqps',
        width: 8,
        stacked: true,
      }),
    )
    .withPanel(
      series({
        title: 'Slowest routes, p95',
        description: 'By route pattern.',
        queries: [[`topk(8, ${quantile(0.95, 'http_request_duration_seconds', 'route')})`, '{{route}}']],
        unit: 's',
        width: 8,
      }),
    )
    .withPanel(
      series({
        title: 'Event loop lag',
        description: 'Above a tenth of a second something computes too long in one piece.',
        queries: [
          ['max by (instance) (lamplighter_nodejs_eventloop_lag_p99_seconds)', 'p99 {{instance}}'],
          ['max by (instance) (lamplighter_nodejs_eventloop_lag_mean_seconds)', 'mean {{instance}}'],
        ],
        unit: 's',
        width: 8,
      }),
    )
    .withPanel(
      series({
        title: 'Memory',
        description: 'Flat over days under a steady load.',
        queries: [
          ['lamplighter_process_resident_memory_bytes', 'resident {{instance}}'],
          ['lamplighter_nodejs_heap_size_used_bytes', 'heap {{instance}}'],
        ],
        unit: 'bytes',
        width: 12,
      }),
    )
    .withPanel(
      series({
        title: 'CPU',
        description: 'In cores.',
        queries: [['rate(lamplighter_process_cpu_seconds_total[$__rate_interval])', '{{instance}}']],
        width: 12,
      }),
    )
    .build();
}
