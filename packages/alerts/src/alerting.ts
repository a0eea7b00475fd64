import type {
  Clock,
  Disposable,
  InstantQuery,
  Locale,
  Logger,
  Meter,
  MetricProducer,
  Sample,
} from '@tidewatch/core';
import type { Alert } from './alert.ts';
import type { Channel } from './channels/channel.ts';
import type { Lease } from './lease.ts';
import type { RelayedGroup } from './relay/relayed-group.ts';
import type { Escalation } from './routing/escalation.ts';
import type { InhibitRule } from './routing/inhibit.ts';
import type { Matcher } from './routing/matcher.ts';
import type { Route } from './routing/route.ts';
import type { Silence, SilenceDetails } from './routing/silences.ts';
import type { NoDataPolicy } from './rules/judge-recoveries.ts';
import type { RuleFile } from './rules/rule.ts';
import type { RulesJson } from './rules/rules-json.ts';
import type { ExplainStep } from './trail.ts';

export interface AlertingOptions {
  /** Parsed rule files, or their paths, or patterns such as `rules/*.yml`. */
  readonly rules: RuleFile | string | readonly (RuleFile | string)[];
  /** Answers the rules' expressions: the embedded engine or a Prometheus server. */
  readonly query: InstantQuery;
  /** The root of the routing tree; its receiver takes what no child takes. */
  readonly route: Route;
  /** Channels by the name of the receiver. */
  readonly receivers: Readonly<Record<string, readonly Channel[]>>;
  /** Alerts that silence others while they fire, as `inhibit_rules` of Alertmanager. @defaultValue none */
  readonly inhibitRules?: readonly InhibitRule[];
  /**
   * Where alerts, messages on their way, silences and limits are kept. With a folder they outlive the process, also
   * one that is killed: each message is delivered at least once. A folder belongs to one process. @defaultValue 'memory'
   */
  readonly store?: 'memory' | { readonly dir: string };
  /** Channels that take what another one cannot deliver while it does not work; the first that works. @defaultValue [] */
  readonly fallback?: readonly Channel[];
  /** Who is told besides when nobody takes on an alert, see `acknowledge`. @defaultValue [] */
  readonly escalations?: readonly Escalation[];
  /** What an alert does when what it is about is no longer measured. @defaultValue 'resolve', as in Prometheus */
  readonly noData?: NoDataPolicy;
  /** Alerts about the alerting itself, such as `AlertsEvaluationFailing`; routed like all others. @defaultValue 'notify' */
  readonly metaAlerts?: 'notify' | 'off';
  /** Of several replicas, the one that holds it evaluates and tells. @defaultValue none: this one always does */
  readonly lease?: Lease;
  /**
   * Takes `ALERTS`, `ALERTS_FOR_STATE` and recorded series: all of one rule at one time. A series of the rule that
   * is no longer listed has ended; what other rules told goes on, so a store needs one axis a rule (`ruleKey`).
   */
  readonly onSeries?: (samples: readonly Sample[], atMs: number, ruleKey: string) => void;
  /** Language of the messages. @defaultValue 'en' */
  readonly locale?: Locale;
  /** IANA name of the zone in which messages show times. @defaultValue the zone of the process */
  readonly timeZone?: string;
  /** Where people look when they get a message; messages link to it. @defaultValue '' */
  readonly externalUrl?: string;
  /** For groups without an interval of their own. @defaultValue 15_000 */
  readonly intervalMs?: number;
  /** A query that takes longer has failed. @defaultValue 10_000 */
  readonly queryTimeoutMs?: number;
  /** How long `close` lets messages in flight finish. @defaultValue 5_000 */
  readonly closeTimeoutMs?: number;
  /** An OpenTelemetry meter that observes the metrics, where no reader takes `metricProducer`. @defaultValue none */
  readonly meter?: Meter;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Uniform in [0, 1); spreads retries. @defaultValue Math.random */
  readonly random?: () => number;
}

/** Rules at work: evaluated, routed, delivered. */
export interface Alerting extends Disposable {
  /** Evaluates from now on, each group at its interval. Safe to call twice. */
  start(): void;
  /**
   * Evaluates every rule once at this time, tells the groups that are due and waits for their messages to be
   * accepted or put off. Never rejects for what queries and channels do.
   *
   * @param atMs - Milliseconds since the Unix epoch; does not go back.
   */
  evaluate(atMs: number): Promise<void>;
  /** Pending and firing alerts, then the last 100 resolved ones, newest first. */
  alerts(): readonly Alert[];
  /** The data of Prometheus's `/api/v1/rules`. */
  rules(): RulesJson;
  /**
   * Keeps matching alerts quiet until then. The recovery of what has been told is told all the same.
   *
   * @throws {@link ConfigError} for a matcher that cannot be read; RangeError when there is none, the end is no time, or
   * there are 1,000 silences.
   */
  silence(
    matchers: readonly (string | Matcher)[],
    untilMs: number,
    comment: string,
    details?: SilenceDetails,
  ): Silence;
  /** The silences that hold, will hold, or have ended within five days, in the order of their making. */
  silences(): readonly Silence[];
  /**
   * Ends a silence now; what it kept quiet and still fires is told when its group is due.
   *
   * @returns false when there is none of this name that has not ended.
   */
  expireSilence(id: string): boolean;
  /** Resolves when all that was changed before is on disk, or cannot be. Never rejects. */
  saved(): Promise<void>;
  /**
   * Tells a receiver of alerts that another program raised, grouped and routed: nothing of that is done here.
   * Resolves when they are taken over, which with a folder means that they are on disk; they are then repeated until
   * they are accepted.
   *
   * @returns false when there is no such receiver.
   */
  deliver(receiver: string, group: RelayedGroup): Promise<boolean>;
  /**
   * The way of an alert through all stages, with the reason at each: what happened last and, while it fires, what
   * would happen now. Empty when it is not known.
   */
  explain(fingerprint: string): readonly ExplainStep[];
  /**
   * Takes on an alert that fires: it does not escalate any more.
   *
   * @returns false when it does not fire, or was taken on before.
   */
  acknowledge(fingerprint: string, by: string): boolean;
  /**
   * Reads the rules anew, or takes others. Rules that stay what they were keep their alerts; those of a rule that is
   * gone are told as resolved, with the reason.
   *
   * @throws {@link ConfigError} for a file that cannot be used: then the old rules go on.
   */
  reload(rules?: AlertingOptions['rules']): Promise<void>;
  readonly metricProducer: MetricProducer;
}
