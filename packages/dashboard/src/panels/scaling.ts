import { text, type LocalText } from '../text/catalogue.ts';
import type { Panel, StatPanel } from './panel.ts';

/** How many replicas there are, and what asks for more or fewer. */
export const scalingPanels: readonly Panel[] = [
  {
    id: 'replicas',
    section: 'scaling',
    title: text('replicas'),
    help: text('replicas.help'),
    view: 'stat',
    isHeadline: true,
    unit: 'count',
    needs: 'setup',
    thresholds: [],
    targets: [{ expr: 'sum(autoscaler_ready_replicas)', legend: text('replicas') }],
  },
  {
    id: 'replica-history',
    section: 'scaling',
    title: text('replica-history'),
    help: text('replica-history.help'),
    view: 'line',
    isStepped: true,
    unit: 'count',
    needs: 'setup',
    thresholds: [],
    targets: [
      { expr: 'sum(autoscaler_ready_replicas)', legend: text('legend.ready') },
      { expr: 'sum(autoscaler_idle_replicas)', legend: text('legend.idle') },
      { expr: 'sum(autoscaler_desired_replicas)', legend: text('legend.desired'), isReference: true },
    ],
  },
  {
    id: 'pressure',
    section: 'scaling',
    title: text('pressure'),
    help: text('pressure.help'),
    view: 'line',
    unit: 'times',
    needs: 'setup',
    thresholds: [{ value: 1, bad: 'above' }],
    targets: [
      {
        expr: 'max by (metric) (autoscaler_metric_value) / max by (metric) (autoscaler_metric_threshold{direction="up"})',
        legend: text('legend.metric'),
      },
    ],
  },
  {
    id: 'idle-replicas',
    section: 'scaling',
    title: text('idle-replicas'),
    help: text('idle-replicas.help'),
    view: 'stat',
    unit: 'count',
    needs: 'setup',
    thresholds: [{ value: 2, bad: 'above' }],
    targets: [{ expr: 'sum(autoscaler_idle_replicas)', legend: text('idle-replicas') }],
  },
  cooldown('up', text('cooldown-up')),
  cooldown('down', text('cooldown-down')),
  {
    id: 'decision-counts',
    section: 'scaling',
    title: text('decision-counts'),
    help: text('decision-counts.help'),
    view: 'table',
    columns: [
      { label: 'direction', title: text('column.direction') },
      { label: 'reason', title: text('column.reason') },
    ],
    unit: 'count',
    needs: 'setup',
    thresholds: [],
    targets: [
      {
        expr: 'sum by (direction, reason) (increase(autoscaler_decisions_total[$window])) > 0',
        legend: text('legend.count'),
      },
    ],
  },
];

function cooldown(direction: 'up' | 'down', title: LocalText): StatPanel {
  return {
    id: `cooldown-${direction}`,
    section: 'scaling',
    title,
    help: text('cooldown.help'),
    view: 'stat',
    unit: 'seconds',
    needs: 'setup',
    thresholds: [],
    targets: [
      { expr: `max(autoscaler_cooldown_remaining_seconds{direction="${direction}"})`, legend: title },
    ],
  };
}
