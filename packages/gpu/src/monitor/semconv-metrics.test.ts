import { expect, it } from 'vitest';
import { silentDevice } from '../device/gpu-device.ts';
import { fakeDevice } from '../testing/scripted-gpu-source.ts';
import { createDeviceCounts } from './device-counts.ts';
import { gpuSemconvMetrics, semconvFamilies } from './semconv-metrics.ts';

const point = (value: number) => ({ ok: true, kind: 'point', value }) as const;
const identity = { 'hw.id': 'GPU-0', 'hw.name': 'gpu0', 'hw.model': 'Fake GPU', 'hw.vendor': 'NVIDIA' };

function lines(...rounds: readonly Parameters<typeof semconvFamilies>[0][number][]): string[] {
  const counts = createDeviceCounts();
  for (const device of rounds) counts.add([device]);
  return semconvFamilies(rounds.slice(-1), counts).flatMap(({ definition, points }) =>
    points.map(({ labels, value }) => {
      expect(labels).toMatchObject(identity);
      expect(definition.labels).toEqual(expect.arrayContaining(Object.keys(labels)));
      const own = Object.entries(labels).filter(([name]) => !(name in identity));
      return `${definition.name} ${own.map(([, text]) => text).join(' ')} ${value}`.replace('  ', ' ');
    }),
  );
}

it('publishes readings and counts under the names of the conventions', () => {
  const values = { utilization: 0.5, memoryUsedBytes: 25, memoryTotalBytes: 100, temperatureCelsius: 40 };
  const at = (energyJoules: number, received: number) => ({
    ...fakeDevice({ ...values, powerWatts: 300, energyJoules }),
    details: { pcieReceivedBytes: point(received), eccCorrectedErrors: point(0), fanRatio: point(0) },
  });
  expect(lines(at(100, 5), { ...at(160, 9), xids: [79] })).toEqual([
    'hw.gpu.utilization general 0.5',
    'hw.gpu.memory.usage 25',
    'hw.gpu.memory.limit 100',
    'hw.gpu.memory.utilization 0.25',
    'hw.gpu.io receive 4',
    'hw.temperature gpu gpu 40',
    'hw.power gpu 300',
    'hw.energy gpu 60',
    'hw.errors gpu corrected 0',
    'hw.errors gpu xid.79 1',
    'hw.fan.speed_ratio 0',
    'hw.status gpu ok 1',
    'hw.status gpu failed 0',
  ]);
});

it('says of a lost GPU only that it failed', () => {
  const lost = silentDevice({ index: 0, uuid: 'GPU-0', name: 'Fake GPU' }, { ok: false, why: 'lost' });
  expect(lines(fakeDevice({ energyJoules: 1 }), lost)).toEqual([
    'hw.status gpu ok 0',
    'hw.status gpu failed 1',
  ]);
});

it('defines every metric once', () => {
  expect(new Set(gpuSemconvMetrics.map(({ name }) => name)).size).toBe(gpuSemconvMetrics.length);
});
