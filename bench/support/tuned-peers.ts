import type { Trace } from '@tidewatch/scaler';
import {
  articlePolicy,
  awsPolicy,
  hpaPolicy,
  kedaPolicy,
  knativePolicy,
  rayServePolicy,
  type PolicyFactory,
} from '../../packages/scaler/src/simulate/baseline-policies.ts';
import { runPolicy } from '../../packages/scaler/src/simulate/run-policy.ts';
import { runStrictOracle, simulatedWorld } from '../../packages/scaler/src/simulate/simulated-world.ts';
import { objectivePolicy } from '../../packages/scaler/src/simulate/slo-policy.ts';

/** The cheapest peer of those that stay below a share of late requests, and ours at the same. */
export type TunedPeers = Readonly<
  Record<
    0.01 | 0.005,
    {
      /** × oracle P99.9, of `cost-optimize` told that share as `late_ratio`; `undefined`: later than that. */
      readonly ours: number | undefined;
      readonly peer: { readonly name: string; readonly vsOracle: number } | undefined;
    }
  >
>;

const targets = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];
const peers: readonly (readonly [string, PolicyFactory])[] = [
  ...targets.flatMap((target) =>
    [60, 300].flatMap((window): (readonly [string, PolicyFactory])[] => [
      [`HPA ${target}/${window} s`, hpaPolicy(target, window)],
      [`KEDA ${target}/${window} s`, kedaPolicy(target, window)],
    ]),
  ),
  ...targets.map((target) => [`KPA ${target}`, knativePolicy(target)] as const),
  ...targets.map((target) => [`Ray ${target}`, rayServePolicy(target)] as const),
  ...targets.map((target) => [`AWS ${target}`, awsPolicy(target)] as const),
  ...[0.5, 0.6, 0.7, 0.8, 0.9].map((up) => [`article ${up}`, articlePolicy(up, up / 5)] as const),
  ...[0.6, 0.7, 0.8, 0.9].map((up) => [`article ${up}, down ${up / 2}`, articlePolicy(up, up / 2)] as const),
];

/** Runs every peer at every setting over one trace. */
export function tunedPeers(trace: Trace, startupSeconds: number, peakReplicas: number): TunedPeers {
  const world = simulatedWorld({ trace, startupSeconds, peakReplicas });
  const oracle = runStrictOracle(world).replicaSeconds;
  const outcomes = peers.map(([name, factory]) => {
    const { replicaSeconds, lateRequests, requests } = runPolicy(world, factory(world));
    return { name, vsOracle: replicaSeconds / oracle, late: lateRequests / requests };
  });
  const at = (level: 0.01 | 0.005): TunedPeers[0.01] => {
    const { replicaSeconds, lateRequests, requests } = runPolicy(
      world,
      objectivePolicy('cost-optimize', { lateRatio: level })(world),
    );
    const [peer] = outcomes
      .filter(({ late }) => late <= level)
      .toSorted((one, other) => one.vsOracle - other.vsOracle);
    const ours = lateRequests / requests <= level ? replicaSeconds / oracle : undefined;
    return { ours, peer };
  };
  return { 0.01: at(0.01), 0.005: at(0.005) };
}
