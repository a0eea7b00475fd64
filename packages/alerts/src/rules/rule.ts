/** What every rule has: an expression and labels put on its results. */
interface RuleBase {
  /** PromQL, as written. */
  readonly expr: string;
  /** Values may be templates for an alerting rule. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A rule that raises an alert for every series that its expression returns. */
export interface AlertRule extends RuleBase {
  readonly kind: 'alert';
  readonly name: string;
  /** How long a series must be returned before its alert fires. 0 fires at once. */
  readonly forMs: number;
  /** How long an alert goes on firing after its series is gone. */
  readonly keepFiringForMs: number;
  /** Values are templates. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** A rule that writes the result of its expression under a new name. */
export interface RecordRule extends RuleBase {
  readonly kind: 'record';
  readonly name: string;
}

export type Rule = AlertRule | RecordRule;

/** Rules that are evaluated one after the other, at one time. */
export interface RuleGroup {
  readonly name: string;
  /** File or name of the source. */
  readonly source: string;
  /** Absent: the interval of the evaluator. */
  readonly intervalMs?: number;
  /** Most alerts, or recorded series, that one rule of the group may produce. 0 is no limit of the file's own. */
  readonly limit: number;
  /** How far in the past the expressions are evaluated. */
  readonly queryOffsetMs: number;
  readonly rules: readonly Rule[];
}

/** One rule file. */
export interface RuleFile {
  readonly source: string;
  readonly groups: readonly RuleGroup[];
}
