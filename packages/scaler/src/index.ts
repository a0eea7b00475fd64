export { loadAutoscalerConfig } from './config/load-autoscaler-config.ts';
export type {
  AutoscalerConfig,
  AutoscalerMode,
  ConfigWarning,
  ConfigWarningCode,
  MetricRule,
  ObjectiveConfig,
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
export {
  simulate,
  type PolicyOutcome,
  type SimulateOptions,
  type SimulationReport,
} from './simulate/simulate.ts';
export { readTrace, type Trace } from './simulate/read-trace.ts';
export { policyNames, type PolicyName } from './simulate/policy-names.ts';
export { newKnowledge, readKnowledge, type ServiceKnowledge } from './slo/service-knowledge.ts';
export { learnTick, type LearningFrame, type ServiceSample } from './slo/learn-tick.ts';
export { frameOf } from './slo/objective-of.ts';
export type { ReplicaPlan } from './slo/plan-replicas.ts';
export type { Forecaster, LoadForecast, LoadHistory } from './forecast/forecaster.ts';
