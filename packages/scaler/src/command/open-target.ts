import type { Clock, Logger } from '@tidewatch/core';
import { fileLease } from '../lease/file-lease.ts';
import type { Lease } from '../lease/hold-lease.ts';
import type { ScalableResource } from '../targets/kubernetes.ts';
import type { ScaleTarget } from '../targets/scale-target.ts';

/** What targets of the command line are made with. */
export interface OpenOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A target that the text names; `undefined`: it names none. Libraries are loaded for who asks for them. */
export async function openTarget(
  text: string,
  { env, clock, logger }: OpenOptions,
): Promise<ScaleTarget | undefined> {
  const [kind, rest = ''] = splitOnce(text, ':');
  switch (kind) {
    case 'kubernetes': {
      const workload = readWorkload(rest);
      if (workload === undefined) return undefined;
      const { kubernetesTarget } = await import('../targets/kubernetes.ts');
      return kubernetesTarget({ ...workload, clock, logger });
    }
    case 'keda': {
      const workload = readWorkload(rest);
      if (workload === undefined) return undefined;
      const { kubernetesTarget } = await import('../targets/kubernetes.ts');
      const { kedaTarget } = await import('../targets/keda.ts');
      return kedaTarget({ replicas: kubernetesTarget({ ...workload, clock, logger }), clock });
    }
    case 'docker': {
      const [group, image = ''] = splitOnce(rest, '=');
      if (!/^[a-zA-Z0-9][\w.-]+$/.test(group) || image === '') return undefined;
      const { dockerTarget } = await import('../targets/docker.ts');
      // Who restarts a container that ends: the Engine, and not a scaler that looks every 15 seconds.
      const container = { Image: image, HostConfig: { RestartPolicy: { Name: 'unless-stopped' } } };
      return dockerTarget({ group, container, clock, logger });
    }
    case 'webhook': {
      // From the environment: arguments can be read by every user of the machine.
      const { AUTOSCALER_WEBHOOK_URL: url, AUTOSCALER_WEBHOOK_SECRET: secret } = env;
      if (rest !== '' || url === undefined) return undefined;
      const { webhookTarget } = await import('../targets/webhook.ts');
      return webhookTarget({ url, clock, ...(secret === undefined ? {} : { secret }) });
    }
    default:
      return undefined;
  }
}

/** `kubernetes:NAMESPACE/NAME`, or a folder. `undefined`: neither. */
export async function openLease(text: string, options: OpenOptions): Promise<Lease | undefined> {
  const { clock } = options;
  // What the decisions say is news; that the lease is held is not.
  const logger = { ...options.logger, info: () => {} };
  const [kind, rest] = splitOnce(text, ':');
  if (kind !== 'kubernetes') return text === '' ? undefined : fileLease({ folder: text, clock, logger });
  const [namespace = '', name = '', ...more] = (rest ?? '').split('/');
  if (namespace === '' || name === '' || more.length > 0) return undefined;
  const { kubernetesLease } = await import('../targets/kubernetes.ts');
  return kubernetesLease({ namespace, name, clock, logger });
}

interface Workload {
  readonly namespace: string;
  readonly name: string;
  readonly kind: 'Deployment' | 'StatefulSet' | ScalableResource;
}

/** `NAMESPACE/NAME` of a Deployment, or `NAMESPACE/KIND/NAME`, where KIND may be `PLURAL.VERSION.GROUP`. */
function readWorkload(text: string): Workload | undefined {
  const parts = text.split('/');
  const [namespace = '', kindText = ''] = parts;
  const name = parts.at(-1) ?? '';
  if (parts.length < 2 || parts.length > 3 || parts.includes('')) return undefined;
  const kind = readKind(parts.length === 2 ? 'deployment' : kindText);
  return kind === undefined ? undefined : { namespace, name, kind };
}

function readKind(text: string): Workload['kind'] | undefined {
  if (/^deployments?$/i.test(text)) return 'Deployment';
  if (/^statefulsets?$/i.test(text)) return 'StatefulSet';
  const [plural, version, ...group] = text.split('.');
  if (plural === undefined || version === undefined || group.length === 0) return undefined;
  return { plural, version, group: group.join('.') };
}

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
