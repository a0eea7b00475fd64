import type { CompressedDayOptions } from './compressed-day.ts';
import type { TrafficCounts } from './traffic-counts.ts';

/** What the traffic process needs to know: plain data, sent once. */
export interface TrafficConfig {
  /** Base of the service, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Of arrivals, choice of images and noise. @defaultValue 1 */
  readonly seed?: number;
  /** The seed with which the model's images were split: only images it has never seen are sent. @defaultValue 1 */
  readonly splitSeed?: number;
  readonly day: CompressedDayOptions;
  /** When the lens gets dirty, and how dirty; absent: never. Strength 1 is the demo's. */
  readonly trouble?: { readonly fromMs: number; readonly untilMs?: number; readonly strength: number };
  /** As in `TrafficOptions`, with the same defaults. */
  readonly labelShare?: number;
  readonly labelDelayMs?: number;
  readonly labelBatchMs?: number;
  readonly maxInFlight?: number;
  readonly timeoutMs?: number;
  readonly idPrefix?: string;
  /** Pause between two progress messages. @defaultValue 1_000 */
  readonly progressMs?: number;
}

/** How far the traffic is. */
export interface TrafficProgress {
  readonly elapsedMs: number;
  /** What the schedule asks for at this moment, requests per second. */
  readonly scheduledRps: number;
  /** Processor time that the traffic process used since it began to send. */
  readonly cpuSeconds: number;
  readonly counts: TrafficCounts;
}

/** From the parent to the traffic process. */
export type TrafficCommand =
  | { readonly type: 'start'; readonly config: TrafficConfig }
  | { readonly type: 'stop'; readonly deadlineMs: number };

/** From the traffic process to the parent. */
export type TrafficReport =
  | { readonly type: 'started' }
  | { readonly type: 'progress'; readonly progress: TrafficProgress }
  | { readonly type: 'done'; readonly progress: TrafficProgress }
  | { readonly type: 'failed'; readonly message: string };
