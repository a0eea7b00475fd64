import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import {
  createClassifierMonitor,
  openMetricsHandler,
  requestMetrics,
  type ClassifierMonitorOptions,
  type MetricProducer,
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

async function exposed(producer: MetricProducer): Promise<string> {
  return (await (await openMetricsHandler([producer])(new Request('http://localhost/')))?.text()) ?? '';
}

function capIn(text: string): number {
  return Number(/^tidewatch_core_memory_cap_bytes\{.*\} (.*)$/m.exec(text)?.[1]);
}

const options = { model: 'm', windowMs: 10_000, sliceMs: 1_000, maxClasses: 20, maxPendingLabels: 300 };

it.for<[string, number, (text: string) => string]>([
  ['as long as a name may be', 5_000, (text) => text.padEnd(256, 'é')],
  ['cut out of a long request', 1_000, (text) => `${'{'.repeat(20_000)}${text.padEnd(40)}`.slice(20_000)],
])('holds less than its cap, whatever names clients make up: %s', async ([, events, made]) => {
  const before = heldBytes();
  const monitor = createClassifierMonitor(options);
  for (let i = 0; i < events; i += 1) {
    monitor.record({
      predicted: made(`p${i}`),
      id: made(`w${i}`),
      confidence: i / events,
      durationSeconds: i,
    });
    monitor.label(made(`w${i - 100}`), made(`a${i}`));
    monitor.label(made(`early${i}`), made(`b${i}`));
    monitor.recordError({ reason: `r${i}` });
  }
  const text = await exposed(monitor.metricProducer);
  const cap = capIn(text);
  expect(heldBytes() - before).toBeLessThan(cap);
  expect(cap).toBeLessThan(8e6); // a cap that means something: unbounded, these names are 20 MB, and the requests 80 MB
  expect(text.length).toBeLessThan(200_000);
  expect(monitor.snapshot()).toMatchObject({ n: events, labels: { pending: expect.any(Number) } });
});

it('holds less than its cap, whatever routes there seem to be', async () => {
  const before = heldBytes();
  const requests = requestMetrics({ maxSeries: 1_000 });
  for (let i = 0; i < 15_000; i += 1) {
    requests.observe({ method: 'GET', route: `/${i}/`.padEnd(256, 'é'), code: '200', durationSeconds: 1 });
  }
  const text = await exposed(requests.metricProducer);
  expect(capIn(text)).toBe(2_500_000);
  // What else the process came to hold in the meantime is a few megabytes; all routes would be 40.
  expect(heldBytes() - before).toBeLessThan(capIn(text) + 12e6);
  expect(text).toContain('tidewatch_http_series_refused_total 14000');
});

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
