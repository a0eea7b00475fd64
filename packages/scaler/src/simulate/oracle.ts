import { replicasForLoad } from '../capacity/replicas-for-load.ts';
import { STEP_SECONDS } from './queue-model.ts';

/**
 * The cheapest replicas that keep the objective in every step, for one who knows the whole load beforehand.
 *
 * Exact: level k is needed where the load needs k replicas or more; the levels cost independently, and
 * between two needs it is cheaper to keep the k-th replica than to start it anew when the gap is no longer
 * than a start-up, because a start-up is paid for.
 *
 * @param load - Requests per second of each step.
 * @param levels - See `loadLevels`; its last index is the largest answer.
 * @returns Paid replicas of each step, starting ones included; those that serve are `ready`.
 */
export function oraclePlan(
  load: Float64Array,
  levels: Float64Array,
  startupSeconds: number,
  minReplicas = 1,
): { readonly ready: Int32Array; readonly paid: Int32Array } {
  const startupSteps = Math.round(startupSeconds / STEP_SECONDS);
  const maxReplicas = levels.length - 1;
  const ready = new Int32Array(load.length);
  const paid = new Int32Array(load.length);
  /** Last step that needed level k; -1: never yet. The first need of all is there from the start, unpaid. */
  const lastNeed = new Int32Array(maxReplicas + 1).fill(-1);
  const [first = 0] = load;
  const initial = Math.min(maxReplicas, Math.max(minReplicas, replicasForLoad(levels, first)));
  for (let k = 1; k <= initial; k++) lastNeed[k] = 0;
  for (let step = 0; step < load.length; step++) {
    const needed = Math.max(minReplicas, replicasForLoad(levels, load[step] ?? 0));
    const count = Math.min(maxReplicas, needed);
    ready[step] = (ready[step] ?? 0) + count;
    paid[step] = (paid[step] ?? 0) + count;
    for (let k = count; k >= 1; k--) {
      const last = lastNeed[k] ?? -1;
      lastNeed[k] = step;
      const gap = step - last - 1;
      if (last >= 0 && gap <= 0) continue;
      if (last >= 0 && gap <= startupSteps) {
        for (let at = last + 1; at < step; at++) {
          ready[at] = (ready[at] ?? 0) + 1;
          paid[at] = (paid[at] ?? 0) + 1;
        }
      } else {
        for (let at = Math.max(0, step - startupSteps); at < step; at++) paid[at] = (paid[at] ?? 0) + 1;
      }
    }
  }
  return { ready, paid };
}
