import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { frame } from './frame.js';
import { figure, series } from './panels.js';

// Gauges read from the database show the same number on every replica: max, never sum. Counters count per replica: sum.

/** For the dispatch centre: what is out, what is promised, what customers were told. */
export function dispatchDashboard(): Dashboard {
  return frame('lamplighter-dispatch', 'Lamplighter: dispatch', 'Outages, warnings, promises and notices.')
    .withRow(new RowBuilder('Now'))
    .withPanel(
      figure({
        title: 'Customers without supply',
        description: 'Customers on transformers that are out in a suspected or confirmed outage.',
        queries: [['max(lamplighter_customers_without_supply)', 'customers']],
        width: 4,
        warnFrom: 1,
        alarmFrom: 1_000,
      }),
    )
    .withPanel(
      figure({
        title: 'Open outages',
        description: 'Suspected and confirmed, of every nature.',
        queries: [['sum(max by (nature, state) (lamplighter_outages_open))', 'outages']],
        width: 4,
        warnFrom: 1,
      }),
    )
    .withPanel(
      figure({
        title: 'Outages over 8 h',
        description: 'Each needs a warning note (预警通知单) and supervision until supply is back.',
        queries: [['max(lamplighter_outages_over_8h_open)', 'outages']],
        width: 4,
        alarmFrom: 1,
      }),
    )
    .withPanel(
      figure({
        title: 'Open critical warnings',
        description: 'Not resolved yet, acknowledged or not.',
        queries: [['sum(max by (kind) (lamplighter_warnings_open{severity="critical"}))', 'warnings']],
        width: 4,
        alarmFrom: 1,
      }),
    )
    .withPanel(
      figure({
        title: 'Reconnections overdue',
        description: 'Customers who paid in full and have no supply after the promised time.',
        queries: [['max(lamplighter_reconnections_open{state="breached"})', 'orders']],
        width: 4,
        alarmFrom: 1,
      }),
    )
    .withPanel(
      figure({
        title: 'Calls to make',
        description: 'Customers who could not be told by SMS and wait for a phone call.',
        queries: [['max(lamplighter_notice_queue{channel="call_list"})', 'calls']],
        width: 4,
        warnFrom: 1,
      }),
    )
    .withRow(new RowBuilder('Outages and warnings'))
    .withPanel(
      series({
        title: 'Transformers by supply',
        description: 'Unknown is silence, not an outage; many at once is usually communication.',
        queries: [['max by (supply) (lamplighter_transformers{supply!="live"})', '{{supply}}']],
        width: 12,
      }),
    )
    .withPanel(
      series({
        title: 'Open outages by nature and state',
        description: 'Planned work shows here too while it lasts.',
        queries: [['max by (nature, state) (lamplighter_outages_open)', '{{nature}} {{state}}']],
        width: 12,
        stacked: true,
      }),
    )
    .withPanel(
      series({
        title: 'Open warnings by kind',
        description: 'Kinds without an open warning are left out.',
        queries: [['sum by (kind) (max by (kind, severity) (lamplighter_warnings_open)) > 0', '{{kind}}']],
        width: 12,
        stacked: true,
      }),
    )
    .withPanel(
      series({
        title: 'Warnings raised per hour',
        description: 'A sudden rise of one kind over all areas is more often a rule or a clock than the network.',
        queries: [['sum by (kind) (increase(lamplighter_warnings_raised_total[1h])) > 0', '{{kind}}']],
        width: 12,
        stacked: true,
      }),
    )
    .withRow(new RowBuilder('Promises, complaints, notices'))
    .withPanel(
      series({
        title: 'Deadlines per hour',
        description: 'Met before their instant, fired at it, or cancelled.',
        queries: [['sum by (kind, outcome) (increase(lamplighter_deadlines_total[1h]))', '{{kind}} {{outcome}}']],
        width: 8,
      }),
    )
    .withPanel(
      series({
        title: 'Complaints per hour',
        description: 'By category.',
        queries: [['sum by (category) (increase(lamplighter_complaints_total[1h]))', '{{category}}']],
        width: 8,
        stacked: true,
      }),
    )
    .withPanel(
      series({
        title: 'Complaint links',
        description: 'What complaints were traced to, by how sure it is; proposed ones wait for an analyst.',
        queries: [['max by (status) (lamplighter_complaint_links_total)', '{{status}}']],
        width: 8,
      }),
    )
    .withPanel(
      series({
        title: 'Notices per hour by kind',
        description: 'Taken by a provider.',
        queries: [['sum by (kind) (increase(lamplighter_notices_total{result="accepted"}[1h]))', '{{kind}}']],
        width: 12,
        stacked: true,
      }),
    )
    .withPanel(
      series({
        title: 'Notices that were not taken, per hour',
        description:
          'retry = tried again or by the next provider; call_list = a person has to phone; unknown = perhaps sent.',
        queries: [
          [
            'sum by (provider, result) (increase(lamplighter_notices_total{result!="accepted"}[1h]))',
            '{{provider}} {{result}}',
          ],
        ],
        width: 12,
      }),
    )
    .build();
}
