import { createArticleRule } from '../baselines/article-rule.ts';
import { createAwsTargetTracking } from '../baselines/aws-target-tracking.ts';
import { createHpaBehavior, hpaAverageValueReplicas, hpaUtilizationReplicas } from '../baselines/hpa.ts';
import { kedaMetricValue } from '../baselines/keda.ts';
import { createKnativeAutoscaler } from '../baselines/knative.ts';
import { createRayServeAutoscaler } from '../baselines/ray-serve.ts';
import type { SimulatedPolicy, SimulatedWorld } from './run-policy.ts';

/** Makes a policy for a run. */
export type PolicyFactory = (world: SimulatedWorld) => SimulatedPolicy;

/** Seconds over which a Prometheus rate is taken, and its age when it is read: a scrape and an evaluation. */
const RATE_WINDOW = 60;
const SCRAPED_AGE = 15;

/** HPA on the mean utilisation of the replicas, every 15 s. */
export function hpaPolicy(target: number, stabilizationSeconds = 300): PolicyFactory {
  return ({ minReplicas, maxReplicas }) => {
    const behavior = createHpaBehavior({
      target,
      minReplicas,
      maxReplicas,
      downscaleStabilizationSeconds: stabilizationSeconds,
    });
    return {
      intervalSeconds: 15,
      decide({ timeSeconds, desired, ready, starting, metrics }) {
        const value = metrics.utilization(RATE_WINDOW, SCRAPED_AGE);
        const pods = { spec: desired, ready, unready: starting };
        return behavior.next(timeSeconds, desired, hpaUtilizationReplicas(pods, value, target));
      },
    };
  };
}

/** KEDA's Prometheus trigger on requests per second, through the HPA that it makes. */
export function kedaPolicy(targetUtilization: number, stabilizationSeconds = 300): PolicyFactory {
  return ({ minReplicas, maxReplicas, replicaRps }) => {
    const target = targetUtilization * replicaRps;
    const behavior = createHpaBehavior({
      target,
      minReplicas,
      maxReplicas,
      downscaleStabilizationSeconds: stabilizationSeconds,
    });
    return {
      intervalSeconds: 15,
      decide({ timeSeconds, desired, metrics }) {
        const value = metrics.rate(RATE_WINDOW, SCRAPED_AGE);
        // At the very start there is no past yet; that is no empty answer.
        const total = Number.isNaN(value) ? undefined : kedaMetricValue({ value });
        const wanted = total === undefined ? desired : hpaAverageValueReplicas(desired, total, target);
        return behavior.next(timeSeconds, desired, wanted);
      },
    };
  };
}

/** Knative on the concurrency of replicas that serve one request at a time. Its tick of 2 s is a step of 5 s here. */
export function knativePolicy(targetUtilization = 0.7): PolicyFactory {
  return () => {
    const autoscaler = createKnativeAutoscaler({ containerConcurrency: 1, targetUtilization });
    return {
      intervalSeconds: 5,
      decide: ({ timeSeconds, ready, metrics }) =>
        autoscaler.next(timeSeconds, ready, metrics.inFlight(60, 0), metrics.inFlight(5, 0)),
    };
  };
}

/** Ray Serve on ongoing requests. Its loop of 0.1 s is a step of 5 s here; the delays are in seconds. */
export function rayServePolicy(targetOngoingRequests = 2): PolicyFactory {
  return ({ minReplicas, maxReplicas }) => {
    const autoscaler = createRayServeAutoscaler({
      targetOngoingRequests,
      minReplicas,
      maxReplicas,
      loopSeconds: 5,
    });
    return {
      intervalSeconds: 5,
      decide: ({ desired, metrics }) => autoscaler.next(desired, metrics.inFlight(30, 0)),
    };
  };
}

/** AWS target tracking on utilisation: one-minute values, a minute old. */
export function awsPolicy(target: number): PolicyFactory {
  return () => {
    const tracking = createAwsTargetTracking({ target });
    return {
      intervalSeconds: 60,
      decide({ timeSeconds, desired, ready, metrics }) {
        const metric = metrics.utilization(60, 60);
        return tracking.next(timeSeconds, desired, Number.isNaN(metric) ? undefined : metric, ready);
      },
    };
  };
}

/** The article's rule on requests per second per replica, at its own ratio of thresholds. */
export function articlePolicy(upUtilization = 0.8, downUtilization = 0.16): PolicyFactory {
  return ({ replicaRps }) => {
    const rule = createArticleRule({ up: upUtilization * replicaRps, down: downUtilization * replicaRps });
    return {
      intervalSeconds: 15,
      decide({ timeSeconds, desired, ready, metrics }) {
        const rate = metrics.rate(RATE_WINDOW, SCRAPED_AGE);
        return rule.next(timeSeconds, desired, [rate / Math.max(1, ready)]);
      },
    };
  };
}
