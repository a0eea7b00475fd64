import { expect, it } from 'vitest';
import { bindNvml, type Nvml, type NvmlCalls } from './nvml-calls.ts';
import { processCall, readProcesses } from './read-processes.ts';

/** A driver that exports these and writes records of so many bytes: pid 10 + i with i GiB. */
function driver(exported: readonly string[], recordBytes: number, processes = 3): Nvml {
  const call: NvmlCalls['nvmlDeviceGetComputeRunningProcesses'] = (_device, count, infos) => {
    const room = count.readUInt32LE();
    count.writeUInt32LE(processes);
    if (room < processes) return 7;
    for (let i = 0; i < processes; i++) {
      infos.writeUInt32LE(10 + i, i * recordBytes);
      infos.writeBigUInt64LE(BigInt(i) * 2n ** 30n, i * recordBytes + 8);
    }
    return 0;
  };
  const none = bindNvml({ find: () => undefined, unload: () => {} });
  return {
    ...none,
    nvmlDeviceGetComputeRunningProcesses: call,
    nvmlDeviceGetComputeRunningProcesses_v2: call,
    nvmlDeviceGetComputeRunningProcesses_v3: call,
    exports: (name) => exported.includes(name),
  };
}

const v2 = 'nvmlDeviceGetComputeRunningProcesses_v2';
const v3 = 'nvmlDeviceGetComputeRunningProcesses_v3';
const confidential = 'nvmlDeviceGetConfComputeMemSizeInfo';
const detailList = 'nvmlDeviceGetRunningProcessDetailList';

it.for([
  // the driver exports                   its records   why the row is here
  [[], 16], //                                          branch 450
  [[v2], 24],
  [[v2, v3], 24],
  [[v2, v3, confidential], 32], //                      the first drivers of branch 535
  [[v2, v3, confidential, detailList], 24], //          and all since
] as const)('a driver with %j writes %i bytes for each process', ([exported, bytes]) => {
  const list = readProcesses(processCall(driver(exported, bytes)), 1n);
  expect(list).toEqual(
    [0, 1, 2].map((i) => ({
      pid: 10 + i,
      memoryUsedBytes: { ok: true, kind: 'point', value: i * 2 ** 30 },
    })),
  );
});

it('asks again with more room, and gives up on a list that always outgrows it', () => {
  expect(readProcesses(processCall(driver([v3], 24, 40)), 1n)).toHaveLength(40);
  let asked = 0;
  const growing = { ...driver([v3], 24) };
  growing.nvmlDeviceGetComputeRunningProcesses_v3 = (_device, count) => {
    asked++;
    count.writeUInt32LE(count.readUInt32LE() + 1);
    return 7;
  };
  expect(readProcesses(processCall(growing), 1n)).toEqual({ ok: false, why: 'error', code: 7 });
  expect(asked).toBe(3);
});
