import { once } from 'node:events';
import { status } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kedaTarget, type KedaTarget } from '../../src/targets/keda.ts';
import type { ScaleTarget } from '../../src/targets/scale-target.ts';
import { simulatedTarget } from '../../src/targets/simulated.ts';
import { targetConformance } from '../../src/testing/target-conformance.ts';
import { kedaClient, type KedaClient } from './keda-client.ts';

const never = new AbortController().signal;

async function setUp(initialReplicas = 1) {
  const deployment = simulatedTarget({ initialReplicas });
  const target = kedaTarget({ replicas: deployment, port: 0, host: '127.0.0.1', pollMs: 5 });
  const client = kedaClient(await target.listening());
  return { deployment, target, client };
}

/** What KEDA and its HPA do: ask for the value, divide by the target, set the replicas. */
async function hpaLoop(client: KedaClient, deployment: ScaleTarget, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    try {
      const [spec] = await client.specs();
      const [value] = await client.metrics(`s0-${spec?.metricName}`);
      const wanted = Math.ceil((value?.metricValueFloat ?? NaN) / (spec?.targetSizeFloat ?? NaN));
      if (Number.isInteger(wanted)) await deployment.scaleTo(wanted, never);
    } catch {
      // An error changes nothing: it asks again.
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

targetConformance('keda', {
  it,
  create: async () => {
    const { deployment, target, client } = await setUp();
    let isOver = false;
    const hpa = hpaLoop(client, deployment, () => isOver);
    return {
      ...target,
      async close() {
        isOver = true;
        await hpa;
        client.close();
        await target.close();
      },
    };
  },
});

describe('the external scaler', () => {
  async function asked(initialReplicas = 1): Promise<{ target: KedaTarget; client: KedaClient }> {
    const { target, client } = await setUp(initialReplicas);
    onTestFinished(async () => {
      client.close();
      await target.close();
    });
    return { target, client };
  }

  it('fails before the first decision, so that KEDA changes nothing', async () => {
    const { client } = await asked(3);
    await expect(client.metrics('tidewatch-desired-replicas')).rejects.toMatchObject({
      code: status.UNAVAILABLE,
    });
    await expect(client.isActive()).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });

  it('tells the number that we want, as a float and as the older integer', async () => {
    const { target, client } = await asked();
    target.scaleTo(7, never).catch(() => {});
    await target.observe(never);
    const metricName = 'tidewatch-desired-replicas';
    expect(await client.specs()).toEqual([{ metricName, targetSize: '1', targetSizeFloat: 1 }]);
    expect(await client.metrics(metricName)).toEqual([{ metricName, metricValue: '7', metricValueFloat: 7 }]);
    expect(await client.isActive()).toBe(true);
  });

  it('knows no other metric', async () => {
    const { target, client } = await asked();
    await target.scaleTo(1, never);
    await expect(client.metrics('s0-other')).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  it('streams activity as it changes, and the present one at once', async () => {
    const { target, client } = await asked();
    await target.scaleTo(1, never);
    const stream = client.streamIsActive().on('error', () => {});
    const heard: boolean[] = [];
    stream.on('data', ({ result }: { result: boolean }) => heard.push(result));
    await once(stream, 'data');
    target.scaleTo(0, never).catch(() => {});
    await once(stream, 'data');
    target.scaleTo(4, never).catch(() => {});
    await once(stream, 'data');
    target.scaleTo(5, never).catch(() => {});
    await target.observe(never);
    expect(heard).toEqual([true, false, true]);
    stream.cancel();
  });

  it('counts what KEDA has not done yet as starting, and as draining', async () => {
    const { target } = await asked(3);
    target.scaleTo(5, never).catch(() => {});
    expect(await target.observe(never)).toMatchObject({ desired: 5, ready: 3, starting: 2 });
    target.scaleTo(1, never).catch(() => {});
    expect(await target.observe(never)).toMatchObject({ desired: 1, ready: 1, draining: 2 });
  });

  it('says that its port is taken', async () => {
    const { target } = await asked();
    const second = kedaTarget({
      replicas: simulatedTarget(),
      port: await target.listening(),
      host: '127.0.0.1',
    });
    await expect(second.listening()).rejects.toMatchObject({ name: 'TargetError', code: 'unreachable' });
    await second.close();
  });
});
