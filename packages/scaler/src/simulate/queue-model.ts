import { sojournTail, waitProbability } from '../capacity/sojourn-tail.ts';

/** Seconds of one step of the model. */
export const STEP_SECONDS = 5;
/** A request that would wait longer than this is turned away, and counts as late. */
const LONGEST_WAIT_SECONDS = 10;
/** The stationary tail is read at this utilisation at most: beyond it, a step is too short to get there. */
const HIGHEST_STATIONARY = 0.98;

/** What one step of the queue did. */
interface QueueStep {
  /** Requests that arrived in the step and took, or would take, longer than the objective. */
  late: number;
  /** Mean share of the replicas that was busy, 0 to 1; 0 without replicas. */
  utilization: number;
  /** Mean requests in the service, waiting ones included. */
  inFlight: number;
}

/**
 * The simulator's queue: replicas that each serve one request at a time, exponentially distributed around a
 * mean service time, behind one shared queue, fed by a Poisson stream whose rate changes every 5 s.
 *
 * Within a step the share of late requests is the tail of the M/M/c sojourn time at the step's load. A load
 * above the capacity builds a backlog, as of a fluid, that is carried to the next steps; whoever arrives
 * behind it has that much less time left until late. A backlog is cut at 10 s of waiting; what is turned
 * away is late. Utilisation of the stationary part is capped at 98 %. `queue-model.test.ts` holds it
 * against a simulation event by event.
 *
 * Conservative for replicas that batch, whose rate rises with load; optimistic where each replica has a
 * queue of its own.
 */
export interface QueueModel {
  /** Advances one step. The answer is one object, overwritten by the next step. */
  step(requests: number, replicas: number): QueueStep;
}

export function createQueueModel(replicaRps: number, latencySeconds: number): QueueModel {
  const answer: QueueStep = { late: 0, utilization: 0, inFlight: 0 };
  let backlog = 0;
  return {
    step(requests, replicas) {
      const capacity = replicas * replicaRps * STEP_SECONDS;
      if (replicas <= 0) {
        // Nobody serves: all of it waits, and waits too long.
        Object.assign(answer, { late: requests, utilization: 0, inFlight: requests + backlog });
        backlog = 0;
        return answer;
      }
      const before = backlog;
      const after = Math.max(0, before + requests - capacity);
      const longest = replicas * replicaRps * LONGEST_WAIT_SECONDS;
      const dropped = Math.max(0, after - longest);
      backlog = after - dropped;
      const load = Math.min(requests / STEP_SECONDS / replicaRps, replicas * HIGHEST_STATIONARY);
      const admitted = Math.max(0, requests - dropped);
      let share = 0;
      if (before === 0 && backlog === 0) {
        share = sojournTail(replicas, load, latencySeconds * replicaRps);
      } else {
        // The wait behind the backlog moves through the step: four points of it.
        for (let quarter = 0; quarter < 4; quarter++) {
          const along = (quarter + 0.5) / 4;
          const queued = Math.max(0, before + (requests - capacity) * along);
          const wait = Math.min(queued / (replicas * replicaRps), LONGEST_WAIT_SECONDS);
          share += sojournTail(replicas, load, (latencySeconds - wait) * replicaRps) / 4;
        }
      }
      answer.late = Math.min(requests, dropped + admitted * share);
      answer.utilization = Math.min(1, (before + requests) / capacity);
      const waiting = (waitProbability(replicas, load) * load) / (replicas - load);
      answer.inFlight = Math.min(load + waiting, replicas * 2) + (before + backlog) / 2;
      return answer;
    },
  };
}
