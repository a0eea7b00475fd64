import { text } from '../text/catalogue.ts';
import type { Panel } from './panel.ts';

/** How hard the machines work. */
export const systemPanels: readonly Panel[] = [
  {
    id: 'gpu',
    section: 'system',
    title: text('gpu'),
    help: text('gpu.help'),
    view: 'stat',
    isHeadline: true,
    unit: 'ratio',
    needs: 'gpu',
    thresholds: [{ value: 0.8, bad: 'above' }],
    targets: [{ expr: 'avg(gpu_utilization)', legend: text('gpu') }],
  },
  {
    id: 'host',
    section: 'system',
    title: text('host'),
    help: text('host.help'),
    view: 'stat',
    isHeadline: true,
    unit: 'ratio',
    needs: 'setup',
    thresholds: [],
    targets: [{ expr: 'avg(host_cpu_utilization)', legend: text('host') }],
  },
  {
    id: 'gpu-history',
    section: 'system',
    title: text('gpu-history'),
    help: text('gpu-history.help'),
    view: 'line',
    unit: 'ratio',
    max: 1,
    needs: 'gpu',
    thresholds: [{ value: 0.8, bad: 'above' }],
    targets: [{ expr: 'max by (instance, gpu) (gpu_utilization)', legend: text('legend.gpu') }],
  },
  {
    id: 'gpu-memory',
    section: 'system',
    title: text('gpu-memory'),
    help: text('gpu-memory.help'),
    view: 'line',
    unit: 'ratio',
    max: 1,
    needs: 'gpu',
    thresholds: [],
    targets: [
      {
        expr: 'max by (instance, gpu) (gpu_memory_used_bytes) / max by (instance, gpu) (gpu_memory_total_bytes)',
        legend: text('legend.gpu'),
      },
    ],
  },
  {
    id: 'host-history',
    section: 'system',
    title: text('host-history'),
    help: text('host-history.help'),
    view: 'line',
    unit: 'ratio',
    max: 1,
    needs: 'setup',
    thresholds: [],
    targets: [
      { expr: 'avg(host_cpu_utilization)', legend: text('legend.cpu') },
      {
        expr: 'sum(host_memory_used_bytes) / sum(host_memory_total_bytes)',
        legend: text('legend.memory'),
      },
    ],
  },
];
