import { CoordinationV1Api, KubeConfig, V1MicroTime, type V1Lease } from '@kubernetes/client-node';
import { systemClock } from '@tidewatch/core';
import { holdLease, type Lease, type LeaseOptions } from '../../lease/hold-lease.ts';
import type { LeaseStore } from '../../lease/lease-record.ts';
import { TargetError } from '../target-error.ts';
import { answered } from './answered.ts';

export interface KubernetesLeaseOptions extends LeaseOptions {
  /** Where the Lease object lives. */
  readonly namespace: string;
  /** Of the Lease object; made when it is missing. */
  readonly name: string;
  /** How the API server is reached. @defaultValue the service account of the pod, or `KUBECONFIG` */
  readonly kubeConfig?: KubeConfig;
}

/** A lease among controllers of a cluster: a `Lease` of coordination.k8s.io/v1, as the cluster's own use it. */
export function kubernetesLease(options: KubernetesLeaseOptions): Lease {
  const { namespace, name, kubeConfig } = options;
  const config = kubeConfig ?? new KubeConfig();
  if (kubeConfig === undefined) config.loadFromDefault();
  const api = config.makeApiClient(CoordinationV1Api);
  const { clock = systemClock } = options;
  const what = `the lease ${namespace}/${name}`;
  /** As last read: what we do not know of is written back as it was. */
  let found: V1Lease | undefined;

  const store: LeaseStore = {
    async read(signal) {
      try {
        found = await answered(api.readNamespacedLease({ namespace, name }), what, signal);
      } catch (error) {
        if (!(error instanceof TargetError) || error.code !== 'not-found') throw error;
        found = undefined;
        return undefined;
      }
      const { spec = {}, metadata } = found;
      const version = metadata?.resourceVersion ?? '';
      return {
        version,
        record: {
          holder: spec.holderIdentity ?? '',
          term: spec.leaseTransitions ?? 0,
          // The version changes with every renewal, also with those of another program.
          renewals: 0,
          durationMs: (spec.leaseDurationSeconds ?? 15) * 1000,
        },
      };
    },

    async write({ holder, term, durationMs }, version, signal) {
      const now = new V1MicroTime(clock.now());
      const isNew = holder !== found?.spec?.holderIdentity;
      const body: V1Lease = {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: {
          ...(found?.metadata as object),
          name,
          ...(version === undefined ? {} : { resourceVersion: version }),
        },
        spec: {
          ...(found?.spec as object),
          holderIdentity: holder,
          leaseTransitions: term,
          leaseDurationSeconds: Math.ceil(durationMs / 1000),
          renewTime: now,
          ...(isNew ? { acquireTime: now } : {}),
        },
      };
      try {
        const request =
          version === undefined
            ? api.createNamespacedLease({ namespace, body })
            : api.replaceNamespacedLease({ namespace, name, body });
        await answered(request, what, signal);
        return true;
      } catch (error) {
        if (error instanceof TargetError && error.code === 'conflict') return false;
        throw error;
      }
    },
  };
  return holdLease(store, options);
}
