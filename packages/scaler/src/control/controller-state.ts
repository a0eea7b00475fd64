import type { Locale } from '@tidewatch/core';
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
