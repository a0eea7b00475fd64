import { z } from 'zod';

/** One entry of `metrics:`, as written. */
interface MetricEntry {
  readonly name: string;
  readonly type?: 'external' | undefined;
  readonly endpoint?: string | undefined;
  readonly query: string;
  readonly scale_up_threshold: number;
  readonly scale_down_threshold: number;
  readonly per?: 'replica' | 'total' | undefined;
}

/** One entry of `time_windows:`, as written. */
export interface TimeWindowEntry {
  readonly name?: string | undefined;
  readonly days?: string | readonly string[] | undefined;
  readonly start: string;
  readonly end: string;
  readonly timezone?: string | undefined;
  readonly thresholds?: Readonly<Record<string, { readonly up: number; readonly down: number }>> | undefined;
  readonly scale_up_threshold?: number | undefined;
  readonly scale_down_threshold?: number | undefined;
  readonly min_replicas?: number | undefined;
  readonly max_replicas?: number | undefined;
}

/** `scaling:`, as written. Times are in seconds. */
interface ScalingEntry {
  readonly max_replicas: number;
  readonly min_replicas?: number | undefined;
  readonly cooldown?:
    | number
    | { readonly up?: number | undefined; readonly down?: number | undefined }
    | undefined;
  readonly scale_up_step?: number | 'auto' | undefined;
  readonly scale_down_step?: number | undefined;
  readonly time_windows?: readonly TimeWindowEntry[] | undefined;
}

/** `slo:`, as written. */
export interface SloEntry {
  /** Milliseconds. */
  readonly max_latency: number;
  readonly rate?: string | undefined;
  readonly latency_query?: string | undefined;
  readonly replica_rps?: number | undefined;
  readonly late_ratio?: number | undefined;
  /** Seconds. */
  readonly startup?: number | undefined;
  readonly forecast?: 'season' | 'none' | undefined;
}

/** `config.yaml` as written, before defaults. Times are in seconds. */
export interface ConfigDocument {
  readonly metrics: readonly MetricEntry[];
  readonly scaling: ScalingEntry;
  readonly time_windows?: readonly TimeWindowEntry[] | undefined;
  readonly interval?: number | undefined;
  readonly stale_after?: number | undefined;
  readonly mode?: 'threshold' | 'slo' | 'cost-optimize' | undefined;
  readonly slo?: SloEntry | undefined;
  readonly price?: { readonly per_replica_hour: number; readonly currency: string } | undefined;
}

const finite = z.number();
const replicas = z.number().int().min(1);
const seconds = z.number().min(0);
const timeOfDay = z.string().regex(/^([01]?\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day such as 08:30');
const days = z.union([z.string(), z.array(z.string()).min(1)]);

const metric = z.strictObject({
  name: z.string().min(1),
  type: z.literal('external').optional(),
  endpoint: z
    .string()
    .refine((text) => /^https?:\/\/\S+$/.test(text) && URL.canParse(text), 'an http:// or https:// address')
    .optional(),
  query: z.string().min(1),
  scale_up_threshold: finite,
  scale_down_threshold: finite,
  per: z.enum(['replica', 'total']).optional(),
});

const timeWindow = z.strictObject({
  name: z.string().min(1).optional(),
  days: days.optional(),
  start: timeOfDay,
  end: timeOfDay,
  timezone: z.string().min(1).optional(),
  thresholds: z.record(z.string(), z.strictObject({ up: finite, down: finite })).optional(),
  scale_up_threshold: finite.optional(),
  scale_down_threshold: finite.optional(),
  min_replicas: replicas.optional(),
  max_replicas: replicas.optional(),
});

const cooldown = z.union([seconds, z.strictObject({ up: seconds.optional(), down: seconds.optional() })]);

const scaling = z.strictObject({
  max_replicas: replicas,
  min_replicas: replicas.optional(),
  cooldown: cooldown.optional(),
  scale_up_step: z.union([replicas, z.literal('auto')]).optional(),
  scale_down_step: replicas.optional(),
  time_windows: z.array(timeWindow).optional(),
});

const slo = z.strictObject({
  max_latency: z.number().positive(),
  rate: z.string().min(1).optional(),
  latency_query: z.string().min(1).optional(),
  replica_rps: z.number().positive().optional(),
  late_ratio: z.number().gt(0).lt(1).optional(),
  startup: z.number().positive().optional(),
  forecast: z.enum(['season', 'none']).optional(),
});

const document = z.strictObject({
  metrics: z.array(metric).min(1),
  scaling,
  time_windows: z.array(timeWindow).optional(),
  interval: z.number().min(0.1).optional(),
  stale_after: z.number().positive().optional(),
  mode: z.enum(['threshold', 'slo', 'cost-optimize']).optional(),
  slo: slo.optional(),
  price: z
    .strictObject({ per_replica_hour: z.number().min(0), currency: z.string().regex(/^[A-Z]{3}$/) })
    .optional(),
});

/** The shape of `config.yaml`: the article's keys, and the documented extensions. */
export const configDocument: z.ZodType<ConfigDocument> = document;

/** Every key by the kind of object it may stand in; the nearest one is offered for an unknown key. */
export const knownKeys: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(document.shape),
  metrics: Object.keys(metric.shape),
  scaling: Object.keys(scaling.shape),
  time_windows: Object.keys(timeWindow.shape),
  thresholds: ['up', 'down'],
  cooldown: ['up', 'down'],
  price: ['per_replica_hour', 'currency'],
  slo: Object.keys(slo.shape),
};
