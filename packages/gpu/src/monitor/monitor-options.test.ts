import { ConfigError } from '@tidewatch/core';
import { expect, it } from 'vitest';
import { scriptedGpuSource } from '../testing/scripted-gpu-source.ts';
import { checkMonitorOptions, type GpuMonitorOptions } from './monitor-options.ts';

it.for([
  // options                            the message says
  [{ intervalsMs: 5 }, /intervalsMs: there is no such option; did you mean "intervalMs"/],
  [
    { source: 'nvlm' },
    /source: expected "auto", "nvml", "nvidia-smi", "off", got "nvlm"; did you mean "nvml"/,
  ],
  [{ source: { name: 'mine' } }, /source: expected an object with name, read\(\) and close\(\)/],
  [{ locale: 'de' }, /locale: expected "en", "zh-CN", got "de"/],
  [{ intervalMs: 10 }, /intervalMs: expected 1000 to \d+ milliseconds, got 10/], // seconds meant
  [{ intervalMs: '10s' }, /intervalMs: expected milliseconds, got "10s"/],
  [{ devices: 'mine' }, /devices: expected "visible", "all", got "mine"/],
  [{ devices: ['GPU-1', '0'] }, /devices\[1\]: expected a UUID, got "0"/], // an index moves
  [{ cost: { currency: 'USD' } }, /cost.asOf[^]*cost.source/],
  [{ semconv: 'yes' }, /semconv: expected true or false, got "yes"/],
  [{ isolation: 'worker' }, /isolation: expected "auto", "process", "inline"/],
  [{ processes: true }, /processes: expected "off", "self", "all"/],
  [{ timeoutMs: 0 }, /timeoutMs/],
  [{ timeoutMs: Number.NaN }, /timeoutMs/],
  [{ intervalMs: Infinity }, /intervalMs/], // a timer would fire at once
  [{ libraryPath: '' }, /libraryPath: expected a path/],
] as const)('%j is refused', ([options, message]) => {
  const check = (): void => checkMonitorOptions(options as unknown as GpuMonitorOptions);
  expect(check).toThrow(ConfigError);
  expect(check).toThrow(message);
});

it('names every fault at once', () => {
  const options = { source: 'x', timeoutMs: -1 } as unknown as GpuMonitorOptions;
  expect(() => checkMonitorOptions(options)).toThrow(/source[^]*timeoutMs/);
});

it('accepts a source of one’s own and nothing at all', () => {
  const source = scriptedGpuSource('hang');
  expect(() => checkMonitorOptions({})).not.toThrow();
  expect(() => checkMonitorOptions({ source, intervalMs: 1000 })).not.toThrow();
});
