export {
  createGpuMonitor,
  type GpuMonitor,
  type GpuSnapshot,
  type GpuStatus,
} from './monitor/gpu-monitor.ts';
export type { GpuMonitorOptions } from './monitor/monitor-options.ts';
export type { GpuReason, GpuState } from './monitor/gpu-status.ts';
export type { CpuFallback, GpuEvent, StateChange, XidError } from './monitor/gpu-event.ts';
export type { DeviceChange } from './monitor/device-changes.ts';
export { referencePrices, type GpuPrices } from './cost/gpu-prices.ts';
export type { GpuSpan, SpanReport } from './cost/usage-account.ts';
export type { GpuSeconds } from './cost/usage-ledger.ts';
export type { CostReport, PerThousand, UsageReport } from './cost/usage-report.ts';
export type { UsedAmounts } from './cost/work-meter.ts';
export { gpuSemconvMetrics } from './monitor/semconv-metrics.ts';
export { gpuMetrics } from './monitor/gpu-metrics.ts';
export { reasonText, type ReasonText } from './monitor/reason-text.ts';
export type { DetailName, GpuDetails, GpuProcess, MigInstance } from './device/gpu-detail.ts';
export type { GpuDevice, GpuIdentity, ReadingName } from './device/gpu-device.ts';
export type { DeviceSelection } from './device/select-devices.ts';
export type { MissingReading, PresentReading, Reading, ReadingFailure } from './device/reading.ts';
export type {
  GpuReadings,
  GpuReport,
  GpuSource,
  GpuUnavailable,
  UnavailableReason,
  UnidentifiedDevice,
} from './device/gpu-source.ts';
export {
  createHostMonitor,
  type HostMonitor,
  type HostMonitorOptions,
  type HostSnapshot,
} from './host/host-monitor.ts';
export { hostMetrics } from './host/host-metrics.ts';
export type { ContainerLimits } from './host/container-limits.ts';
export type { GraphicsController } from './host/graphics-controllers.ts';
export type { CpuTimes } from './host/cpu-times.ts';
export type { HostMemory, HostProbe } from './host/host-probe.ts';
export type { HostReadings } from './host/host-readings.ts';
