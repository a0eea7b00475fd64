import { expect, it } from 'vitest';
import { createGpmSampler } from './gpm-sampler.ts';
import { bindNvml, type NvmlCalls } from './nvml-calls.ts';

/** A driver whose samples are numbered; it notes which are alive and which pairs were compared. */
function setUp(overrides: Partial<NvmlCalls> = {}) {
  const alive = new Set<bigint>();
  const compared: [bigint, bigint][] = [];
  let next = 100n;
  let nowMs = 0;
  const calls: NvmlCalls = {
    ...bindNvml({ find: () => undefined, unload: () => {} }),
    nvmlGpmQueryDeviceSupport(_device, support) {
      support.writeUInt32LE(1, 4);
      return 0;
    },
    nvmlGpmSampleAlloc(pointer) {
      alive.add(++next);
      pointer.writeBigUInt64LE(next);
      return 0;
    },
    nvmlGpmSampleFree: (sample) => (alive.delete(sample) ? 0 : 2),
    nvmlGpmSampleGet: () => 0,
    nvmlGpmMetricsGet(request) {
      compared.push([request.readBigUInt64LE(8), request.readBigUInt64LE(16)]);
      request.writeDoubleLE(50, 24 + 8);
      return 0;
    },
    ...overrides,
  };
  const sampler = createGpmSampler(calls, () => nowMs);
  return { sampler, alive, compared, wait: (ms: number) => void (nowMs += ms) };
}

it('compares the sample of each round with that of the round before', () => {
  const { sampler, compared, wait } = setUp();
  expect(sampler.read(1n, 'GPU-1').smUtilization).toEqual({ ok: false, why: 'not-ready' });
  for (let round = 0; round < 3; round++) {
    wait(1000);
    expect(sampler.read(1n, 'GPU-1').smUtilization).toEqual({ ok: true, kind: 'mean', value: 0.5 });
  }
  expect(compared).toEqual([
    [102n, 101n],
    [101n, 102n],
    [102n, 101n],
  ]);
});

it('repeats its answer when it is asked again too soon', () => {
  const { sampler, compared, wait } = setUp();
  sampler.read(1n, 'GPU-1');
  wait(99);
  expect(sampler.read(1n, 'GPU-1').smUtilization).toEqual({ ok: false, why: 'not-ready' });
  expect(compared).toEqual([]);
});

it('frees the samples of what is no longer there, and all at the end', () => {
  const { sampler, alive } = setUp();
  sampler.read(1n, 'GPU-1');
  sampler.readInstance(1n, 3, 'MIG-1');
  sampler.sweep();
  expect(alive.size).toBe(4);
  sampler.read(1n, 'GPU-1');
  sampler.sweep(); // the instance was taken apart
  expect(alive.size).toBe(2);
  sampler.close();
  expect(alive.size).toBe(0);
});

it('begins a new pair after a sample that failed', () => {
  let code = 0;
  const { sampler, alive, compared, wait } = setUp({ nvmlGpmSampleGet: () => code });
  sampler.read(1n, 'GPU-1');
  wait(1000);
  code = 15;
  expect(sampler.read(1n, 'GPU-1').smUtilization).toMatchObject({ ok: false, why: 'lost' });
  code = 0;
  wait(1000);
  expect(sampler.read(1n, 'GPU-1').smUtilization).toEqual({ ok: false, why: 'not-ready' });
  expect([alive.size, compared.length]).toEqual([2, 0]);
});

it('allocates nothing on a GPU without it', () => {
  const { sampler, alive } = setUp({ nvmlGpmQueryDeviceSupport: () => 0 });
  expect(sampler.read(1n, 'GPU-1').smUtilization).toEqual({ ok: false, why: 'unsupported' });
  expect(alive.size).toBe(0);
});
