import { text } from '../text/catalogue.ts';
import type { Panel } from './panel.ts';

/** What has gone wrong and who was told. */
export const alertPanels: readonly Panel[] = [
  {
    id: 'alert-history',
    section: 'alerts',
    title: text('alert-history'),
    help: text('alert-history.help'),
    view: 'timeline',
    subject: 'alertname',
    state: 'alertstate',
    unit: 'count',
    needs: 'alerts',
    thresholds: [],
    targets: [{ expr: 'max by (alertname, alertstate) (ALERTS)', legend: text('legend.alert') }],
  },
  {
    id: 'notifications',
    section: 'alerts',
    title: text('notifications'),
    help: text('notifications.help'),
    view: 'table',
    columns: [
      { label: 'channel', title: text('column.channel') },
      { label: 'outcome', title: text('column.outcome') },
    ],
    unit: 'count',
    needs: 'alerts',
    thresholds: [],
    targets: [
      {
        expr: 'sum by (channel, outcome) (increase(alerts_notifications_total[$window])) > 0',
        legend: text('legend.count'),
      },
    ],
  },
];
