import { z } from 'zod';
import type { ControllerState, DecisionRecord } from '../control/controller-state.ts';
import type { FleetHealth } from './fleet-health.ts';
import { StateError } from './state-store.ts';

/** Something that learns, such as a forecast: its knowledge is kept with the state. */
export interface Learner {
  /** What it knows, as data that JSON can hold. */
  snapshot(): unknown;
  /** Takes up what an earlier process knew. What it cannot use it leaves alone, without throwing. */
  restore(knowledge: unknown): void;
}

/** What a state store keeps. Times are milliseconds since the Unix epoch. */
export interface AutoscalerMemory {
  readonly version: 1;
  readonly savedAtMs: number;
  readonly lastUpMs?: number | undefined;
  readonly lastDownMs?: number | undefined;
  /** The replicas asked for last: anything else was set by somebody else. */
  readonly askedFor?: number | undefined;
  readonly health?: FleetHealth | undefined;
  /** By the name of what has learned it. */
  readonly learned: Readonly<Record<string, unknown>>;
  /** The last decisions, oldest first, for `autoscaler explain`. */
  readonly decisions: readonly DecisionRecord[];
}

/** Decisions that are written with the state; the rest are in memory alone. */
const DECISIONS_KEPT = 100;

const timeMs = z.number().optional();
const shape = z.looseObject({
  version: z.literal(1),
  savedAtMs: z.number(),
  lastUpMs: timeMs,
  lastDownMs: timeMs,
  askedFor: z.int().min(0).optional(),
  health: z
    .looseObject({
      state: z.enum(['well', 'starting', 'failing']),
      stuckSinceMs: timeMs,
      ready: z.number(),
      desired: z.number(),
      failures: z.int().min(0),
      retryAtMs: timeMs,
    })
    .optional(),
  learned: z.record(z.string(), z.unknown()).default({}),
  decisions: z.array(z.looseObject({ timeMs: z.number() })).default([]),
});

/** A record never changes: it is turned into text once, not once a tick for as long as it is kept. */
const textOf = new WeakMap<DecisionRecord, string>();

export function writeMemory(
  state: ControllerState,
  learners: Readonly<Record<string, Learner>>,
  savedAtMs: number,
): string {
  const memory: Omit<AutoscalerMemory, 'decisions'> = {
    version: 1,
    savedAtMs,
    lastUpMs: state.lastUpMs,
    lastDownMs: state.lastDownMs,
    askedFor: state.askedFor,
    health: state.health,
    learned: Object.fromEntries(
      Object.entries(learners).map(([name, learner]) => [name, learner.snapshot()]),
    ),
  };
  const decisions = state.records.slice(-DECISIONS_KEPT).map((record) => {
    const text = textOf.get(record) ?? JSON.stringify(record);
    textOf.set(record, text);
    return text;
  });
  return `${JSON.stringify(memory).slice(0, -1)},"decisions":[${decisions.join(',')}]}`;
}

/**
 * Reads what {@link writeMemory} wrote.
 *
 * @throws {@link StateError} when it is not such a text, or of a later version.
 */
export function readMemory(text: string): AutoscalerMemory {
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch {
    throw new StateError('damaged', 'the state is not JSON');
  }
  const { success, data } = shape.safeParse(written);
  if (success) return data as unknown as AutoscalerMemory;
  const version = (written as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > 1) {
    throw new StateError('unknown-version', `the state was written by a later version (${version})`);
  }
  throw new StateError('damaged', 'the state is not that of an autoscaler');
}
