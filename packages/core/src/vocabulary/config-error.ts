export type ConfigErrorCode =
  | 'unreadable'
  | 'syntax'
  | 'unknown-key'
  | 'wrong-type'
  | 'missing-key'
  | 'out-of-range'
  | 'contradiction';

/** One fault of a configuration, with all a person needs to mend it. */
export interface ConfigIssue {
  readonly code: ConfigErrorCode;
  /** Where in the document, as the user would write it: `scaling.cooldown`, `groups[0].rules[1].expr`. */
  readonly path: string;
  /** What is wrong, without the place: `expected a number, got "five"`. */
  readonly problem: string;
  /** What to do: `did you mean "cooldown"?` */
  readonly remedy?: string;
  /** 1-based place in the file; absent when the configuration is not a text. */
  readonly line?: number;
  readonly column?: number;
}

/** A configuration that cannot be used. Thrown at construction, never later. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** The code of the first issue. */
  readonly code: ConfigErrorCode;
  /** File name or a name for the source, such as `config.yaml`. */
  readonly source: string;
  /** All faults found, in the order of the document; at least one. */
  readonly issues: readonly ConfigIssue[];

  constructor(source: string, issues: readonly [ConfigIssue, ...ConfigIssue[]], options?: ErrorOptions) {
    super(issues.map((issue) => describeIssue(source, issue)).join('\n'), options);
    this.code = issues[0].code;
    this.source = source;
    this.issues = issues;
  }
}

function describeIssue(source: string, issue: ConfigIssue): string {
  const place = issue.line === undefined ? source : `${source}:${issue.line}:${issue.column ?? 1}`;
  const path = issue.path === '' ? '' : ` ${issue.path}:`;
  const remedy = issue.remedy === undefined ? '' : `; ${issue.remedy}`;
  return `${place}:${path} ${issue.problem}${remedy}`;
}
