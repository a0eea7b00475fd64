import type { Locale } from '@tidewatch/core';
import { wellFleet, type FleetHealth } from '../memory/fleet-health.ts';
import type { Alternative } from '../policy/alternatives.ts';
import type { Decision } from '../policy/decision.ts';
import type { ReplicaState } from '../targets/scale-target.ts';

/** One decision as plain data: kept, shown on pages and printed as a line of JSON. */
export type DecisionRecord = Decision & {
  /** When it was taken, in milliseconds since the Unix epoch. */
  readonly timeMs: number;
  /** The replicas it was taken on. */
  readonly replicas: ReplicaState;
  /** Whether the target was told to change. */
  readonly applied: boolean;
  /** The replicas that each metric alone would lead to, cooldowns aside. Absent for one that is not known. */
  readonly asks: Readonly<Record<string, number>>;
  /** What was expected of the rate at the end of the horizon, by the name of who expected it. Absent: nothing. */
  readonly forecasts?: Readonly<Record<string, number>>;
  /** What would have been decided otherwise. */
  readonly otherwise: readonly Alternative[];
  /** The decision in words. */
  readonly sentence: Readonly<Record<Locale, string>>;
};

/** What the controller remembers between ticks. */
export interface ControllerState {
  replicas: ReplicaState | undefined;
  lastRecord: DecisionRecord | undefined;
  /** Newest last. */
  records: DecisionRecord[];
  lastUpMs: number | undefined;
  lastDownMs: number | undefined;
  /** The replicas asked for last. Undefined: unknown, so that whatever is found is taken as it is. */
  askedFor: number | undefined;
  health: FleetHealth;
  lastError:
    | { readonly timeMs: number; readonly stage: 'observe' | 'scale'; readonly message: string }
    | undefined;
  decisionCounts: Map<string, number>;
  failureCounts: { observe: number; scale: number };
  /** Replicas × milliseconds since the first observation. */
  replicaMs: number;
  /** The same with the maximum of replicas. */
  maximumMs: number;
  lastAccountedMs: number | undefined;
}

export function initialState(): ControllerState {
  return {
    replicas: undefined,
    lastRecord: undefined,
    records: [],
    lastUpMs: undefined,
    lastDownMs: undefined,
    askedFor: undefined,
    health: wellFleet,
    lastError: undefined,
    decisionCounts: new Map(),
    failureCounts: { observe: 0, scale: 0 },
    replicaMs: 0,
    maximumMs: 0,
    lastAccountedMs: undefined,
  };
}

/** Adds the time since the last observation to the account, at what was observed then. */
export function account(state: ControllerState, nowMs: number, maxReplicas: number): void {
  const { replicas, lastAccountedMs = nowMs } = state;
  // A clock that was set back adds nothing.
  const elapsedMs = Math.max(0, nowMs - lastAccountedMs);
  if (replicas !== undefined) {
    state.replicaMs += elapsedMs * (replicas.ready + replicas.starting + replicas.draining);
    state.maximumMs += elapsedMs * maxReplicas;
  }
  state.lastAccountedMs = nowMs;
}
