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
  /** NVML codes that functions answer for this GPU; `*` is all of them, such as `{ '*': 15 }` for a lost GPU. */
  readonly fail?: Readonly<Record<string, number>>;
}

/** What the fake library answers from now on. */
export interface FakeScenario {
  /** @defaultValue '590.48.01' */
  readonly driver?: string;
  readonly gpus: readonly FakeGpu[];
  /** NVML codes by function, such as `{ nvmlInit_v2: 18 }`. */
  readonly fail?: Readonly<Record<string, number>>;
  /** Functions that do not return while the scenario says so. */
  readonly hang?: readonly string[];
  /** Functions that end their process with a segmentation fault. */
  readonly crash?: readonly string[];
}

/** The scenario as the text that `native/fake-nvml.c` reads: one `key = value` a line. */
export function formatScenario({ driver = '590.48.01', gpus, fail, hang, crash }: FakeScenario): string {
  const lines: [string, string | number | undefined][] = [
    ['driver', driver],
    ['count', gpus.length],
    ...Object.entries(fail ?? {}).map(([name, code]): [string, number] => [`fail.${name}`, code]),
    ...(hang ?? []).map((name): [string, number] => [`hang.${name}`, 1]),
    ...(crash ?? []).map((name): [string, number] => [`crash.${name}`, 1]),
    ...gpus.flatMap(gpuLines),
  ];
  return lines.flatMap(([key, value]) => (value === undefined ? [] : [`${key} = ${value}\n`])).join('');
}

function gpuLines(gpu: FakeGpu, index: number): [string, string | number | undefined][] {
  const failures = Object.entries(gpu.fail ?? {});
  return [
    [`${index}.uuid`, gpu.uuid],
    [`${index}.name`, gpu.name],
    [`${index}.utilization`, gpu.utilizationPercent],
    [`${index}.samples`, gpu.utilizationSamples?.join(' ')],
    [`${index}.memory_total`, gpu.memoryTotalBytes],
    [`${index}.memory_used`, gpu.memoryUsedBytes],
    [`${index}.memory_reserved`, gpu.memoryReservedBytes],
    [`${index}.temperature`, gpu.temperatureCelsius],
    [`${index}.power`, gpu.powerMilliwatts],
    [`${index}.energy`, gpu.energyMillijoules],
    ...failures.map(([name, code]): [string, number] => [`${index}.fail.${name}`, code]),
  ];
}
