export { buildFakeNvml, fakeNvmlSource, type BuildFakeNvmlOptions, type FakeNvml } from './fake-nvml.ts';
export { formatScenario, type FakeGpu, type FakeInstance, type FakeScenario } from './fake-scenario.ts';
export {
  fakeDevice,
  fakeReport,
  scriptedGpuSource,
  type FakeDeviceValues,
  type ScriptedGpuSource,
} from './scripted-gpu-source.ts';
