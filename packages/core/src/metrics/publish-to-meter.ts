import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import { pace } from '../vocabulary/pace.ts';
import { systemClock, type Clock } from '../vocabulary/clock.ts';
import type { Labels } from '../vocabulary/sample.ts';
import { familiesOf, type MetricProducer } from './metric-producer.ts';
import type { HistogramFamily, MetricDefinition, MetricFamily } from './metric-family.ts';

export type { Meter } from '@opentelemetry/api';

export interface PublishToMeterOptions {
  /** Whose reader collects: `metrics.getMeter(name)` of a provider that the service has. */
  readonly meter: Meter;
  /** Made by {@link createMetricProducer}; another producer has nothing that could be read. */
  readonly producer: MetricProducer;
  /** Every metric that the producer may list. */
  readonly definitions: readonly MetricDefinition[];
  readonly clock?: Clock;
}

/** Series of gauges that are remembered, so that they can end. */
const MAX_GAUGES = 100_000;

/**
 * Lets a meter observe all that a producer lists, for a service that hands out meters and keeps its readers to itself.
 *
 * Where a reader can be had, its option `metricProducers` is better, for instruments have two limits. They cannot
 * forget (opentelemetry-js#4096): a gauge that no longer has a value is NaN, which compares with nothing. And no
 * instrument takes counts that are already in buckets: a histogram is observed as the sums `…_bucket` with the label
 * `le`, `…_sum` and `…_count`, as Prometheus stores it.
 *
 * @returns what ends it
 */
export function publishToMeter(options: PublishToMeterOptions): () => void {
  const { meter, producer, definitions, clock = systemClock } = options;
  const list = familiesOf(producer);
  if (list === undefined)
    throw new TypeError('publishToMeter: the producer is not one of createMetricProducer');
  const instruments = new Map<string, Observable>();
  for (const definition of definitions) {
    for (const [name, observable] of observablesOf(meter, definition)) instruments.set(name, observable);
  }
  const known = new Map<string, readonly [gauge: string, labels: Labels]>();

  const observe = async (result: BatchObservableResult): Promise<void> => {
    const turns = pace(clock);
    const say = (name: string, value: number, labels: Labels): void => {
      const instrument = instruments.get(name);
      if (instrument !== undefined) result.observe(instrument, value, labels);
    };
    const present = new Set<string>();
    for (const family of list()) {
      if (isHistogram(family)) observeHistogram(family, say);
      else {
        const { name, kind } = family.definition;
        for (const { labels, value } of family.points) {
          say(name, value, labels);
          if (kind !== 'gauge') continue;
          const key = name + JSON.stringify(labels);
          present.add(key);
          if (known.size < MAX_GAUGES) known.set(key, [name, labels]);
        }
      }
      if (turns.isDue()) await turns.rest();
    }
    for (const [key, [gauge, labels]] of known) if (!present.has(key)) say(gauge, Number.NaN, labels);
  };

  const observables = [...instruments.values()];
  meter.addBatchObservableCallback(observe, observables);
  return () => meter.removeBatchObservableCallback(observe, observables);
}

function observablesOf(meter: Meter, { name, kind, unit, help }: MetricDefinition): [string, Observable][] {
  const options = { description: help, unit };
  if (kind === 'gauge') return [[name, meter.createObservableGauge(name, options)]];
  if (kind === 'counter') return [[name, meter.createObservableCounter(name, options)]];
  // Not counters: exporters would add `_total` to these names.
  return ['_bucket', '_count', '_sum'].map((suffix) => [
    name + suffix,
    meter.createObservableUpDownCounter(name + suffix, {
      description: help,
      ...(suffix === '_sum' && { unit }),
    }),
  ]);
}

function observeHistogram(
  { definition, points }: HistogramFamily,
  say: (name: string, value: number, labels: Labels) => void,
): void {
  for (const { labels, boundaries, counts, sum } of points) {
    let count = 0;
    for (const [bucket, here] of counts.entries()) {
      count += here;
      const le = bucket < boundaries.length ? String(boundaries[bucket]) : '+Inf';
      say(`${definition.name}_bucket`, count, { ...labels, le });
    }
    say(`${definition.name}_count`, count, labels);
    say(`${definition.name}_sum`, sum, labels);
  }
}

function isHistogram(family: MetricFamily): family is HistogramFamily {
  return family.definition.kind === 'histogram';
}
