export { createAlerting } from './create-alerting.ts';
export type { Alerting, AlertingOptions } from './alerting.ts';
export type { Lease } from './lease.ts';
export type { Alert } from './alert.ts';
export type { ExplainStep, Stage } from './trail.ts';
export { alertsMetrics } from './alerts-metrics.ts';

export { loadRules, type LoadRulesOptions } from './rules/load-rules.ts';
export { defaultRulesYaml } from './rules/default-rules.ts';
export type { AlertRule, RecordRule, Rule, RuleFile, RuleGroup } from './rules/rule.ts';
export type { AlertInstance, AlertState, Instances, ResolvedReason } from './rules/alert-instance.ts';
export {
  step,
  type StepOptions,
  type StepResult,
  type Transition,
  type TransitionReason,
} from './rules/step.ts';
export type { NoDataPolicy } from './rules/judge-recoveries.ts';
export type { AlertJson, RuleGroupJson, RuleJson, RulesJson } from './rules/rules-json.ts';

export {
  loadAlertmanagerConfig,
  type AlertmanagerConfig,
  type LoadAlertmanagerConfigOptions,
} from './config/load-alertmanager-config.ts';
export {
  receiversFromConfig,
  type ReceiversFromConfig,
  type ReceiversFromConfigOptions,
} from './config/receivers-from-config.ts';

export type { Route } from './routing/route.ts';
export type { Escalation } from './routing/escalation.ts';
export type { InhibitRule } from './routing/inhibit.ts';
export type { InclusiveRange, NamedTimeIntervals, TimeInterval } from './routing/time-interval.ts';
export { matchesAll, parseMatcher, splitMatchers, type Matcher } from './routing/matcher.ts';
export type { Silence, SilenceDetails } from './routing/silences.ts';
export type { NotifyReason } from './routing/should-notify.ts';

export type {
  Channel,
  NotifiedAlert,
  Notification,
  RateLimit,
  Verification,
  VerifyMode,
} from './channels/channel.ts';
export type { Outcome, OutcomeStatus } from './delivery/outcome.ts';
export { webhook, type WebhookOptions } from './channels/webhook.ts';
export type { HttpChannelOptions } from './channels/http-channel.ts';
export { verifyChannel, type VerifyChannelOptions } from './channels/verify-channel.ts';

export { alertmanagerReceiver, type AlertmanagerReceiverOptions } from './relay/alertmanager-receiver.ts';
export type { RelayedGroup } from './relay/relayed-group.ts';

export {
  loadRuleTests,
  type ExpectedAlert,
  type RuleTest,
  type RuleTests,
  type TestSeries,
} from './rule-tests/load-rule-tests.ts';
export { runRuleTests, type RuleTestFailure, type TestWorld } from './rule-tests/run-rule-tests.ts';
export type { SeriesStep } from './rule-tests/series-notation.ts';
