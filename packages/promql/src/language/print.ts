import type {
  AggregateExpr,
  AtModifier,
  BinaryExpr,
  CallExpr,
  Expr,
  LabelMatcher,
  Subquery,
  TimeModifiers,
  VectorSelector,
} from './ast.ts';
import { quote } from './go-string.ts';
import { isPlainLabelName, isPlainMetricName } from './keywords.ts';

/** Canonical text of an expression. {@link parse} reads it back into an equal tree. */
export function print(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return expr.text;
    case 'string':
      return quote(expr.value);
    case 'selector':
      return printSelector(expr) + printModifiers(expr);
    case 'range':
      return `${printSelector(expr.selector)}[${print(expr.range)}]${printModifiers(expr.selector)}`;
    case 'subquery':
      return print(expr.expr) + printSubqueryTimes(expr);
    case 'paren':
      return `(${print(expr.expr)})`;
    case 'unary':
      return expr.operator + print(expr.expr);
    case 'binary':
      return `${print(expr.left)} ${printOperator(expr)} ${print(expr.right)}`;
    case 'aggregate': {
      const parameter = expr.parameter === undefined ? '' : `${print(expr.parameter)}, `;
      return `${printCallee(expr)}(${parameter}${print(expr.expr)})`;
    }
    case 'call':
    default:
      return `${printCallee(expr)}(${expr.args.map(print).join(', ')})`;
  }
}

/** What stands before the parentheses of a call or an aggregation. */
export function printCallee(expr: CallExpr | AggregateExpr): string {
  if (expr.kind === 'call') return expr.name;
  const { operator, grouping } = expr;
  return grouping === undefined
    ? operator
    : `${operator} ${grouping.mode} ${printLabelList(grouping.labels)} `;
}

/** What stands behind the expression of a subquery. */
export function printSubqueryTimes(expr: Subquery): string {
  const step = expr.step === undefined ? '' : print(expr.step);
  return `[${print(expr.range)}:${step}]${printModifiers(expr)}`;
}

/** An operator with its modifiers. */
export function printOperator({ operator, bool, matching }: BinaryExpr): string {
  let text: string = operator;
  if (bool) text += ' bool';
  if (matching === undefined) return text;
  text += ` ${matching.mode} ${printLabelList(matching.labels)}`;
  // With its parentheses even when empty: `group_left (a)` would take a parenthesised operand for its list.
  if (matching.many !== 'neither') text += ` group_${matching.many} ${printLabelList(matching.include)}`;
  return text;
}

function printSelector({ name, matchers }: VectorSelector): string {
  const isInFront =
    name !== undefined && isPlainMetricName(name) && !matchers.some((matcher) => matcher.name === '__name__');
  const inside = matchers.map(printMatcher);
  if (name !== undefined && !isInFront) inside.unshift(quote(name));
  const front = isInFront ? name : '';
  return front !== '' && inside.length === 0 ? front : `${front}{${inside.join(',')}}`;
}

export function printMatcher({ name, operator, value }: LabelMatcher): string {
  return printLabel(name) + operator + quote(value);
}

function printLabel(name: string): string {
  return isPlainLabelName(name) && !['inf', 'nan'].includes(name.toLowerCase()) ? name : quote(name);
}

function printLabelList(labels: readonly string[]): string {
  return `(${labels.map(printLabel).join(', ')})`;
}

function printModifiers({ offset, at }: TimeModifiers): string {
  const atText = at === undefined ? '' : ` @ ${printAt(at)}`;
  return atText + (offset === undefined ? '' : ` offset ${print(offset)}`);
}

function printAt(at: AtModifier): string {
  return typeof at === 'string' ? `${at}()` : (at.atMs / 1000).toFixed(3);
}
