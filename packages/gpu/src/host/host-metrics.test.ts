import { expect, it } from 'vitest';
import { hostFamilies } from './host-metrics.ts';

it('publishes the event loop by percentile', () => {
  const delays = { '0.5': 0.001, '0.9': 0.002, '0.99': 0.01, '1': 0.2 };
  const [family] = hostFamilies({ eventLoopDelaySeconds: delays });
  expect(family?.definition.name).toBe('nodejs_eventloop_delay_seconds');
  expect(family?.points).toEqual([
    { labels: { percentile: '100' }, value: 0.2 },
    { labels: { percentile: '50' }, value: 0.001 },
    { labels: { percentile: '90' }, value: 0.002 },
    { labels: { percentile: '99' }, value: 0.01 },
  ]);
});

it('keeps a value of 0 and leaves out what is absent', () => {
  const families = hostFamilies({ cpuUtilization: 0 });
  expect(families.map(({ definition, points }) => [definition.name, points])).toEqual([
    ['host_cpu_utilization', [{ labels: {}, value: 0 }]],
  ]);
  expect(hostFamilies({})).toEqual([]);
});

it('tells what a container leaves, and of the controllers that tell something', () => {
  const families = hostFamilies({
    limits: { memoryLimitBytes: 2e9, memoryUsedBytes: 0, cpuLimit: 2 },
    controllers: [
      { name: 'card0', vendor: 'amd', utilization: 0, memoryTotalBytes: 16e9 },
      { name: 'card1', vendor: 'intel' },
    ],
  });
  const labels = { controller: 'card0', vendor: 'amd' };
  expect(families.map(({ definition, points }) => [definition.name, points])).toEqual([
    ['container_memory_limit_bytes', [{ labels: {}, value: 2e9 }]],
    ['container_memory_used_bytes', [{ labels: {}, value: 0 }]],
    ['container_cpu_limit', [{ labels: {}, value: 2 }]],
    ['host_controller_utilization', [{ labels, value: 0 }]],
    ['host_controller_memory_total_bytes', [{ labels, value: 16e9 }]],
  ]);
});
