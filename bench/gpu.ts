// One round of readings over 8 GPUs: by NVML in our helper process, and by running nvidia-smi.
//
// Linux with gcc: the GPUs are those of the fake library of @tidewatch/gpu/testing, whose calls return at once, so
// what is measured is our own cost. The peer is a program with the start-up time of the quickest nvidia-smi known.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGpuMonitor } from '@tidewatch/gpu';
import { buildFakeNvml, type FakeGpu } from '@tidewatch/gpu/testing';
import { compare, longestTurn } from './support/measure.ts';
import { report } from './support/report.ts';

/** Bars of the package: the median of library calls, of the host's processor time, and the helper's own memory. */
const MOST_CALLS_MS = 1;
const MOST_HOST_MS = 0.2;
const MOST_TURN_MS = 20;
const MOST_HELPER_BYTES = 20 * 2 ** 20;
const LEAST_CHEAPER = 100;

/** The quickest nvidia-smi reported takes 10 to 20 ms (hyperqueue#564); without persistence mode 1.5 s. */
const SMI_MS = 15;
const GPUS = 8;

const gpus = Array.from({ length: GPUS }, (_, i): FakeGpu => ({
  uuid: `GPU-${i}`,
  name: 'NVIDIA H200',
  utilizationPercent: 10 * i,
  memoryTotalBytes: 150_754_820_096,
  memoryUsedBytes: 33_934_016_512,
  temperatureCelsius: 41,
  powerMilliwatts: 412_345,
  energyMillijoules: 9_007_199_254_740,
  powerLimitMilliwatts: 700_000,
  clocks: { 1: 1_755, 2: 2_619 },
  eccErrors: { corrected: 0, uncorrected: 0 },
  fields: { 74: 7, 82: 52, 197: 1, 198: 2, 269: 0, 270: 12 },
  gpm: { 2: 61.5, 3: 18.25, 5: 9.5, 10: 33 },
}));

const folder = mkdtempSync(join(tmpdir(), 'tidewatch-bench-gpu-'));
const nvml = await buildFakeNvml({ folder });
await nvml.play({ gpus });
const { libraryPath } = nvml;
const rows = [];

// The library calls and the report alone, in this process.
const inline = await createGpuMonitor({ libraryPath, isolation: 'inline', processes: 'off' });
assert.equal(inline.snapshot()?.devices.length, GPUS);
const [callsMs = Number.NaN] = await compare([{ run: () => inline.refresh() }]);
await inline.close();

// What the service pays: asking the helper and taking in its answer.
const helped = await createGpuMonitor({ libraryPath, processes: 'off' });
const [helper = 0] = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
  .trim()
  .split(' ')
  .map(Number);
const [ownMs, helperMs] = await processorMs(3_000, helper, () => helped.refresh());
const [roundTripMs = Number.NaN] = await compare([{ run: () => helped.refresh() }]);
assert.deepEqual(helped.snapshot()?.devices[3]?.utilization, { ok: true, kind: 'point', value: 0.3 });
const helperBytes = privateBytes(helper);
await helped.close();

// What the event loop notices of a driver that hangs: its helper is left alone, and answers late.
const stuck = await createGpuMonitor({ libraryPath, processes: 'off', timeoutMs: 200 });
const turnMs = await longestTurn(async () => {
  await nvml.play({ gpus, hang: ['nvmlDeviceGetPowerUsage'] });
  await stuck.refresh();
  await nvml.play({ gpus });
});
assert.equal(stuck.status().state, 'stuck');
await stuck.close();
// What it notices of the other programs of this machine in the same time.
const idleTurnMs = await longestTurn(() => sleep(200));
// Starting a helper: it is a fork of the service, which copies the table of the memory that the service holds.
const start = async (): Promise<void> => (await createGpuMonitor({ libraryPath, processes: 'off' })).close();
const startMs = await longestTurn(start);

// The same through nvidia-smi.
const smiFolder = join(folder, 'bin');
buildSmi(smiFolder);
process.env['PATH'] = `${smiFolder}:${process.env['PATH']}`;
const smi = await createGpuMonitor({ source: 'nvidia-smi' });
assert.deepEqual(smi.snapshot()?.devices[3]?.utilization, { ok: true, kind: 'point', value: 0.3 });
const [smiOwnMs] = await processorMs(60, undefined, () => smi.refresh());
const childrenBefore = endedChildrenMs();
for (let i = 0; i < 60; i++) await smi.refresh();
const smiChildMs = (endedChildrenMs() - childrenBefore) / 60;
await smi.close();

// Last, for memory that this process has held makes every later start of a process dear.
const held = Array.from({ length: 1_000 }, () => Buffer.alloc(2 ** 20, 1));
const largeStartMs = await longestTurn(start);
assert.equal(held.length, 1_000);
rmSync(folder, { recursive: true });

const all = { ours: ownMs + helperMs, theirs: smiOwnMs + smiChildMs };
const times = (ours: number, theirs: number): string => (theirs / ours).toFixed(0);
rows.push(
  { what: `library calls and report, ${GPUS} GPUs`, unit: 'ms', here: callsMs } as const,
  { what: 'round trip to the helper', unit: 'ms', here: roundTripMs } as const,
  {
    what: 'processor time of the service',
    unit: 'ms',
    here: ownMs,
    peer: { name: 'nvidia-smi', value: smiOwnMs },
  } as const,
  {
    what: 'processor time of the machine',
    unit: 'ms',
    here: all.ours,
    peer: { name: 'nvidia-smi', value: all.theirs },
  } as const,
  {
    what: 'longest turn of the event loop while the driver hangs',
    unit: 'ms',
    here: turnMs,
    peer: { name: 'idle', value: idleTurnMs },
  } as const,
  { what: 'longest turn in which a helper is started', unit: 'ms', here: startMs } as const,
  { what: 'the same in a service that holds 1 GB', unit: 'ms', here: largeStartMs } as const,
  { what: 'private memory of the helper', unit: 'B', here: helperBytes } as const,
);
report({
  name: 'gpu',
  title: `gpu: one round over ${GPUS} GPUs`,
  rows,
  notes: [
    'The GPUs are fake: the driver adds its own time to both columns, 2.5 µs to some ms a call on real hardware.',
    `nvidia-smi is a program that takes ${SMI_MS} ms of processor time, as the quickest one reported, and is started for each round.`,
    `All that a round costs the machine is ${times(all.ours, all.theirs)} times less than with nvidia-smi. The service alone pays ${times(ownMs, smiOwnMs)} times less than for starting nvidia-smi, and ${times(ownMs, all.theirs)} times less than it and nvidia-smi together.`,
    `Bars: calls ≤ ${MOST_CALLS_MS} ms, the service ≤ ${MOST_HOST_MS} ms, memory ≤ 20 MiB, a turn ≤ ${MOST_TURN_MS} ms longer than in an idle process, the machine ≥ ${LEAST_CHEAPER} times cheaper.`,
  ],
});

const bars: [string, boolean][] = [
  [`library calls ${callsMs.toFixed(3)} ms`, callsMs <= MOST_CALLS_MS],
  [`the service ${ownMs.toFixed(3)} ms`, ownMs <= MOST_HOST_MS],
  [`a turn of ${turnMs.toFixed(1)} ms`, turnMs - idleTurnMs <= MOST_TURN_MS],
  [`helper ${(helperBytes / 2 ** 20).toFixed(1)} MiB`, helperBytes <= MOST_HELPER_BYTES],
  [`${times(all.ours, all.theirs)} times cheaper`, all.theirs / all.ours >= LEAST_CHEAPER],
];
for (const [what, holds] of bars) {
  if (holds) continue;
  console.error(`missed: ${what}`);
  process.exitCode = 1;
}

/**
 * Processor time of one call in milliseconds, of this process and of a child that runs meanwhile: each the median of
 * 15 blocks, after a warm-up.
 */
async function processorMs(
  calls: number,
  child: number | undefined,
  run: () => Promise<unknown>,
): Promise<[own: number, childs: number]> {
  const own = [];
  const childs = [];
  const callsOfBlock = Math.ceil(calls / 15);
  for (let block = -4; block < 15; block++) {
    const childBefore = child === undefined ? 0 : runningMs(child);
    const before = process.cpuUsage();
    for (let i = 0; i < callsOfBlock; i++) await run();
    const { user, system } = process.cpuUsage(before);
    if (block < 0) continue;
    own.push((user + system) / 1000 / callsOfBlock);
    childs.push(child === undefined ? 0 : (runningMs(child) - childBefore) / callsOfBlock);
  }
  return [median(own), median(childs)];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Time that the threads of a process have run, which the kernel counts in nanoseconds. */
function runningMs(pid: number): number {
  const folder = `/proc/${pid}/task`;
  const threads = readdirSync(folder).map((thread) => readFileSync(`${folder}/${thread}/schedstat`, 'utf8'));
  return threads.reduce((sum, text) => sum + Number(text.split(' ')[0]) / 1e6, 0);
}

/** Processor time of all children of this process that have ended. */
function endedChildrenMs(): number {
  return statMs(process.pid, 15);
}

/** Two neighbouring fields of /proc/<pid>/stat, user and system time, counted from 0. */
function statMs(pid: number, first: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // The two fields before the parenthesis are cut off.
  return (Number(fields[first - 2]) + Number(fields[first - 1])) * 10;
}

/** Memory that no other process shares. */
function privateBytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = [...rollup.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].map(([, value]) => Number(value));
  return kilobytes.reduce((sum, value) => sum + value, 0) * 1024;
}

/** A program that computes for a while and prints the table of the GPUs above. */
function buildSmi(target: string): void {
  execFileSync('mkdir', ['-p', target]);
  const lines = gpus.map(
    ({ uuid, name, utilizationPercent = 0 }, i) =>
      `${i}, ${uuid}, ${name}, 590.48.01, ${utilizationPercent}, 1, 2, 41, 412.3`,
  );
  const source = join(target, 'smi.c');
  writeFileSync(
    source,
    `#include <stdio.h>
#include <time.h>
int main(void) {
  while (clock() < ${SMI_MS} * (CLOCKS_PER_SEC / 1000)) {}
  puts(${JSON.stringify(lines.join('\n'))});
  return 0;
}
`,
  );
  execFileSync('gcc', ['-O1', '-o', join(target, 'nvidia-smi'), source]);
}
