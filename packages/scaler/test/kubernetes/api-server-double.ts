import { KubeConfig } from '@kubernetes/client-node';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseAllDocuments } from 'yaml';

interface Meta {
  name: string;
  resourceVersion: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string | null>;
}
interface PodDouble {
  metadata: Meta;
  status: { phase: string; conditions: { type: string; status: string }[]; containerStatuses?: object[] };
}
export interface ApiServerDouble {
  [Symbol.asyncDispose](): Promise<void>;
  /** `GET /apis/…`, with ` (watch)` for a watch. */
  readonly requests: string[];
  /** Events before this version are forgotten, as etcd does when it compacts. */
  oldestVersion: number;
  startMs: number;
  drainMs: number;
  /** Reason that containers of new pods wait for. */
  crashing: string | undefined;
  /** Writes that come in between a read and the next write. */
  readonly interfering: (() => void)[];
  podTemplate: string;
  isDown: boolean;
  readonly pods: Map<string, PodDouble>;
  readonly leases: Map<string, Stored>;
  readonly scale: { readonly spec: { replicas: number }; resourceVersion: string };
  readonly kubeConfig: KubeConfig;
  setReplicas(replicas: number): void;
  /** Something else of the object changes, such as its status. */
  touch(): void;
  addPod(): PodDouble;
  dropWatches(): void;
}

interface Stored {
  metadata: { name: string; resourceVersion: string };
  [key: string]: unknown;
}

const TOKEN = 'obviously-not-a-secret';
const SELECTOR = 'app=classifier';

/**
 * An API server as far as we use it, over real HTTP: versions, conflicts, lists and watches that belong
 * together, 410 for a version that is too old, and the permissions of our own Role. What the real one would
 * refuse, this one does.
 */
export async function apiServerDouble(
  options: { plural?: string; group?: string; replicas?: number } = {},
): Promise<ApiServerDouble> {
  const { plural = 'deployments', group = 'apps', replicas: initialReplicas = 1 } = options;
  const rules = await rulesOf(new URL('../../../../deploy/kubernetes/autoscaler.yaml', import.meta.url));
  let version = 100;
  const next = (): string => String(++version);
  const pods = new Map<string, PodDouble>();
  const leases = new Map<string, Stored>();
  const watchers = new Set<ServerResponse>();
  const events: { version: number; line: string }[] = [];
  const scale = { spec: { replicas: initialReplicas }, resourceVersion: next() };
  const double: ApiServerDouble = {
    requests: [],
    oldestVersion: 0,
    startMs: 10,
    drainMs: 10,
    crashing: undefined,
    interfering: [],
    podTemplate: 'v1',
    isDown: false,
    pods,
    leases,
    scale,
    kubeConfig: new KubeConfig(),
    setReplicas(replicas) {
      scale.spec.replicas = replicas;
      scale.resourceVersion = next();
      reconcile();
    },
    touch() {
      scale.resourceVersion = next();
    },
    addPod,
    dropWatches() {
      for (const watcher of watchers) watcher.destroy();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  function emit(type: string, pod: PodDouble): void {
    pod.metadata.resourceVersion = next();
    const object = { apiVersion: 'v1', kind: 'Pod', ...pod };
    const line = `${JSON.stringify({ type, object })}\n`;
    events.push({ version, line });
    for (const watcher of watchers) watcher.write(line);
  }

  function addPod(): PodDouble {
    const name = `classifier-${next()}`;
    const pod: PodDouble = {
      metadata: {
        name,
        resourceVersion: '',
        labels: { app: 'classifier', 'pod-template-hash': double.podTemplate },
      },
      status: { phase: 'Pending', conditions: [{ type: 'Ready', status: 'False' }] },
    };
    pods.set(name, pod);
    emit('ADDED', pod);
    setTimeout(() => becomeReady(pod), double.startMs);
    return pod;
  }

  function becomeReady(pod: PodDouble): void {
    if (!pods.has(pod.metadata.name)) return;
    pod.status.phase = 'Running';
    if (double.crashing === undefined) pod.status.conditions = [{ type: 'Ready', status: 'True' }];
    else pod.status.containerStatuses = [{ name: 'c', state: { waiting: { reason: double.crashing } } }];
    emit('MODIFIED', pod);
  }

  function removePod(pod: PodDouble): void {
    pod.metadata.deletionTimestamp = new Date().toISOString();
    emit('MODIFIED', pod);
    setTimeout(() => {
      pods.delete(pod.metadata.name);
      emit('DELETED', pod);
    }, double.drainMs);
  }

  /** The ReplicaSet controller: cheapest first, then the newest. */
  function reconcile(): void {
    const staying = [...pods.values()].filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    for (let count = staying.length; count < scale.spec.replicas; count++) addPod();
    const cost = ({ metadata }: PodDouble): number =>
      Number(metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0);
    const cheapest = staying.toReversed().toSorted((a, b) => cost(a) - cost(b));
    for (const pod of cheapest.slice(0, Math.max(0, staying.length - scale.spec.replicas))) removePod(pod);
  }

  const scalePath = `/apis/${group}/v1/namespaces/default/${plural}/classifier/scale`;
  const podsPath = '/api/v1/namespaces/default/pods';
  const leasesPath = '/apis/coordination.k8s.io/v1/namespaces/default/leases';

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://double');
    const { pathname, searchParams } = url;
    const method = request.method ?? 'GET';
    double.requests.push(`${method} ${pathname}${searchParams.has('watch') ? ' (watch)' : ''}`);
    const say = (code: number, body: object): void => {
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const status = (code: number, reason: string): void =>
      say(code, {
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        code,
        reason,
        message: `double: ${reason}`,
      });
    if (double.isDown) {
      request.destroy();
      return;
    }
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return status(401, 'Unauthorized');
    const isWatch = searchParams.get('watch') === 'true';
    const permission = permissionOf(method, pathname, isWatch);
    if (!rules.has(permission) && group === 'apps') return status(403, `Forbidden: ${permission}`);
    const body = await bodyOf(request);

    if (pathname === scalePath && method === 'GET') return say(200, scaleBody());
    if (pathname === scalePath && method === 'PUT') {
      double.interfering.shift()?.();
      const { metadata, spec } = body as { metadata?: Partial<Meta>; spec?: { replicas?: number } };
      if (metadata?.name !== 'classifier') return status(422, 'Invalid: metadata.name');
      if (metadata.resourceVersion !== undefined && metadata.resourceVersion !== scale.resourceVersion) {
        return status(409, 'Conflict');
      }
      if (!Number.isInteger(spec?.replicas)) return status(422, 'Invalid: spec.replicas');
      double.setReplicas(spec?.replicas ?? 0);
      return say(200, scaleBody());
    }
    if (pathname === podsPath && method === 'GET') {
      if (searchParams.get('labelSelector') !== SELECTOR) return say(200, { items: [] });
      if (isWatch) return watch(Number(searchParams.get('resourceVersion')), response);
      return say(200, {
        kind: 'PodList',
        apiVersion: 'v1',
        metadata: { resourceVersion: String(version) },
        items: [...pods.values()],
      });
    }
    if (pathname.startsWith(`${podsPath}/`) && method === 'PATCH') {
      const pod = pods.get(pathname.slice(podsPath.length + 1));
      if (pod === undefined) return status(404, 'NotFound');
      if (request.headers['content-type'] !== 'application/merge-patch+json')
        return status(415, 'Unsupported');
      const { annotations = {} } = (body as { metadata: Meta }).metadata;
      pod.metadata.annotations = Object.fromEntries(
        Object.entries({ ...pod.metadata.annotations, ...annotations }).filter(([, value]) => value !== null),
      );
      emit('MODIFIED', pod);
      return say(200, pod);
    }
    if (pathname === leasesPath && method === 'POST') {
      const lease = body as Stored;
      if (leases.has(lease.metadata.name)) return status(409, 'AlreadyExists');
      return say(201, storeLease(lease));
    }
    if (pathname.startsWith(`${leasesPath}/`)) {
      const lease = leases.get(pathname.slice(leasesPath.length + 1));
      if (lease === undefined) return status(404, 'NotFound');
      if (method === 'GET') return say(200, lease);
      const put = body as Stored;
      if (put.metadata.resourceVersion !== lease.metadata.resourceVersion) return status(409, 'Conflict');
      return say(200, storeLease(put));
    }
    return status(404, 'NotFound');
  }

  function storeLease(lease: Stored): Stored {
    const stored = { ...lease, metadata: { ...lease.metadata, resourceVersion: next() } };
    leases.set(lease.metadata.name, stored);
    return stored;
  }

  function watch(from: number, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    if (from < double.oldestVersion) {
      // As the real one: the refusal is an event of a watch that was answered with 200.
      const object = { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired' };
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
      return;
    }
    response.flushHeaders();
    for (const event of events) if (event.version > from) response.write(event.line);
    watchers.add(response);
    response.once('close', () => watchers.delete(response));
  }

  function scaleBody(): object {
    const { replicas } = scale.spec;
    return {
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name: 'classifier', namespace: 'default', resourceVersion: scale.resourceVersion },
      // A zero is left out of the JSON, as the real one does.
      spec: replicas === 0 ? {} : { replicas },
      status: { replicas: pods.size, selector: SELECTOR },
    };
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  double.kubeConfig.loadFromOptions({
    clusters: [{ name: 'double', server: address, skipTLSVerify: true }],
    users: [{ name: 'autoscaler', token: TOKEN }],
    contexts: [{ name: 'double', cluster: 'double', user: 'autoscaler', namespace: 'default' }],
    currentContext: 'double',
  });
  reconcile();
  return double;
}

const VERBS: Readonly<Record<string, string>> = { GET: 'get', PUT: 'update', POST: 'create', PATCH: 'patch' };

/** `apps deployments/scale get` */
function permissionOf(method: string, path: string, isWatch: boolean): string {
  const [, root, ...rest] = path.split('/');
  const [group, , , , resource = '', name, sub] = root === 'api' ? ['', ...rest] : rest;
  const verb = isWatch ? 'watch' : method === 'GET' && name === undefined ? 'list' : VERBS[method];
  return `${group} ${resource}${sub === undefined ? '' : `/${sub}`} ${verb}`;
}

async function rulesOf(file: URL): Promise<Set<string>> {
  const documents = parseAllDocuments(await readFile(file, 'utf8')).map((document) => document.toJS());
  const role = documents.find(({ kind }) => kind === 'Role') as {
    rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
  };
  return new Set(
    role.rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${group} ${resource} ${verb}`)),
      ),
    ),
  );
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}
