export { loadAutoscalerConfig } from './config/load-autoscaler-config.ts';
export type {
  AutoscalerConfig,
  AutoscalerMode,
  ConfigWarning,
  ConfigWarningCode,
  MetricRule,
  Price,
  ThresholdPer,
  Thresholds,
  TimeWindow,
  Weekday,
} from './config/autoscaler-config.ts';
export { decide } from './policy/decide.ts';
export type {
  Decision,
  DecisionInput,
  DownReason,
  HoldReason,
  Limit,
  MetricReading,
  MetricVerdict,
  UpReason,
  Verdict,
} from './policy/decision.ts';
export {
  createAutoscaler,
  type Autoscaler,
  type AutoscalerOptions,
  type AutoscalerStatus,
} from './control/create-autoscaler.ts';
export type { DecisionRecord } from './control/controller-state.ts';
export { EndpointError } from './control/endpoint-query.ts';
export { scalerMetrics } from './control/scaler-metrics.ts';
export type { ReplicaState, ScaleTarget } from './targets/scale-target.ts';
export { simulatedTarget, type SimulatedTargetOptions } from './targets/simulated.ts';
export { StateError, type StateStore } from './memory/state-store.ts';
export { fileStateStore } from './memory/file-state-store.ts';
export { memoryStateStore } from './memory/memory-state-store.ts';
export type { Learner } from './memory/autoscaler-memory.ts';
export { fileLease, type FileLeaseOptions } from './lease/file-lease.ts';
export { holdLease, type Lease, type LeaseOptions } from './lease/hold-lease.ts';
export type { LeaseRecord, LeaseStore, VersionedRecord } from './lease/lease-record.ts';
export type { Alternative } from './policy/alternatives.ts';
export type { WarnedVector } from './control/read-metrics.ts';
