import {
  ConfigError,
  nearestName,
  type Clock,
  type ConfigIssue,
  type Locale,
  type Logger,
} from '@tidewatch/core';
import { priceIssues, type GpuPrices } from '../cost/gpu-prices.ts';
import type { GpuSource } from '../device/gpu-source.ts';
import type { DeviceSelection } from '../device/select-devices.ts';
import type { GpuEvent } from './gpu-event.ts';

export interface GpuMonitorOptions {
  /**
   * `auto` looks for a trace of a GPU before it starts a process, and asks nvidia-smi where NVML cannot be
   * called; `nvml` and `nvidia-smi` ask only the one; `off` does nothing; a {@link GpuSource} of your own
   * replaces both.
   * @defaultValue 'auto'
   */
  readonly source?: 'auto' | 'nvml' | 'nvidia-smi' | 'off' | GpuSource;
  /**
   * Which GPUs: those that CUDA_VISIBLE_DEVICES leaves to this process, all of the machine, or these UUIDs.
   * @defaultValue 'visible'
   */
  readonly devices?: DeviceSelection;
  /** Path of NVML itself. @defaultValue the environment variable TIDEWATCH_NVML_LIBRARY, else the usual places */
  readonly libraryPath?: string;
  /** Pause between readings, at least 1000: each takes a lock of the driver. @defaultValue 10_000 */
  readonly intervalMs?: number;
  /** Pause between the readings that are dear: clocks, fan, memory errors, processes. @defaultValue 60_000 */
  readonly slowIntervalMs?: number;
  /**
   * Whose GPU memory is read: nobody's, that of this service, or that of every process, with its pid as a label.
   * @defaultValue 'self'
   */
  readonly processes?: 'off' | 'self' | 'all';
  /**
   * Where the driver is called: `process` is a helper, which a driver that hangs or crashes cannot leave;
   * `inline` is this very process, for places where none may be started, and shares the driver's fate.
   * `auto` is `process`.
   * @defaultValue 'auto'
   */
  readonly isolation?: 'auto' | 'process' | 'inline';
  /** How long the driver may take for one reading. @defaultValue 5_000 */
  readonly timeoutMs?: number;
  /** What GPUs and energy cost, such as {@link referencePrices}. @defaultValue no prices: no amounts of money */
  readonly cost?: GpuPrices;
  /** Publishes OpenTelemetry's names (`hw.gpu.*`) beside our own. @defaultValue false */
  readonly semconv?: boolean;
  /** Language of hints and log lines. @defaultValue 'en' */
  readonly locale?: Locale;
  readonly clock?: Clock;
  /** Numbers in [0, 1), which spread the rounds of services that start together. @defaultValue Math.random */
  readonly random?: () => number;
  readonly logger?: Logger;
  /** Told of changes. What it throws is logged, never passed on. */
  readonly onEvent?: (event: GpuEvent) => void;
}

const SHORTEST_INTERVAL_MS = 1_000;
const LONGEST_MS = 2 ** 31 - 1; // what a timer can hold
const sources = ['auto', 'nvml', 'nvidia-smi', 'off'] as const;
const locales = ['en', 'zh-CN'] as const;
const known: Readonly<Record<keyof GpuMonitorOptions, true>> = {
  source: true,
  devices: true,
  libraryPath: true,
  intervalMs: true,
  slowIntervalMs: true,
  processes: true,
  isolation: true,
  timeoutMs: true,
  cost: true,
  semconv: true,
  locale: true,
  clock: true,
  random: true,
  logger: true,
  onEvent: true,
};

/** @throws {@link ConfigError} naming every option that cannot be. */
export function checkMonitorOptions(options: GpuMonitorOptions): void {
  const issues = [
    ...Object.keys(options).flatMap(unknownKey),
    ...wrongSource(options.source),
    ...wrongName('locale', options.locale, locales),
    ...wrongDevices(options.devices),
    ...wrongPath(options.libraryPath),
    ...wrongDuration('intervalMs', options.intervalMs, SHORTEST_INTERVAL_MS),
    ...wrongDuration('slowIntervalMs', options.slowIntervalMs, SHORTEST_INTERVAL_MS),
    ...wrongName('processes', options.processes, ['off', 'self', 'all']),
    ...wrongName('isolation', options.isolation, ['auto', 'process', 'inline']),
    ...wrongDuration('timeoutMs', options.timeoutMs, 1),
    ...priceIssues(options.cost),
    ...wrongFlag('semconv', options.semconv),
  ];
  const [first, ...others] = issues;
  if (first !== undefined) throw new ConfigError('createGpuMonitor options', [first, ...others]);
}

function unknownKey(key: string): ConfigIssue[] {
  if (Object.hasOwn(known, key)) return [];
  return [
    {
      code: 'unknown-key',
      path: key,
      problem: 'there is no such option',
      ...didYouMean(key, Object.keys(known)),
    },
  ];
}

function wrongSource(source: unknown): ConfigIssue[] {
  if (typeof source !== 'object' || source === null) return wrongName('source', source, sources);
  const { name, read, close } = source as Partial<GpuSource>;
  if (typeof name === 'string' && typeof read === 'function' && typeof close === 'function') return [];
  const problem = 'expected an object with name, read() and close()';
  return [{ code: 'wrong-type', path: 'source', problem, remedy: 'see GpuSource' }];
}

function wrongDevices(value: unknown): ConfigIssue[] {
  if (!Array.isArray(value)) return wrongName('devices', value, ['visible', 'all']);
  return value.flatMap((uuid: unknown, i) =>
    typeof uuid === 'string' && /^(GPU|MIG)-/.test(uuid)
      ? []
      : [
          {
            code: 'wrong-type' as const,
            path: `devices[${i}]`,
            problem: `expected a UUID, got ${JSON.stringify(uuid)}`,
            remedy: 'nvidia-smi -L prints them',
          },
        ],
  );
}

function wrongName(path: string, value: unknown, allowed: readonly string[]): ConfigIssue[] {
  if (value === undefined || allowed.includes(value as string)) return [];
  const problem = `expected ${allowed.map((name) => `"${name}"`).join(', ')}, got ${JSON.stringify(value)}`;
  return [{ code: 'wrong-type', path, problem, ...didYouMean(value, allowed) }];
}

function wrongFlag(path: string, value: unknown): ConfigIssue[] {
  if (value === undefined || typeof value === 'boolean') return [];
  return [{ code: 'wrong-type', path, problem: `expected true or false, got ${JSON.stringify(value)}` }];
}

function wrongPath(value: unknown): ConfigIssue[] {
  if (value === undefined || (typeof value === 'string' && value !== '')) return [];
  return [
    { code: 'wrong-type', path: 'libraryPath', problem: `expected a path, got ${JSON.stringify(value)}` },
  ];
}

function wrongDuration(path: string, value: unknown, leastMs: number): ConfigIssue[] {
  if (value === undefined) return [];
  if (typeof value !== 'number' || Number.isNaN(value)) {
    return [{ code: 'wrong-type', path, problem: `expected milliseconds, got ${JSON.stringify(value)}` }];
  }
  if (value >= leastMs && value <= LONGEST_MS) return [];
  const problem = `expected ${leastMs} to ${LONGEST_MS} milliseconds, got ${value}`;
  return [{ code: 'out-of-range', path, problem }];
}

function didYouMean(written: unknown, allowed: readonly string[]): { remedy?: string } {
  const meant = typeof written === 'string' ? nearestName(written, allowed) : undefined;
  return meant === undefined ? {} : { remedy: `did you mean "${meant}"?` };
}
