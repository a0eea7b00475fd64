import { createQueueModel, STEP_SECONDS } from './queue-model.ts';

/** The past as a policy may see it: means over a window that ended `ageSeconds` ago. Never the present step. */
export interface SimulatedMetrics {
  /** Arrivals in requests per second. */
  rate(windowSeconds: number, ageSeconds: number): number;
  /** Mean busy share of the ready replicas, 0 to 1. */
  utilization(windowSeconds: number, ageSeconds: number): number;
  /** Mean requests in the service, waiting ones included. */
  inFlight(windowSeconds: number, ageSeconds: number): number;
  /** Share of the window's requests that were late. */
  lateRatio(windowSeconds: number, ageSeconds: number): number;
}

/** What a policy is asked with. */
interface SimulatedTick {
  readonly timeSeconds: number;
  readonly desired: number;
  readonly ready: number;
  readonly starting: number;
  readonly metrics: SimulatedMetrics;
}

/** A policy under simulation; a new one for each run, because it remembers. */
export interface SimulatedPolicy {
  /** Seconds between decisions, a multiple of 5. */
  readonly intervalSeconds: number;
  /** Replicas wanted from now on; bounds are applied afterwards. */
  decide(tick: SimulatedTick): number;
}

/** The world of a run. */
export interface SimulatedWorld {
  /** Requests per second of each 5-s step. */
  readonly load: Float64Array;
  readonly replicaRps: number;
  readonly latencySeconds: number;
  readonly startupSeconds: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Ready at the first step, and not billed for a start. */
  readonly initialReplicas: number;
}

/** What a run came to. */
export interface RunOutcome {
  readonly replicaSeconds: number;
  readonly requests: number;
  readonly lateRequests: number;
  readonly minutes: number;
  /** Minutes with requests in which more than 1 % were late: P99 above the objective. */
  readonly badMinutes: number;
  /** Times that the wanted number changed, by however many replicas. */
  readonly changes: number;
}

const STEPS_PER_MINUTE = 60 / STEP_SECONDS;
/** P99: the share of late requests from which a minute is bad. */
const BAD_MINUTE_RATIO = 0.01;

/** Runs one policy over the load; linear in the steps. A start-up is billed from the decision, a stop is immediate. */
export function runPolicy(world: SimulatedWorld, policy: SimulatedPolicy): RunOutcome {
  const { load, startupSeconds, minReplicas, maxReplicas, initialReplicas } = world;
  const startupSteps = Math.ceil(startupSeconds / STEP_SECONDS);
  const every = Math.max(1, Math.round(policy.intervalSeconds / STEP_SECONDS));
  const ready = new Int32Array(load.length);
  const history = recordHistory(world);
  /** Replicas that become ready at a step, oldest first. */
  const starts: { at: number; count: number }[] = [];
  let firstStart = 0;
  let [serving, starting, changes, paidSteps] = [initialReplicas, 0, 0, 0];
  for (let step = 0; step < load.length; step++) {
    for (let next = starts[firstStart]; next !== undefined && next.at <= step; next = starts[firstStart]) {
      serving += next.count;
      starting -= next.count;
      firstStart++;
    }
    if (step % every === 0) {
      const desired = serving + starting;
      const asked = policy.decide({
        timeSeconds: step * STEP_SECONDS,
        desired,
        ready: serving,
        starting,
        metrics: history.metrics,
      });
      const wanted = Math.min(maxReplicas, Math.max(minReplicas, Math.round(asked)));
      if (wanted > desired) {
        if (startupSteps === 0) serving += wanted - desired;
        else {
          starts.push({ at: step + startupSteps, count: wanted - desired });
          starting += wanted - desired;
        }
        changes++;
      } else if (wanted < desired) {
        let surplus = desired - wanted;
        // The last to be started is the first to go: it has served nobody yet.
        while (surplus > 0 && starting > 0) {
          const last = starts.at(-1);
          if (last === undefined) break;
          const cut = Math.min(surplus, last.count);
          last.count -= cut;
          starting -= cut;
          surplus -= cut;
          if (last.count === 0) starts.pop();
        }
        serving -= surplus;
        changes++;
      }
    }
    ready[step] = serving;
    paidSteps += serving + starting;
    history.serve(step, serving);
  }
  return history.outcome(paidSteps * STEP_SECONDS, changes);
}

/** Runs replicas that were planned beforehand, such as the oracle's. */
export function runPlan(world: SimulatedWorld, ready: Int32Array, paid: Int32Array): RunOutcome {
  const history = recordHistory(world);
  let [paidSteps, changes] = [0, 0];
  for (let step = 0; step < ready.length; step++) {
    history.serve(step, ready[step] ?? 0);
    paidSteps += paid[step] ?? 0;
    if (step > 0 && ready[step] !== ready[step - 1]) changes++;
  }
  return history.outcome(paidSteps * STEP_SECONDS, changes);
}

interface History {
  readonly metrics: SimulatedMetrics;
  serve(step: number, replicas: number): void;
  outcome(replicaSeconds: number, changes: number): RunOutcome;
}

/** Serves step after step and keeps running sums, so that a mean over any window costs two look-ups. */
function recordHistory({ load, replicaRps, latencySeconds }: SimulatedWorld): History {
  const queue = createQueueModel(replicaRps, latencySeconds);
  const column = (): Float64Array => new Float64Array(load.length + 1);
  const [arrived, late, busy, inside] = [column(), column(), column(), column()];
  let served = 0;
  let [minuteLate, minuteRequests, minutes, badMinutes] = [0, 0, 0, 0];
  const sumOf = (
    sums: Float64Array,
    windowSeconds: number,
    ageSeconds: number,
  ): readonly [number, number] => {
    const to = Math.max(0, served - Math.floor(ageSeconds / STEP_SECONDS));
    const from = Math.max(0, to - Math.max(1, Math.round(windowSeconds / STEP_SECONDS)));
    return [(sums[to] ?? 0) - (sums[from] ?? 0), to - from];
  };
  const mean =
    (sums: Float64Array) =>
    (windowSeconds: number, ageSeconds: number): number => {
      const [sum, steps] = sumOf(sums, windowSeconds, ageSeconds);
      return steps === 0 ? Number.NaN : sum / steps;
    };
  const arrivals = mean(arrived);
  const closeMinute = (): void => {
    if (minuteRequests > 0) minutes++;
    if (minuteRequests > 0 && minuteLate > minuteRequests * BAD_MINUTE_RATIO) badMinutes++;
    [minuteLate, minuteRequests] = [0, 0];
  };
  return {
    metrics: {
      rate: (windowSeconds, ageSeconds) => arrivals(windowSeconds, ageSeconds) / STEP_SECONDS,
      utilization: mean(busy),
      inFlight: mean(inside),
      lateRatio: (windowSeconds, ageSeconds) => {
        const [requests] = sumOf(arrived, windowSeconds, ageSeconds);
        return requests > 0 ? sumOf(late, windowSeconds, ageSeconds)[0] / requests : 0;
      },
    },
    serve(step, replicas) {
      const requests = (load[step] ?? 0) * STEP_SECONDS;
      const done = queue.step(requests, replicas);
      arrived[step + 1] = (arrived[step] ?? 0) + requests;
      late[step + 1] = (late[step] ?? 0) + done.late;
      busy[step + 1] = (busy[step] ?? 0) + done.utilization;
      inside[step + 1] = (inside[step] ?? 0) + done.inFlight;
      served = step + 1;
      minuteLate += done.late;
      minuteRequests += requests;
      if (served % STEPS_PER_MINUTE === 0) closeMinute();
    },
    outcome(replicaSeconds, changes) {
      closeMinute();
      const requests = arrived[served] ?? 0;
      const lateRequests = late[served] ?? 0;
      return { replicaSeconds, requests, lateRequests, minutes, badMinutes, changes };
    },
  };
}
