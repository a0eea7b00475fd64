import { text } from '../text/catalogue.ts';
import type { Panel } from './panel.ts';

/** What the replicas cost. */
export const costPanels: readonly Panel[] = [
  {
    id: 'replica-hours',
    section: 'cost',
    title: text('replica-hours'),
    help: text('replica-hours.help'),
    view: 'stat',
    unit: 'hours',
    needs: 'setup',
    thresholds: [],
    targets: [
      {
        expr: 'sum(increase(autoscaler_replica_seconds_total[$window])) / 3600',
        legend: text('replica-hours'),
      },
    ],
  },
  {
    id: 'savings',
    section: 'cost',
    title: text('savings'),
    help: text('savings.help'),
    view: 'stat',
    unit: 'ratio',
    needs: 'price',
    thresholds: [],
    targets: [
      {
        expr: '1 - sum(increase(autoscaler_cost_total[$window])) / sum(increase(autoscaler_baseline_cost_total[$window]))',
        legend: text('savings'),
      },
    ],
  },
];
