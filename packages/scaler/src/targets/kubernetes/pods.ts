import { CoreV1Api, type KubeConfig, type V1Pod } from '@kubernetes/client-node';
import type { ReplicaState } from '../scale-target.ts';
import { answered } from './answered.ts';

/** Pods, and the version of the list: what happens after it can be watched. */
export interface PodList {
  readonly pods: readonly V1Pod[];
  readonly selector: string;
  readonly resourceVersion: string;
}

export async function listPods(
  kubeConfig: KubeConfig,
  namespace: string,
  selector: string,
  signal: AbortSignal,
): Promise<PodList> {
  const request = kubeConfig
    .makeApiClient(CoreV1Api)
    .listNamespacedPod({ namespace, labelSelector: selector });
  const { items, metadata } = await answered(request, `the list of pods in ${namespace}`, signal);
  return { pods: items, selector, resourceVersion: metadata?.resourceVersion ?? '' };
}

/** Container states that say: this pod will not become ready by waiting. */
const LOOPING = new Set([
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
]);

/** Labels by which controllers tell the versions of a pod template apart. */
const REVISIONS = ['pod-template-hash', 'controller-revision-hash'];

/** Counts pods by what they are. Pods beyond the wanted number are on their way out, marked or not. */
export function countPods(pods: readonly V1Pod[], desired: number): ReplicaState {
  const alive = pods.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  const staying = alive.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  const allReady = staying.filter(isReady).length;
  const ready = Math.min(allReady, desired);
  const surplus = Math.max(0, staying.length - desired);
  const revisions = new Set(
    staying.flatMap(({ metadata }) => REVISIONS.flatMap((label) => metadata?.labels?.[label] ?? [])),
  );
  return {
    desired,
    ready,
    starting: desired - ready,
    draining: alive.length - staying.length + surplus,
    crashLooping: Math.min(desired - ready, staying.filter((pod) => !isReady(pod) && isLooping(pod)).length),
    updating: revisions.size > 1,
  };
}

function isReady({ status }: V1Pod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
}

function isLooping({ status }: V1Pod): boolean {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return containers.some(({ state }) => LOOPING.has(state?.waiting?.reason ?? ''));
}
