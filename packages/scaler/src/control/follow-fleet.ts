import type { Clock, Logger } from '@tidewatch/core';
import { judgeHealth } from '../memory/fleet-health.ts';
import type { ReplicaState } from '../targets/scale-target.ts';
import type { DecisionTexts } from '../texts/decision-texts.ts';
import type { ControllerState } from './controller-state.ts';

export interface FollowFleetOptions {
  readonly state: ControllerState;
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly readyTimeoutMs: number;
  readonly dryRun: boolean;
  readonly texts: DecisionTexts;
  readonly logger: Logger;
}

/** What happens to the replicas, and to the clock, without our doing. */
export interface FleetFollower {
  /** Whether the wall clock was stepped by more than two ticks since the last call; remembered times move with it. */
  isClockStepped(): boolean;
  /** Notes a change from outside, and how the replicas come to life. */
  judge(replicas: ReplicaState, nowMs: number, isStepping: boolean): void;
  isFailing(nowMs: number): boolean;
}

/** A difference of the two clocks below this is no step, but how they were read. */
const NO_STEP_MS = 1000;

export function followFleet(options: FollowFleetOptions): FleetFollower {
  const { state, clock, intervalMs, readyTimeoutMs, dryRun, texts, logger } = options;
  let wallMinusMonotonicMs: number | undefined;

  function isClockStepped(): boolean {
    if (clock.monotonic === undefined) return false;
    const difference = clock.now() - clock.monotonic();
    const steppedMs = difference - (wallMinusMonotonicMs ?? difference);
    wallMinusMonotonicMs = difference;
    if (Math.abs(steppedMs) < NO_STEP_MS) return false;
    // Durations are those of the monotonic clock: a cooldown neither ends early nor lasts an hour longer.
    const moved = (timeMs: number | undefined): number | undefined =>
      timeMs === undefined ? undefined : timeMs + steppedMs;
    state.lastUpMs = moved(state.lastUpMs);
    state.lastDownMs = moved(state.lastDownMs);
    state.lastAccountedMs = moved(state.lastAccountedMs);
    const { stuckSinceMs, retryAtMs } = state.health;
    state.health = {
      ...state.health,
      ...(stuckSinceMs === undefined ? {} : { stuckSinceMs: stuckSinceMs + steppedMs }),
      ...(retryAtMs === undefined ? {} : { retryAtMs: retryAtMs + steppedMs }),
    };
    if (Math.abs(steppedMs) <= 2 * intervalMs) return false;
    logger.warn({ steppedMs }, texts.clockStepped(Math.round(steppedMs / 1000)));
    return true;
  }

  function judge(replicas: ReplicaState, nowMs: number, isStepping: boolean): void {
    const { desired } = replicas;
    const { askedFor } = state;
    if (!isStepping && askedFor !== undefined && desired !== askedFor) {
      logger.warn({ from: askedFor, to: desired }, texts.changedOutside(askedFor, desired));
      // As if it had been a step of ours: none goes down for one cooldown.
      if (desired > askedFor) state.lastUpMs = nowMs;
      else state.lastDownMs = nowMs;
    }
    // A dry run asks for nothing: all changes are from outside.
    if (!isStepping && !dryRun) state.askedFor = desired;
    const before = state.health.state;
    state.health = judgeHealth(state.health, replicas, nowMs, readyTimeoutMs);
    if (state.health.state === 'failing' && before !== 'failing') {
      logger.error(
        { replicas, failures: state.health.failures },
        'replicas that were added do not become ready',
      );
    }
  }

  return {
    isClockStepped,
    judge,
    isFailing: (nowMs) => state.health.retryAtMs !== undefined && nowMs < state.health.retryAtMs,
  };
}
