import type { StoreSample } from '@tidewatch/promql';
import { seeded } from '../seeded.ts';

export const COLLECT_MS = 15_000;
const HOUR_MS = 3_600_000;

const MODELS = 50;
const INSTANCES = 10;
const BOUNDS = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'];

type Kind = 'bucket' | 'counter' | 'gauge' | 'info';

interface Source {
  readonly labels: Readonly<Record<string, string>>;
  readonly kind: Kind;
  /** Events of a collect, at most; of a gauge 0 when it has all digits of a double. */
  readonly pace: number;
}

/**
 * What 50 models on 10 instances report, always the same: 55 % histogram buckets, 25 % counters, 20 % gauges.
 *
 * Instance 7 restarts from zero every five hours; instance 8 is gone from hour 11 to 11:30, and from 2 h before the
 * end for ten minutes.
 */
export class ServiceMetrics {
  readonly sources: readonly Source[];
  readonly #values: Float64Array;
  readonly #random: () => number;

  constructor(seed = 3) {
    this.sources = [...buckets(), ...counters(), ...gauges()];
    this.#values = new Float64Array(this.sources.length);
    this.#random = seeded(seed);
  }

  /** The samples of the next collect, `elapsedMs` after the first. */
  collect(elapsedMs: number): readonly StoreSample[] {
    const samples: StoreSample[] = [];
    const isRestart = elapsedMs > 0 && elapsedMs % (5 * HOUR_MS) === 0;
    let events = 0;
    for (const [at, { labels, kind, pace }] of this.sources.entries()) {
      if (kind === 'bucket') {
        // Cumulative: a bucket counts what the one below it counts, and its own.
        events = labels['le'] === BOUNDS[0] ? this.#events(pace) : events + this.#events(pace);
        this.#values[at]! += events;
      } else if (kind === 'counter') this.#values[at]! += this.#events(pace);
      else if (kind === 'info') this.#values[at] = 1;
      else this.#values[at] = this.#gauge(this.#values[at]!, pace);
      if (isRestart && labels['instance'] === 'host-7') this.#values[at] = 0;
      if (labels['instance'] === 'host-8' && isAway(elapsedMs)) continue;
      samples.push({ labels, value: this.#values[at]! });
    }
    return samples;
  }

  /** Half of the counters are quiet at any moment. */
  #events(pace: number): number {
    return this.#random() < 0.5 ? 0 : Math.floor(this.#random() * pace);
  }

  /** Mostly rounded to a thousandth, a few of them full doubles. */
  #gauge(before: number, pace: number): number {
    if (pace === 0) return this.#random();
    const moved = Math.min(1, Math.max(0, before + (this.#random() - 0.5) / 50));
    return Math.round(moved * 1_000) / 1_000;
  }
}

function isAway(elapsedMs: number): boolean {
  const hours = elapsedMs / HOUR_MS;
  return (hours >= 11 && hours < 11.5) || (hours >= 22 && hours < 22 + 1 / 6);
}

/** 230 histograms: 1,200 buckets of the job `api`, the others of `batch`. */
function buckets(): Source[] {
  return Array.from({ length: 230 }, (_, histogram) => ({
    model: `model-${histogram % MODELS}`,
    instance: `host-${Math.floor(histogram / MODELS) % INSTANCES}`,
    job: histogram < 100 ? 'api' : 'batch',
  })).flatMap((labels) =>
    BOUNDS.map((le) => ({
      labels: { __name__: 'inference_duration_seconds_bucket', ...labels, le },
      kind: 'bucket' as const,
      pace: 8,
    })),
  );
}

/** 1,000 counters of predictions, and 250 of the cache. */
function counters(): Source[] {
  const predictions = everyPair().flatMap((labels) =>
    ['success', 'error'].map((outcome) => ({
      labels: { __name__: 'predictions_total', ...labels, outcome },
      kind: 'counter' as const,
      pace: outcome === 'error' ? 3 : 60,
    })),
  );
  const hits = everyPair().slice(0, 250);
  return [
    ...predictions,
    ...hits.map((labels) => ({
      labels: { __name__: 'cache_hits_total', ...labels },
      kind: 'counter' as const,
      pace: 20,
    })),
  ];
}

/** 500 gauges of queues, 440 of GPUs, and a version of each model to join. */
function gauges(): Source[] {
  const queues = everyPair().map((labels, at) => ({
    labels: { __name__: 'queue_utilization', ...labels },
    kind: 'gauge' as const,
    pace: at % 4 === 0 ? 0 : 1,
  }));
  const gpus = Array.from({ length: 440 }, (_, at) => ({
    labels: { __name__: 'gpu_utilization', gpu: String(at % 44), instance: `host-${Math.floor(at / 44)}` },
    kind: 'gauge' as const,
    pace: at % 4 === 0 ? 0 : 1,
  }));
  const versions = Array.from({ length: MODELS }, (_, model) => ({
    labels: { __name__: 'model_info', model: `model-${model}`, version: `v${1 + (model % 4)}` },
    kind: 'info' as const,
    pace: 0,
  }));
  return [...queues, ...gpus, ...versions];
}

function everyPair(): { model: string; instance: string }[] {
  return Array.from({ length: MODELS * INSTANCES }, (_, at) => ({
    model: `model-${Math.floor(at / INSTANCES)}`,
    instance: `host-${at % INSTANCES}`,
  }));
}
