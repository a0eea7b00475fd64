import type { Span } from './position.ts';

/** The four types of a PromQL expression. */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

export interface NumberLiteral extends Span {
  readonly kind: 'number';
  /** A duration counts in seconds. */
  readonly value: number;
  /** The source text, so that `1h` prints as it was written. */
  readonly text: string;
}

interface StringLiteral extends Span {
  readonly kind: 'string';
  readonly value: string;
}

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface LabelMatcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** The `@` modifier: a Unix time in milliseconds, or a bound of the whole query. */
export type AtModifier = { readonly atMs: number } | 'start' | 'end';

/** What `offset` and `@` add to a selector or subquery. */
export interface TimeModifiers {
  /** Seconds, negative to look ahead. */
  readonly offset?: Expr;
  readonly at?: AtModifier;
}

export interface VectorSelector extends Span, TimeModifiers {
  readonly kind: 'selector';
  /** The name before the braces or quoted inside them; absent in `{job="api"}`. */
  readonly name?: string;
  readonly matchers: readonly LabelMatcher[];
}

export interface MatrixSelector extends Span {
  readonly kind: 'range';
  /** Carries the time modifiers of the whole. */
  readonly selector: VectorSelector;
  readonly range: Expr;
}

export interface Subquery extends Span, TimeModifiers {
  readonly kind: 'subquery';
  readonly expr: Expr;
  readonly range: Expr;
  /** Absent: the engine's default step. */
  readonly step?: Expr;
}

interface ParenExpr extends Span {
  readonly kind: 'paren';
  readonly expr: Expr;
}

interface UnaryExpr extends Span {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly expr: Expr;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOperator = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type SetOperator = 'and' | 'or' | 'unless';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator;

/** How the series of two vectors find each other. */
export interface VectorMatching {
  /** `on(labels)`, or everything `ignoring(labels)`. */
  readonly mode: 'on' | 'ignoring';
  readonly labels: readonly string[];
  /** Which side may have several series for one match. */
  readonly many: 'neither' | 'left' | 'right';
  /** Labels that `group_left` or `group_right` copies from the one side. */
  readonly include: readonly string[];
}

export interface BinaryExpr extends Span {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  /** `bool`: 0 or 1 instead of a filter. */
  readonly bool: boolean;
  /** Absent when neither `on` nor `ignoring` was written. */
  readonly matching?: VectorMatching;
}

export interface Grouping {
  readonly mode: 'by' | 'without';
  readonly labels: readonly string[];
}

export interface AggregateExpr extends Span {
  readonly kind: 'aggregate';
  readonly operator: string;
  /** k, quantile or label name, for the aggregations that take one. */
  readonly parameter?: Expr;
  readonly expr: Expr;
  /** Absent: everything in one group. */
  readonly grouping?: Grouping;
}

export interface CallExpr extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
}

/** One node of a parsed query. Holds no evaluation state: a tree may be shared and cached. */
export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | ParenExpr
  | UnaryExpr
  | BinaryExpr
  | AggregateExpr
  | CallExpr;

/** The expression inside any number of parentheses. */
export function withoutParens(expr: Expr): Expr {
  return expr.kind === 'paren' ? withoutParens(expr.expr) : expr;
}

/** The matchers of a selector, its name included. */
export function allMatchers(selector: VectorSelector): readonly LabelMatcher[] {
  if (selector.name === undefined) return selector.matchers;
  return [{ name: '__name__', operator: '=', value: selector.name }, ...selector.matchers];
}
