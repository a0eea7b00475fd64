import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, vi } from 'vitest';
import { loadImages } from '../src/images/load-images.ts';
import { imageAt } from '../src/images/image-set.ts';
import { splitImages } from '../src/images/split-images.ts';
import { failures } from '../src/traffic/traffic-counts.ts';
import { startTrafficProcess } from '../src/traffic/traffic-process.ts';
import type { TrafficProgress } from '../src/traffic/traffic-messages.ts';
import { digitsService } from './digits-service.ts';

const day = { seconds: 60, troughRps: 200, peakRps: 200, burstRps: 200 };

it('sends only images that the model has never seen, and tells how it goes', async () => {
  await using service = await digitsService();
  const heard: TrafficProgress[] = [];
  await using traffic = await startTrafficProcess(
    { url: service.url, day, labelDelayMs: 50, labelBatchMs: 20, progressMs: 50 },
    {
      onProgress(progress) {
        heard.push(progress);
      },
    },
  );
  await vi.waitFor(() => expect(heard.at(-1)?.counts.labelsSent).toBeGreaterThan(0), { timeout: 20_000 });
  const { counts, cpuSeconds, scheduledRps } = await traffic.stop();

  expect(counts.sent).toBeGreaterThan(0);
  expect(counts).toMatchObject({ ok: service.images.length, sent: service.images.length, inFlight: 0 });
  expect(failures(counts)).toBe(0);
  expect(counts.labelsSent).toBe(service.labels.flat().length);
  expect(cpuSeconds).toBeGreaterThan(0);
  expect(scheduledRps).toBe(200);
  expect(heard.at(-1)?.counts).toEqual(counts);

  const { test } = splitImages(await loadImages());
  const unseen = new Set(Array.from({ length: test.count }, (_, i) => toText(imageAt(test, i))));
  expect(service.images.filter(({ pixels }) => !unseen.has(toText(pixels)))).toEqual([]);
});

it.for([
  ['a url it cannot use', { url: 'ftp://127.0.0.1', day }, /traffic process: traffic: url is "ftp:/],
  [
    'a day without requests',
    { url: 'http://127.0.0.1', day: { seconds: 60, troughRps: 0, peakRps: 0, burstRps: 0 } },
    /traffic process: schedule: got/,
  ],
] as const)('refuses %s before it sends anything', async ([, config, message]) => {
  await expect(startTrafficProcess(config)).rejects.toThrow(message);
});

it('ends with its parent, even when Ctrl-C reached it first', async () => {
  await using service = await digitsService();
  const child = fork(new URL('../src/traffic/main.ts', import.meta.url), {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.send({ type: 'start', config: { url: service.url, day, progressMs: 20 } });
  await once(child, 'message');
  child.kill('SIGINT');
  await once(child, 'message');
  // The channel of a parent that dies closes just so.
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

function toText(pixels: Uint8Array): string {
  return Buffer.from(pixels).toString('latin1');
}
