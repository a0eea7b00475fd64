import { expect, it } from 'vitest';
import { createGpuMonitor } from '../src/index.ts';
import { fakeDevice, fakeReport, scriptedGpuSource } from '../src/testing/index.ts';

it('books a million spans, and the memory stays flat', async () => {
  await using gpu = await createGpuMonitor({ source: scriptedGpuSource(fakeReport(fakeDevice())) });
  const work = (spans: number): void => {
    for (let i = 0; i < spans; i++) gpu.span(`request ${i % 5000}`).end({ predictions: 1 });
  };
  work(200_000);
  globalThis.gc?.();
  const beforeBytes = process.memoryUsage().heapUsed;
  work(800_000);
  globalThis.gc?.();
  expect(process.memoryUsage().heapUsed - beforeBytes).toBeLessThan(50e6);
  expect(gpu.usage().predictions).toBe(1_000_000);
});
