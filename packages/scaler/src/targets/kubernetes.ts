import { CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { guardedLogger, silentLogger, systemClock, type Clock, type Logger } from '@tidewatch/core';
import { markIdlePods } from './kubernetes/deletion-cost.ts';
import { countPods, listPods, type PodList } from './kubernetes/pods.ts';
import { answered } from './kubernetes/answered.ts';
import { nextPodEvent } from './kubernetes/watch-pods.ts';
import type { ReplicaState, ScaleTarget } from './scale-target.ts';
import { settlingTarget } from './settling-target.ts';
import { TargetError } from './target-error.ts';

export { kubernetesLease, type KubernetesLeaseOptions } from './kubernetes/kubernetes-lease.ts';
export type { Lease, LeaseOptions } from '../lease/hold-lease.ts';
export { TargetError } from './target-error.ts';
export type { ReplicaState, ScaleTarget } from './scale-target.ts';

/** A resource with a `scale` subresource. */
export interface ScalableResource {
  /** Such as `apps`. */
  readonly group: string;
  /** Such as `v1`. */
  readonly version: string;
  /** Such as `deployments`. */
  readonly plural: string;
}

export interface KubernetesTargetOptions {
  /** Where it lives. */
  readonly namespace: string;
  /** Of the Deployment, StatefulSet or custom resource. */
  readonly name: string;
  /** What is scaled; a custom resource needs its subresource `scale`. @defaultValue 'Deployment' */
  readonly kind?: 'Deployment' | 'StatefulSet' | ScalableResource;
  /** How the API server is reached. @defaultValue the service account of the pod, or `KUBECONFIG` */
  readonly kubeConfig?: KubeConfig;
  /**
   * Which of the pods have nothing to do: they are marked to go first. Of use for Deployments; a StatefulSet
   * always gives up its last pod.
   */
  readonly idlePods?: (podNames: readonly string[], signal: AbortSignal) => Promise<readonly string[]>;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

interface Scale {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number; readonly selector?: string };
}

/** Attempts to write when others write at the same time. */
const ATTEMPTS = 5;
/** Look again after this long, also when no event has come. */
const LONGEST_PAUSE_MS = 10_000;
const SHORTEST_PAUSE_MS = 100;

/**
 * A Deployment, a StatefulSet, or any custom resource with a `scale` subresource. Its pods are counted by what
 * they are: ready, not yet, or on their way out.
 *
 * The permissions it needs are in `deploy/kubernetes/autoscaler.yaml`.
 */
export function kubernetesTarget(options: KubernetesTargetOptions): ScaleTarget {
  const { namespace, name, kind = 'Deployment', idlePods, clock = systemClock } = options;
  const logger = guardedLogger(options.logger ?? silentLogger);
  const kubeConfig = options.kubeConfig ?? defaultConfig();
  const scales = kubeConfig.makeApiClient(CustomObjectsApi);
  const resource = { ...resourceOf(kind), namespace, name };
  const what = `the scale of ${resource.plural} ${namespace}/${name}`;
  /** What was counted last: where to watch from. */
  let counted: PodList | undefined;

  async function readScale(signal: AbortSignal): Promise<Scale> {
    return (await answered(scales.getNamespacedCustomObjectScale(resource), what, signal)) as Scale;
  }

  async function observe(signal: AbortSignal): Promise<ReplicaState> {
    const scale = await readScale(signal);
    const selector = scale.status?.selector;
    if (selector === undefined || selector === '') {
      throw new TargetError(
        'bad-answer',
        `kubernetes: ${what} names no pods; its CRD needs labelSelectorPath under subresources.scale`,
      );
    }
    counted = await listPods(kubeConfig, namespace, selector, signal);
    return countPods(counted.pods, desiredOf(scale));
  }

  /** Puts the number, unless somebody else changes it at the same time: two who decide are one too many. */
  async function change(replicas: number, signal: AbortSignal): Promise<void> {
    let before: number | undefined;
    for (let attempt = 1; ; attempt++) {
      const scale = await readScale(signal);
      const found = desiredOf(scale);
      if (found === replicas) return;
      if (before !== undefined && found !== before) {
        throw new TargetError('conflict', `kubernetes: ${what} was changed to ${found} by somebody else`);
      }
      before = found;
      if (replicas < found && kind === 'Deployment') await preferIdle(signal);
      const body = { ...scale, spec: { ...scale.spec, replicas } };
      try {
        await answered(scales.replaceNamespacedCustomObjectScale({ ...resource, body }), what, signal);
        return;
      } catch (error) {
        const isConflict = error instanceof TargetError && error.code === 'conflict';
        if (!isConflict || attempt === ATTEMPTS) throw error;
        logger.debug({ attempt }, 'kubernetes: the scale was written by somebody else; reading it again');
      }
    }
  }

  /** A wish, no condition: without the permission, Kubernetes chooses by itself. */
  async function preferIdle(signal: AbortSignal): Promise<void> {
    if (idlePods === undefined) return;
    try {
      const { pods } = counted ?? { pods: [] };
      const names = pods.flatMap(({ metadata }) => metadata?.name ?? []);
      await markIdlePods(kubeConfig, namespace, pods, await idlePods(names, signal), signal);
    } catch (error) {
      signal.throwIfAborted();
      logger.warn({ error }, 'kubernetes: idle pods could not be marked to go first');
    }
  }

  async function untilSomethingHappens(signal: AbortSignal): Promise<void> {
    const long = new AbortController();
    const until = AbortSignal.any([signal, long.signal]);
    try {
      const event = counted === undefined ? undefined : nextPodEvent(kubeConfig, namespace, counted, until);
      await Promise.race([event ?? clock.sleep(1000, until), clock.sleep(LONGEST_PAUSE_MS, until)]);
    } finally {
      long.abort(new Error('looked again'));
    }
    // A burst of events is one reason to look.
    await clock.sleep(SHORTEST_PAUSE_MS, signal);
  }

  return settlingTarget({ name: 'kubernetes', observe, change, pause: untilSomethingHappens });
}

function desiredOf(scale: Scale): number {
  // Zero replicas are left out of the JSON by the API server.
  return scale.spec?.replicas ?? 0;
}

function resourceOf(kind: NonNullable<KubernetesTargetOptions['kind']>): ScalableResource {
  if (typeof kind === 'object') return kind;
  return { group: 'apps', version: 'v1', plural: kind === 'StatefulSet' ? 'statefulsets' : 'deployments' };
}

function defaultConfig(): KubeConfig {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromDefault();
  return kubeConfig;
}
