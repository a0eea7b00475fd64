import { readFileSync } from 'node:fs';
import type { ConfigDocument } from '../../packages/scaler/src/config/config-document.ts';
import { table } from './markdown.ts';

/** One key of config.yaml. No default: it must be there, or nothing happens without it. */
interface KeyRow {
  readonly type: string;
  readonly default?: string;
  readonly meaning: string;
}

type Keys<Entry> = Readonly<Record<keyof Entry, KeyRow>>;
type Scaling = ConfigDocument['scaling'];
type Metric = ConfigDocument['metrics'][number];
type TimeWindow = NonNullable<ConfigDocument['time_windows']>[number];
type Cooldown = Exclude<NonNullable<Scaling['cooldown']>, number>;
type Price = NonNullable<ConfigDocument['price']>;
type Slo = NonNullable<ConfigDocument['slo']>;
type Thresholds = NonNullable<TimeWindow['thresholds']>[string];

const top: Keys<ConfigDocument> = {
  metrics: { type: 'list of [metrics](#metrics)', meaning: 'What is asked at each decision. At least one.' },
  scaling: { type: '[scaling](#scaling)', meaning: 'Bounds and pace.' },
  time_windows: {
    type: 'list of [time windows](#time_windows)',
    default: 'none',
    meaning:
      'Times of the week with thresholds and bounds of their own. The first that contains the present applies.',
  },
  interval: { type: 'seconds, from 0.1', default: '15', meaning: 'Pause between two decisions.' },
  stale_after: {
    type: 'seconds, above 0',
    default: '60, or 3 intervals if that is longer',
    meaning: 'A sample older than this is no sample.',
  },
  mode: {
    type: '`threshold`, `slo` or `cost-optimize`',
    default: '`slo` when there is an [slo](#slo), else `threshold`',
    meaning:
      'How it is decided: by the thresholds; by what keeps the latency of [slo](#slo) for 99.5 % of the requests and 99 % of the minutes; or by what keeps it for 99 % of the requests at the least cost.',
  },
  slo: {
    type: '[slo](#slo)',
    default: 'none',
    meaning: 'The latency to keep. The thresholds then decide only until the service is known.',
  },
  price: {
    type: '[price](#price)',
    default: 'none',
    meaning: 'What one running replica costs; without it no cost is shown.',
  },
};

const slo: Keys<Slo> = {
  max_latency: { type: 'milliseconds', meaning: 'A request that takes longer is late.' },
  rate: {
    type: 'name of a metric',
    default: 'the first metric that is `per: replica`',
    meaning:
      'The rate of requests, of all replicas together. A short range, such as `[30s]`, sees ramps sooner.',
  },
  latency_query: {
    type: 'PromQL',
    default: 'none',
    meaning:
      'The mean latency in seconds, such as `sum(rate(x_sum[1m])) / sum(rate(x_count[1m]))`. From it and the rate the capacity of a replica is learned.',
  },
  replica_rps: {
    type: 'number above 0',
    default: 'learned; until then the `scale_up_threshold` of the rate',
    meaning: 'Requests per second of one busy replica, when it is known.',
  },
  late_ratio: {
    type: 'number in (0, 1)',
    default: '0.005 in mode `slo`, 0.01 in mode `cost-optimize`',
    meaning: 'Share of the requests that may be late. The policy means to spend about half of it.',
  },
  startup: {
    type: 'seconds',
    default: '60',
    meaning: 'From a decision to a serving replica, until a start was measured.',
  },
  forecast: {
    type: '`season` or `none`',
    default: 'season',
    meaning:
      'Whether yesterday and last week at the same time may raise the replicas, while that has been cheaper than doing without.',
  },
};

const metrics: Keys<Metric> = {
  name: { type: 'text', meaning: 'How decisions, metrics and windows call it. Each name once.' },
  type: {
    type: '`external`',
    default: 'external',
    meaning: 'Says nothing; accepted for files that have it.',
  },
  endpoint: {
    type: 'http:// or https:// address',
    default: 'the `query` function of the host',
    meaning:
      'A Prometheus instant query API, such as `http://127.0.0.1:9090/api/v1/query`. A host that supplies `query` is asked instead.',
  },
  query: { type: 'PromQL', meaning: 'Has to answer one series. See [promql.md](promql.md).' },
  scale_up_threshold: { type: 'number', meaning: 'Above it, replicas are added.' },
  scale_down_threshold: {
    type: 'number',
    meaning:
      'Below it, replicas may be removed, if all other metrics are below theirs. Lower than `scale_up_threshold`.',
  },
  per: {
    type: '`replica` or `total`',
    default: '`replica` for a sum of rates or of queues, else `total`',
    meaning:
      'What is compared: the share of one ready replica, or the value itself. Latency and utilisation do not add up, and are totals.',
  },
};

const scaling: Keys<Scaling> = {
  max_replicas: { type: 'whole number from 1', meaning: 'Never more than this.' },
  min_replicas: { type: 'whole number from 1', default: '1', meaning: 'Never fewer than this.' },
  cooldown: {
    type: 'seconds, or [cooldown](#cooldown)',
    default: '300',
    meaning:
      'Pause before a step down, counted from the last completed step. A number never delays a step up.',
  },
  scale_up_step: {
    type: 'whole number from 1, or `auto`',
    default: '2',
    meaning: 'Replicas added by one step; `auto`: as many as the thresholds ask for.',
  },
  scale_down_step: {
    type: 'whole number from 1',
    default: '1',
    meaning: 'Replicas removed by one step, at most.',
  },
  time_windows: {
    type: 'list of [time windows](#time_windows)',
    default: 'none',
    meaning: 'The same as at the top; one of the two.',
  },
};

const cooldown: Keys<Cooldown> = {
  up: { type: 'seconds', default: '0', meaning: 'Pause before the next step up.' },
  down: { type: 'seconds', default: '300', meaning: 'Pause before a step down.' },
};

const timeWindows: Keys<TimeWindow> = {
  name: { type: 'text', default: 'its times, such as `22:00-6:00`', meaning: 'How decisions call it.' },
  days: {
    type: '`mon-fri`, or `[sat, sun]`',
    default: 'every day',
    meaning: 'Days on which it starts: one that crosses midnight belongs to the day before.',
  },
  start: { type: 'time of day, such as `08:30`', meaning: 'Belongs to the window.' },
  end: {
    type: 'time of day, up to `24:00`',
    meaning: 'Does not. Not after `start`: the window crosses midnight.',
  },
  timezone: {
    type: 'IANA name, such as `Asia/Shanghai`',
    default: 'the zone of the machine',
    meaning: 'Daylight saving included.',
  },
  thresholds: {
    type: 'by metric: [thresholds](#thresholds)',
    default: 'as usual',
    meaning: 'A metric that is not listed keeps its own.',
  },
  scale_up_threshold: { type: 'number', default: 'as usual', meaning: 'Short form, for the first metric.' },
  scale_down_threshold: { type: 'number', default: 'as usual', meaning: 'Short form, for the first metric.' },
  min_replicas: {
    type: 'whole number from 1',
    default: 'as usual',
    meaning: 'The minimum within the window.',
  },
  max_replicas: {
    type: 'whole number from 1',
    default: 'as usual',
    meaning: 'The maximum within the window.',
  },
};

const thresholds: Keys<Thresholds> = {
  up: { type: 'number', meaning: 'The `scale_up_threshold` within the window.' },
  down: { type: 'number', meaning: 'The `scale_down_threshold` within the window.' },
};

const price: Keys<Price> = {
  per_replica_hour: { type: 'number from 0', meaning: 'What one replica costs in an hour.' },
  currency: {
    type: 'three capital letters, such as `CNY`',
    meaning: 'The label `currency` of the cost metrics.',
  },
};

/** Every key of config.yaml, under the names that the loader has for the places. */
export const configKeys: Readonly<Record<string, Readonly<Record<string, KeyRow>>>> = {
  '': top,
  metrics,
  scaling,
  cooldown,
  time_windows: timeWindows,
  thresholds,
  price,
  slo,
};

/** A file with every key; the loader accepts it without a warning. */
export const fullConfig: string = readFileSync(new URL('full-config.yaml', import.meta.url), 'utf8');

/** docs/reference/config-autoscaler.md */
export function autoscalerConfigPage(): string {
  const sections = Object.entries(configKeys).map(([place, keys]) => {
    const rows = Object.entries(keys).map(([key, { type, default: byDefault = '', meaning }]) => [
      `\`${key}\``,
      type,
      byDefault,
      meaning,
    ]);
    return [
      `## ${place === '' ? 'Top' : place}`,
      '',
      table(['key', 'type', 'default', 'meaning'], rows),
    ].join('\n');
  });
  return [
    '# config.yaml of the autoscaler',
    '',
    'Generated by `npm run pnpm -- run reference`; do not edit. Read by `loadAutoscalerConfig` and the `autoscaler`',
    'command, which looks for it at `/etc/autoscale/config.yaml`. Times are in seconds. An unknown key is an error with',
    'line, column and the nearest known key; what loads and is likely a mistake is a warning ([errors.md](errors.md)).',
    '',
    '```yaml',
    fullConfig.trimEnd(),
    '```',
    '',
    ...sections,
  ].join('\n');
}
