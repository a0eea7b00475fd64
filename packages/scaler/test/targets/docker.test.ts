import assert from 'node:assert/strict';
import { expect, it, onTestFinished, vi } from 'vitest';
import { dockerTarget, type DockerTargetOptions } from '../../src/targets/docker.ts';
import { targetConformance } from '../../src/testing/target-conformance.ts';
import { dockerDouble, type DockerDouble } from './docker-double.ts';

const never = new AbortController().signal;

async function setUp(options: Partial<DockerTargetOptions> = {}) {
  const docker = await dockerDouble();
  const target = dockerTarget({
    group: 'classifier',
    container: { Image: 'classifier:1', Labels: { owner: 'somebody' } },
    socketPath: docker.socketPath,
    pollMs: 5,
    ...options,
  });
  return { docker, target };
}

async function running(options?: Partial<DockerTargetOptions>) {
  const { docker, target } = await setUp(options);
  onTestFinished(() => docker.close());
  return { docker, target };
}

targetConformance('docker', {
  it,
  create: async () => {
    const { docker, target } = await setUp();
    return {
      ...target,
      async close() {
        await target.close?.();
        await docker.close();
        assert.deepEqual(docker.faults, []);
      },
    };
  },
});

function states(docker: DockerDouble): string[] {
  return [...docker.containers.values()].map(({ Id, State }) => `${Id} ${State}`);
}

it('waits until new ones are healthy, and removes the newest', async () => {
  const { docker, target } = await running();
  docker.startMs = 40;
  const scaling = target.scaleTo(3, never);
  await vi.waitFor(async () => expect(await target.observe(never)).toMatchObject({ ready: 0, starting: 3 }));
  await scaling;
  expect(await target.observe(never)).toMatchObject({ desired: 3, ready: 3, starting: 0 });
  await target.scaleTo(1, never);
  expect(states(docker)).toEqual(['c1 running']);
  expect(docker.faults).toEqual([]);
  expect(docker.containers.get('c1')?.Labels).toEqual({ owner: 'somebody', 'tidewatch.group': 'classifier' });
});

it('adopts what runs, and leaves others alone', async () => {
  const { docker, target } = await running();
  await target.scaleTo(2, never);
  docker.containers.set('x', {
    Id: 'x',
    Created: 0,
    State: 'running',
    Status: 'Up 1 hour',
    Labels: { 'tidewatch.group': 'other' },
    Image: 'other',
  });
  const second = dockerTarget({
    group: 'classifier',
    container: { Image: 'classifier:1' },
    socketPath: docker.socketPath,
    pollMs: 5,
  });
  expect(await second.observe(never)).toMatchObject({ desired: 2, ready: 2 });
  await second.scaleTo(0, never);
  expect(states(docker)).toEqual(['x running']);
});

it('replaces one that has ended by itself', async () => {
  const { docker, target } = await running();
  await target.scaleTo(2, never);
  Object.assign(docker.containers.get('c1') ?? {}, { State: 'exited', Status: 'Exited (1) 2 seconds ago' });
  expect(await target.observe(never)).toMatchObject({ desired: 2, ready: 1, starting: 1, crashLooping: 1 });
  await target.scaleTo(2, never);
  expect(states(docker)).toEqual(['c2 running', 'c3 running']);
});

it('says that containers restart again and again', async () => {
  const { docker, target } = await running();
  docker.crashes = true;
  await expect(target.scaleTo(1, never)).rejects.toMatchObject({ name: 'TargetError', code: 'crash-loop' });
});

it('gives up one that does not serve yet before one that does', async () => {
  const { docker, target } = await running();
  docker.startMs = 60_000; // c1 never gets healthy
  target.scaleTo(1, never).catch(() => {});
  await vi.waitFor(() => expect(states(docker)).toEqual(['c1 running']));
  docker.startMs = 0;
  target.scaleTo(2, never).catch(() => {});
  await vi.waitFor(() => expect(states(docker)).toEqual(['c1 running', 'c2 running']));
  await target.scaleTo(1, never);
  expect(states(docker)).toEqual(['c2 running']);
});

it('counts one that is still stopping as on its way out', async () => {
  const { docker, target } = await running();
  await target.scaleTo(2, never);
  docker.stopMs = 200;
  const scaling = target.scaleTo(1, never);
  await vi.waitFor(async () =>
    expect(await target.observe(never)).toMatchObject({ desired: 1, ready: 1, draining: 1 }),
  );
  await scaling;
  expect(await target.observe(never)).toMatchObject({ draining: 0 });
});

it.for([
  [{ container: { Image: 'no-such:1' } }, 'not-found'],
  [{ socketPath: '/no/such/docker.sock' }, 'unreachable'],
] as const)('says of %o: %s', async ([options, code]) => {
  const { target } = await running(options);
  await expect(target.scaleTo(1, never)).rejects.toMatchObject({ name: 'TargetError', code });
});
