import { loadLevels, replicasForLoad } from '../../packages/scaler/src/capacity/replicas-for-load.ts';
import {
  runPlan,
  type RunOutcome,
  type SimulatedWorld,
} from '../../packages/scaler/src/simulate/run-policy.ts';
import { P99 } from '../../packages/scaler/src/simulate/simulated-world.ts';

const STEP_SECONDS = 5;
const FINER = 1.04;
const MOST_ROOM = 4;

/** The least room above the present load with which one who does not know the future keeps the objective. */
export interface Reach {
  /** Of the present load: 1.2 is a fifth more. */
  readonly room: number;
  readonly outcome: RunOutcome;
}

/**
 * What an oracle without foresight needs: it sees the load of this very moment, orders the oracle's replicas for it with
 * one fixed share of room, chosen in hindsight for the trace, and waits for the start-up like everybody.
 *
 * Whoever is cheaper at the same lateness knew the room to hold by the hour; where this one is dearer than a bar, the
 * ramps of the trace are longer than the bar's room and shorter than the start-up.
 *
 * @returns `undefined` when four times the load is not enough.
 */
export function reachOf(world: SimulatedWorld, isKept: (outcome: RunOutcome) => boolean): Reach | undefined {
  const { replicaRps, latencySeconds, minReplicas, maxReplicas, startupSeconds, load } = world;
  const levels = loadLevels(maxReplicas, { replicaRps, latencySeconds, lateRatio: P99 });
  const startup = Math.ceil(startupSeconds / STEP_SECONDS);
  for (let room = 1; room <= MOST_ROOM; room *= FINER) {
    const wanted = Int32Array.from(load, (rate) =>
      Math.min(maxReplicas, Math.max(minReplicas, replicasForLoad(levels, rate * room))),
    );
    // What was wanted within a start-up is kept, as the oracle keeps it; what is new serves a start-up later.
    const paid = overLast(wanted, startup, Math.max);
    const outcome = runPlan(world, overLast(paid, startup, Math.min), paid);
    if (isKept(outcome)) return { room, outcome };
  }
  return undefined;
}

function overLast(
  values: Int32Array,
  steps: number,
  pick: (one: number, other: number) => number,
): Int32Array {
  return values.map((value, at) => {
    let picked = value;
    for (let step = Math.max(0, at - steps); step < at; step++) picked = pick(picked, values[step] ?? picked);
    return picked;
  });
}
