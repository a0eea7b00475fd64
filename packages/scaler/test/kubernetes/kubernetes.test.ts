import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  kubernetesLease,
  kubernetesTarget,
  type KubernetesTargetOptions,
} from '../../src/targets/kubernetes.ts';
import type { ScaleTarget } from '../../src/targets/scale-target.ts';
import { targetConformance } from '../../src/testing/target-conformance.ts';
import { apiServerDouble, type ApiServerDouble } from './api-server-double.ts';

const never = new AbortController().signal;

async function setUp(
  options: Parameters<typeof apiServerDouble>[0] = {},
  more: Partial<KubernetesTargetOptions> = {},
): Promise<{ server: ApiServerDouble; target: ScaleTarget }> {
  const server = await apiServerDouble(options);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { kubeConfig } = server;
  return {
    server,
    target: kubernetesTarget({ namespace: 'default', name: 'classifier', kubeConfig, ...more }),
  };
}

targetConformance('kubernetes', {
  it,
  create: async () => {
    const server = await apiServerDouble();
    const { kubeConfig } = server;
    const target = kubernetesTarget({ namespace: 'default', name: 'classifier', kubeConfig });
    return { ...target, close: () => server[Symbol.asyncDispose]() };
  },
});

describe('kubernetesTarget', () => {
  it.for([
    ['StatefulSet', { plural: 'statefulsets' }],
    [
      { group: 'serving.example.com', version: 'v1', plural: 'inferences' },
      { plural: 'inferences', group: 'serving.example.com' },
    ],
  ] as const)('scales a %o', async ([kind, options]) => {
    const { server, target } = await setUp(options, { kind });
    await target.scaleTo(3, never);
    expect(await target.observe(never)).toMatchObject({ desired: 3, ready: 3 });
    expect(server.requests.find((request) => request.startsWith('PUT'))).toContain(`/${options.plural}/`);
  });

  it('waits by watching: each look has a reason', async () => {
    const { server, target } = await setUp();
    server.startMs = 400;
    const begunAt = server.requests.length;
    await target.scaleTo(2, never);
    const requests = server.requests.slice(begunAt);
    expect(requests.filter((request) => request.endsWith('(watch)')).length).toBeGreaterThan(0);
    // Asking again and again would be dozens.
    expect(requests.filter((request) => request.endsWith('/pods')).length).toBeLessThan(6);
  });

  it('goes on when the watch is too old or is cut', async () => {
    const { server, target } = await setUp();
    server.startMs = 200;
    server.oldestVersion = Number.MAX_SAFE_INTEGER;
    const scaling = target.scaleTo(2, never);
    await vi.waitFor(() => expect(server.requests.some((request) => request.endsWith('(watch)'))).toBe(true));
    server.oldestVersion = 0;
    await vi.waitFor(() => expect(server.requests.at(-1)).toMatch(/watch/));
    server.dropWatches();
    await scaling;
    expect(await target.observe(never)).toMatchObject({ ready: 2 });
  });

  it('reads again when something else of the object was written, and gives way when the number was', async () => {
    const { server, target } = await setUp();
    server.interfering.push(() => server.touch());
    await target.scaleTo(2, never);
    expect(server.scale.spec.replicas).toBe(2);

    server.interfering.push(() => server.setReplicas(5));
    await expect(target.scaleTo(3, never)).rejects.toMatchObject({ code: 'conflict' });
    expect(server.scale.spec.replicas).toBe(5);
  });

  it('tells starting, crashing, leaving and replaced pods apart', async () => {
    const { server, target } = await setUp();
    await vi.waitFor(async () => expect(await target.observe(never)).toMatchObject({ ready: 1 }));
    server.crashing = 'CrashLoopBackOff';
    await expect(target.scaleTo(2, never)).rejects.toMatchObject({ code: 'crash-loop' });
    expect(await target.observe(never)).toMatchObject({ ready: 1, starting: 1, crashLooping: 1 });
    server.crashing = undefined;
    server.drainMs = 60_000;
    server.setReplicas(1);
    expect(await target.observe(never)).toMatchObject({ desired: 1, ready: 1, starting: 0, draining: 1 });
    server.podTemplate = 'v2';
    server.addPod();
    expect(await target.observe(never)).toMatchObject({ desired: 1, updating: true });
  });

  it('lets idle pods go first, and takes the mark away from those that are busy again', async () => {
    let idle: readonly string[] = [];
    const { server, target } = await setUp({ replicas: 3 }, { idlePods: async () => idle });
    await vi.waitFor(async () => expect(await target.observe(never)).toMatchObject({ ready: 3 }));
    const [oldest = '', second = '', newest = ''] = [...server.pods.keys()];
    idle = [oldest];
    await target.scaleTo(2, never);
    expect([...server.pods.keys()]).toEqual([second, newest]); // without the mark, the newest would have gone
    const pod = server.pods.get(second);
    if (pod) pod.metadata.annotations = { 'controller.kubernetes.io/pod-deletion-cost': '-100' };
    await target.observe(never);
    idle = [newest];
    await target.scaleTo(1, never);
    expect([...server.pods.keys()]).toEqual([second]);
  });

  it('scales down also when the pods cannot be marked', async () => {
    const { server, target } = await setUp(
      { replicas: 2 },
      { idlePods: async () => Promise.reject(new Error('no metrics')) },
    );
    await target.scaleTo(1, never);
    expect(server.scale.spec.replicas).toBe(1);
  });

  it('takes a number that is left out for zero, as the API server means it', async () => {
    const { target } = await setUp({ replicas: 0 });
    expect(await target.observe(never)).toMatchObject({ desired: 0, ready: 0, starting: 0 });
  });

  it('needs no permission beyond the Role in deploy/', async () => {
    const { server, target } = await setUp();
    await target.scaleTo(2, never);
    expect(server.requests.length).toBeGreaterThan(3); // each was held against the Role
  });

  it.for([
    ['no-such', 'not-found', 'does not exist'],
    ['classifier', 'unreachable', 'cannot be reached'],
  ] as const)('says of %s: %s, and nothing secret', async ([name, code, text]) => {
    const { server, target } = await setUp({}, { name });
    if (code === 'unreachable') server.isDown = true;
    const error: unknown = await target.observe(never).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'TargetError', code, message: expect.stringContaining(text) });
    expect(JSON.stringify(error) + (error as Error).message).not.toMatch(/secret|127\.0\.0\.1/);
  });
});

describe('kubernetesLease', () => {
  it('is held by one of two, and is a Lease like those of the cluster', async () => {
    const server = await apiServerDouble();
    onTestFinished(() => server[Symbol.asyncDispose]());
    const { kubeConfig } = server;
    const lease = (identity: string) => {
      const made = kubernetesLease({
        namespace: 'default',
        name: 'classifier-autoscaler',
        kubeConfig,
        identity,
        durationMs: 1000,
      });
      onTestFinished(() => made.close());
      return made;
    };
    const a = lease('a');
    expect(await a.settled(never)).toBe(true);
    const b = lease('b');
    expect(await b.settled(never)).toBe(false);
    expect(server.leases.get('classifier-autoscaler')).toMatchObject({
      kind: 'Lease',
      spec: {
        holderIdentity: 'a',
        leaseTransitions: 1,
        leaseDurationSeconds: 1,
        renewTime: expect.any(String),
      },
    });
    await a.close();
    await vi.waitFor(() => expect(b.isHeld()).toBe(true), 5000);
    expect(server.leases.get('classifier-autoscaler')).toMatchObject({
      spec: { holderIdentity: 'b', leaseTransitions: 2 },
    });
    server.isDown = true;
    await vi.waitFor(() => expect(b.isHeld()).toBe(false), 5000);
    server.isDown = false;
  });

  it('goes to one of two that ask for it at the same time', async () => {
    const server = await apiServerDouble();
    onTestFinished(() => server[Symbol.asyncDispose]());
    const { kubeConfig } = server;
    const held = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (identity) => {
        const lease = kubernetesLease({ namespace: 'default', name: 'l', kubeConfig, identity });
        onTestFinished(() => lease.close());
        return lease.settled(never);
      }),
    );
    expect(held.filter(Boolean)).toHaveLength(1);
  });
});

it('the command scales a Deployment, under a Lease that it gives back', async () => {
  const server = await apiServerDouble();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const folder = await mkdtemp(join(tmpdir(), 'autoscaler-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  const prometheus = createServer((_, response) => {
    const result = [{ metric: {}, value: [Date.now() / 1000, '132'] }];
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  }).listen(0, '127.0.0.1');
  onTestFinished(async () => {
    prometheus.closeAllConnections();
    prometheus.close();
  });
  await once(prometheus, 'listening');
  const endpoint = `http://127.0.0.1:${(prometheus.address() as AddressInfo).port}/api/v1/query`;
  await writeFile(
    join(folder, 'config.yaml'),
    `metrics: [{ name: qps, endpoint: '${endpoint}', query: q, per: replica, scale_up_threshold: 100, scale_down_threshold: 30 }]
scaling: { max_replicas: 10 }
`,
  );
  await writeFile(join(folder, 'kubeconfig'), server.kubeConfig.exportConfig());

  const command = fileURLToPath(new URL('../../src/autoscaler.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--conditions=@tidewatch/source',
      '--disable-warning=ExperimentalWarning',
      command,
      '--config',
      join(folder, 'config.yaml'),
      '--once',
      '--target=kubernetes:default/classifier',
      '--lease=kubernetes:default/autoscaler',
    ],
    { env: { ...process.env, KUBECONFIG: join(folder, 'kubeconfig'), LANG: 'zh_CN.UTF-8', LC_ALL: '' } },
  );
  expect(stdout.trim().split('\n')).toEqual([
    '[Autoscaler] 检测到QPS=132 > 阈值100,触发扩容',
    '[Autoscaler] 当前实例数:1 → 新增2个实例',
    '[Autoscaler] 扩容完成,当前实例数:3',
  ]);
  expect(server.scale.spec.replicas).toBe(3);
  expect(server.leases.get('autoscaler')).toMatchObject({
    spec: { holderIdentity: '', leaseTransitions: 1 },
  });
});
