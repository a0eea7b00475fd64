/** One GPU of the fake library. A reading that is left out answers "not supported", as on a real GPU. */
export interface FakeGpu {
  readonly uuid: string;
  readonly name?: string;
  /** What the driver says at the moment, 0 to 100. */
  readonly utilizationPercent?: number;
  /** The driver's own samples, 0 to 100, one a second; a longer list than before means later samples. */
  readonly utilizationSamples?: readonly number[];
  readonly memoryTotalBytes?: number;
  readonly memoryUsedBytes?: number;
  readonly memoryReservedBytes?: number;
  readonly temperatureCelsius?: number;
  readonly powerMilliwatts?: number;
  readonly energyMillijoules?: number;
  readonly powerLimitMilliwatts?: number;
  readonly fanPercent?: number;
  /** Megahertz by NVML's number of the clock: 1 is that of the multiprocessors, 2 that of the memory. */
  readonly clocks?: Readonly<Record<number, number>>;
  /** Memory errors over the life of the board. */
  readonly eccErrors?: { readonly corrected: number; readonly uncorrected: number };
  /** Field values by NVML's number, such as `{ 82: 52 }` for the temperature of the memory. */
  readonly fields?: Readonly<Record<number, number>>;
  /** GPM metrics by NVML's number, in percent, such as `{ 2: 61.5 }`. Without any the GPU has no GPM. */
  readonly gpm?: Readonly<Record<number, number>>;
  /** Who computes on it; memory left out is "not available". */
  readonly processes?: readonly { readonly pid: number; readonly memoryUsedBytes?: number }[];
  /** Its MIG instances; a list, be it empty, puts it in MIG mode. */
  readonly instances?: readonly FakeInstance[];
  /** NVML codes that functions answer for this GPU; `*` is all of them, such as `{ '*': 15 }` for a lost GPU. */
  readonly fail?: Readonly<Record<string, number>>;
}

/** One MIG instance of a fake GPU. Left out of a list as `undefined` it is a gap in the driver's numbers. */
export type FakeInstance =
  | Pick<FakeGpu, 'uuid' | 'name' | 'memoryTotalBytes' | 'memoryUsedBytes' | 'gpm'>
  | undefined;

/** What the fake library answers from now on. */
export interface FakeScenario {
  /** @defaultValue '590.48.01' */
  readonly driver?: string;
  readonly gpus: readonly FakeGpu[];
  /** NVML codes by function, such as `{ nvmlInit_v2: 18 }`. */
  readonly fail?: Readonly<Record<string, number>>;
  /** Functions that do not return while the scenario says so. */
  readonly hang?: readonly string[];
  /** Critical errors since the library was loaded, by the index of the GPU; each is delivered once. */
  readonly xids?: readonly (readonly [gpu: number, xid: number])[];
  /** Functions that end their process with a segmentation fault. */
  readonly crash?: readonly string[];
}

/** The scenario as the text that `native/fake-nvml.c` reads: one `key = value` a line. */
export function formatScenario({
  driver = '590.48.01',
  gpus,
  fail,
  xids,
  hang,
  crash,
}: FakeScenario): string {
  const lines: Line[] = [
    ['driver', driver],
    ['count', gpus.length],
    ['xids', xids?.map(([gpu, xid]) => `${gpu}:${xid}`).join(' ')],
    ...Object.entries(fail ?? {}).map(([name, code]): Line => [`fail.${name}`, code]),
    ...(hang ?? []).map((name): Line => [`hang.${name}`, 1]),
    ...(crash ?? []).map((name): Line => [`crash.${name}`, 1]),
    ...gpus.flatMap(gpuLines),
  ];
  return lines.flatMap(([key, value]) => (value === undefined ? [] : [`${key} = ${value}\n`])).join('');
}

type Line = [key: string, value: string | number | undefined];

function gpuLines(gpu: FakeGpu, index: number): Line[] {
  const processes = gpu.processes?.map(({ pid, memoryUsedBytes = '-' }) => `${pid}:${memoryUsedBytes}`);
  const lines: Line[] = [
    ...instanceLines(gpu),
    ['utilization', gpu.utilizationPercent],
    ['samples', gpu.utilizationSamples?.join(' ')],
    ['memory_reserved', gpu.memoryReservedBytes],
    ['temperature', gpu.temperatureCelsius],
    ['power', gpu.powerMilliwatts],
    ['power_limit', gpu.powerLimitMilliwatts],
    ['fan', gpu.fanPercent],
    ['energy', gpu.energyMillijoules],
    ['ecc.0', gpu.eccErrors?.corrected],
    ['ecc.1', gpu.eccErrors?.uncorrected],
    ['processes', processes?.join(' ')],
    ['gpm_supported', hasGpm(gpu) ? 1 : undefined],
    ['mig', gpu.instances && 1],
    ...numbered('clock', gpu.clocks),
    ...numbered('field', gpu.fields),
    ...(gpu.instances ?? []).flatMap((instance, i) =>
      instance === undefined ? [] : prefixed(`mig.${i}`, instanceLines(instance)),
    ),
    ...Object.entries(gpu.fail ?? {}).map(([name, code]): Line => [`fail.${name}`, code]),
  ];
  return prefixed(String(index), lines);
}

/** What a GPU and an instance of one have in common. */
function instanceLines(instance: NonNullable<FakeInstance>): Line[] {
  return [
    ['uuid', instance.uuid],
    ['name', instance.name],
    ['memory_total', instance.memoryTotalBytes],
    ['memory_used', instance.memoryUsedBytes],
    ...numbered('gpm', instance.gpm),
  ];
}

function hasGpm({ gpm, instances = [] }: FakeGpu): boolean {
  return gpm !== undefined || instances.some((instance) => instance?.gpm !== undefined);
}

function numbered(kind: string, values: Readonly<Record<number, number>> = {}): Line[] {
  return Object.entries(values).map(([number, value]) => [`${kind}.${number}`, value]);
}

function prefixed(prefix: string, lines: readonly Line[]): Line[] {
  return lines.map(([key, value]) => [`${prefix}.${key}`, value]);
}
