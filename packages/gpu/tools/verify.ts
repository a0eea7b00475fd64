/**
 * Compares what we read from this machine's own NVML with what nvidia-smi says in the same second.
 *
 * Run from the package folder: `node --conditions=@tidewatch/source tools/verify.ts`.
 * Ends with status 1 when a reading differs, and with 0 where there is no GPU.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createGpuMonitor, type GpuDevice, type Reading } from '../src/index.ts';

const MIB = 2 ** 20;

interface Comparison {
  readonly name: string;
  /** nvidia-smi's column. */
  readonly column: string;
  readonly ours: (device: GpuDevice) => Reading;
  /** From nvidia-smi's unit to ours. */
  readonly factor: number;
  /** How far the two may be apart, in our unit: they are read some 100 ms after each other. */
  readonly tolerance: number;
}

const notRead: Reading = { ok: false, why: 'not-implemented' };

const comparisons: readonly Comparison[] = [
  // Ours is a mean over the driver's samples, nvidia-smi's is of the moment: under a changing load they may differ.
  {
    name: 'utilization',
    column: 'utilization.gpu',
    ours: (d) => d.utilization,
    factor: 0.01,
    tolerance: 0.35,
  },
  {
    name: 'memory used',
    column: 'memory.used',
    ours: (d) => d.memoryUsedBytes,
    factor: MIB,
    tolerance: 64 * MIB,
  },
  {
    name: 'memory total',
    column: 'memory.total',
    ours: (d) => d.memoryTotalBytes,
    factor: MIB,
    tolerance: MIB,
  },
  {
    name: 'temperature',
    column: 'temperature.gpu',
    ours: (d) => d.temperatureCelsius,
    factor: 1,
    tolerance: 3,
  },
  { name: 'power', column: 'power.draw', ours: (d) => d.powerWatts, factor: 1, tolerance: 50 },
  {
    name: 'power limit',
    column: 'enforced.power.limit',
    ours: (d) => d.details?.powerLimitWatts ?? notRead,
    factor: 1,
    tolerance: 1,
  },
  {
    name: 'SM clock',
    column: 'clocks.sm',
    ours: (d) => d.details?.smClockHertz ?? notRead,
    factor: 1e6,
    tolerance: 600e6, // it follows the load within milliseconds
  },
  {
    name: 'memory clock',
    column: 'clocks.mem',
    ours: (d) => d.details?.memoryClockHertz ?? notRead,
    factor: 1e6,
    tolerance: 600e6,
  },
  {
    name: 'memory temperature',
    column: 'temperature.memory',
    ours: (d) => d.details?.memoryTemperatureCelsius ?? notRead,
    factor: 1,
    tolerance: 4,
  },
  {
    name: 'fan',
    column: 'fan.speed',
    ours: (d) => d.details?.fanRatio ?? notRead,
    factor: 0.01,
    tolerance: 0.1,
  },
  {
    name: 'corrected memory errors',
    column: 'ecc.errors.corrected.aggregate.total',
    ours: (d) => d.details?.eccCorrectedErrors ?? notRead,
    factor: 1,
    tolerance: 0,
  },
  {
    name: 'uncorrected memory errors',
    column: 'ecc.errors.uncorrected.aggregate.total',
    ours: (d) => d.details?.eccUncorrectedErrors ?? notRead,
    factor: 1,
    tolerance: 0,
  },
];

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const tally = { passed: 0, failed: 0, skipped: 0 };

function conclude(outcome: keyof typeof tally, what: string): void {
  tally[outcome]++;
  print(`${outcome.padEnd(7)} ${what}`);
}

/** The columns of every GPU by UUID, as nvidia-smi prints them. */
async function askNvidiaSmi(): Promise<Map<string, readonly string[]>> {
  const columns = ['uuid', 'name', ...comparisons.map(({ column }) => column)];
  const query = [`--query-gpu=${columns.join(',')}`, '--format=csv,noheader,nounits'];
  const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: 30_000 });
  const rows = stdout.trim().split('\n');
  return new Map(rows.map((row) => row.split(', ')).map(([uuid = '', ...rest]) => [uuid, rest]));
}

function compare(device: GpuDevice, [name, ...theirs]: readonly string[]): void {
  const place = `gpu ${device.index}`;
  conclude(
    name === device.name ? 'passed' : 'failed',
    `${place} name: ours ${device.name}, nvidia-smi ${name}`,
  );
  comparisons.forEach(({ name, ours, factor, tolerance }, i) => {
    const reading = ours(device);
    const text = theirs[i]?.trim() ?? '';
    const expected = text === '' ? Number.NaN : Number(text) * factor; // "[N/A]" and its kin become NaN
    const shown = reading.ok ? `${reading.value} (${reading.kind})` : `missing: ${reading.why}`;
    const agree = reading.ok ? Math.abs(reading.value - expected) <= tolerance : Number.isNaN(expected);
    conclude(agree ? 'passed' : 'failed', `${place} ${name}: ours ${shown}, nvidia-smi ${text}`);
  });
}

async function verify(): Promise<void> {
  const gpu = await createGpuMonitor({ source: 'auto', timeoutMs: 30_000 });
  try {
    await gpu.refresh();
    const { state, reason, hint, evidence, driver, source } = gpu.status();
    if (state === 'none') {
      conclude('skipped', `no GPU to compare with: ${reason} (${evidence ?? 'no evidence'}); ${hint}`);
      return;
    }
    if (source !== 'nvml') {
      conclude('skipped', `NVML cannot be called here: ${source} would be compared with itself`);
      return;
    }
    print(`driver ${driver}, state ${state}`);
    const theirs = await askNvidiaSmi();
    await gpu.refresh();
    const devices = gpu.snapshot()?.devices ?? [];
    conclude(
      devices.length === theirs.size ? 'passed' : 'failed',
      `GPUs: ours ${devices.length}, nvidia-smi ${theirs.size}`,
    );
    for (const device of devices) {
      const row = theirs.get(device.uuid);
      if (row === undefined)
        conclude('failed', `gpu ${device.index}: nvidia-smi does not know ${device.uuid}`);
      else compare(device, row);
    }
    await checkEnergy(gpu);
  } finally {
    await gpu.close();
  }
}

/** nvidia-smi prints no energy: it must at least rise while a GPU draws power. */
async function checkEnergy(gpu: Awaited<ReturnType<typeof createGpuMonitor>>): Promise<void> {
  const before = gpu.snapshot()?.devices ?? [];
  await askNvidiaSmi(); // takes a while
  await gpu.refresh();
  for (const { uuid, index, energyJoules } of gpu.snapshot()?.devices ?? []) {
    const earlier = before.find((device) => device.uuid === uuid)?.energyJoules;
    if (!energyJoules.ok || earlier?.ok !== true) conclude('skipped', `gpu ${index} energy: not there`);
    else {
      const rises = energyJoules.value >= earlier.value;
      conclude(
        rises ? 'passed' : 'failed',
        `gpu ${index} energy: ${earlier.value} J, then ${energyJoules.value} J`,
      );
    }
  }
}

await verify().catch((error: unknown) => conclude('failed', String(error)));
print(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exitCode = tally.failed === 0 ? 0 : 1;
