import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import {
  createClassifierMonitor,
  type ClassifierMonitorOptions,
  type PredictionRecord,
} from '../src/index.ts';
import { monitorMemoryCap } from '../src/monitor/memory-cap.ts';
import { monitorSettings } from '../src/monitor/monitor-options.ts';

const collectGarbage = ((): (() => void) => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();

function heldBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const classes = Array.from({ length: 20 }, (_, index) => `c${index}`);
const common = {
  model: 'm',
  windowMs: 10_000,
  sliceMs: 1_000,
  maxClasses: 20,
  maxPendingLabels: 1_000,
  classes,
};

it.for<[string, ClassifierMonitorOptions, (i: number) => PredictionRecord]>([
  [
    'scores and segments that wait for labels',
    { ...common, segments: [{ name: 'country', maxValues: 10 }], drift: {} },
    (i) => ({
      predicted: 'c0',
      id: `id-${i}`.padEnd(256, 'x'),
      scores: classes.map((_, index) => (index === i % 20 ? 1 : 0)),
      segments: { country: `country-${i}`.padEnd(256, 'y') },
    }),
  ],
  [
    'sets of every size',
    { ...common, task: 'multi-label' },
    (i) => ({ predicted: [`a${i}`.padEnd(256, 'x'), 'b'.repeat(256), 'c'.repeat(200)], id: `id-${i}` }),
  ],
])('holds less than its cap: %s', ([, options, event]) => {
  const cap = monitorMemoryCap(monitorSettings(options));
  const before = heldBytes();
  const monitor = createClassifierMonitor(options);
  for (let i = 0; i < 20_000; i += 1) {
    monitor.record(event(i));
    if (i % 3 === 0) monitor.label(`id-${i - 500}`.padEnd(256, 'x'), 'c1');
  }
  expect(heldBytes() - before).toBeLessThan(cap);
  expect(cap).toBeLessThan(30e6);
  expect(monitor.snapshot().n).toBe(20_000);
});
