import {
  CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
  type KubeConfig,
  type V1Pod,
} from '@kubernetes/client-node';
import { answered } from './answered.ts';

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#pod-deletion-cost */
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
/** Below the 0 of all others: goes first. */
const IDLE_COST = '-100';

/** Marks the idle pods to go first, and takes the mark from those that have work again. */
export async function markIdlePods(
  kubeConfig: KubeConfig,
  namespace: string,
  pods: readonly V1Pod[],
  idle: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const api = kubeConfig.makeApiClient(CoreV1Api);
  for (const { metadata } of pods) {
    const { name } = metadata ?? {};
    if (name === undefined) continue;
    const isMarked = metadata?.annotations?.[DELETION_COST] === IDLE_COST;
    const isIdle = idle.includes(name);
    if (isMarked === isIdle) continue;
    const body = { metadata: { annotations: { [DELETION_COST]: isIdle ? IDLE_COST : null } } };
    const asMerge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
    await answered(api.patchNamespacedPod({ name, namespace, body }, asMerge), `the pod ${name}`, signal);
  }
}
