import { text, type LocalText } from '../text/catalogue.ts';
import type { Panel, Target } from './panel.ts';

/** What callers feel: latency, traffic, failures. */
export const servicePanels: readonly Panel[] = [
  {
    id: 'p99',
    section: 'service',
    title: text('p99'),
    help: text('p99.help'),
    view: 'stat',
    isHeadline: true,
    unit: 'seconds',
    needs: 'traffic',
    thresholds: [{ value: 0.5, bad: 'above' }],
    targets: [latency(0.99, text('legend.p99'))],
  },
  {
    id: 'throughput',
    section: 'service',
    title: text('throughput'),
    help: text('throughput.help'),
    view: 'stat',
    isHeadline: true,
    unit: 'per-second',
    needs: 'traffic',
    thresholds: [],
    targets: [
      {
        expr: 'sum(rate(classification_predictions_total[$__rate_interval]))',
        legend: text('throughput'),
      },
    ],
  },
  {
    id: 'latency-history',
    section: 'service',
    title: text('latency-history'),
    help: text('latency-history.help'),
    view: 'line',
    unit: 'seconds',
    needs: 'traffic',
    thresholds: [{ value: 0.5, bad: 'above' }],
    targets: [
      latency(0.99, text('legend.p99')),
      latency(0.95, text('legend.p95')),
      latency(0.5, text('legend.p50')),
    ],
  },
  {
    id: 'traffic-history',
    section: 'service',
    title: text('traffic-history'),
    help: text('traffic-history.help'),
    view: 'line',
    unit: 'per-second',
    needs: 'traffic',
    thresholds: [],
    targets: [
      {
        expr: 'sum(rate(classification_predictions_total[$__rate_interval]))',
        legend: text('legend.predictions'),
      },
      { expr: 'sum(rate(http_requests_total[$__rate_interval]))', legend: text('legend.requests') },
    ],
  },
  {
    id: 'responses-by-code',
    section: 'service',
    title: text('responses-by-code'),
    help: text('responses-by-code.help'),
    view: 'line',
    unit: 'per-second',
    needs: 'setup',
    thresholds: [],
    targets: [
      {
        expr: 'sum by (code) (rate(http_requests_total[$__rate_interval]))',
        legend: text('legend.code'),
      },
    ],
  },
];

function latency(quantile: number, legend: LocalText): Target {
  const buckets = 'sum by (le) (rate(classification_request_duration_seconds_bucket[$__rate_interval]))';
  return { expr: `histogram_quantile(${quantile}, ${buckets})`, legend };
}
