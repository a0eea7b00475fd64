import { parse, type Expr } from '../../src/index.ts';
import type { Answer } from './compare-answers.ts';
import type { FuzzQuery } from './random-query.ts';
import { children } from './tree-slots.ts';

interface IntendedDifference {
  readonly name: string;
  readonly reason: string;
  readonly isMeant: (query: FuzzQuery, ours: Answer, theirs: Answer) => boolean;
}

/**
 * Where Tidewatch differs from Prometheus 3.5.3 on purpose: it follows the suite of 3.14, or the reference is at fault.
 * What native histograms and error texts differ in is not compared at all, nor the places of remarks.
 */
const INTENDED: readonly IntendedDifference[] = [
  {
    name: 'merges series',
    reason: 'since 3.6, series that become equal and never share a step are one series, not an error',
    isMeant: ({ stepMs, expr }, ours, theirs) =>
      (stepMs !== undefined || expr.includes(':')) &&
      'data' in ours &&
      'error' in theirs &&
      theirs.error.includes('same labelset'),
  },
  {
    name: 'many-to-one is an error',
    reason: 'since 3.6, an ambiguous match fails even if the comparison filters every pair',
    isMeant: ({ expr }, ours, theirs) =>
      'error' in ours && 'data' in theirs && /[<>=]/.test(expr) && ours.error.includes('multiple matches'),
  },
  {
    name: 'last_over_time of a dropped name',
    reason: 'since 3.6, last_over_time over a subquery does not bring back a name that delayed removal took',
    isMeant: ({ expr }, ours, theirs) =>
      expr.includes('last_over_time(') && expr.includes(':') && hasName(theirs) && !hasName(ours),
  },
  {
    name: 'topk of NaN',
    reason: 'since 3.6, a parameter of NaN fails even over an empty vector',
    isMeant: ({ expr }, ours, theirs) =>
      /\b(?:topk|bottomk)\b/.test(expr) && 'error' in ours && 'data' in theirs && ours.error.includes('NaN'),
  },
  {
    name: 'parameter over a fixed vector',
    reason:
      'over a vector that is the same at every step, 3.5.3 takes the parameter of quantile or topk from the first step; its instant queries agree with ours',
    isMeant: ({ stepMs, expr }) =>
      (stepMs !== undefined || expr.includes(':')) && some(parse(expr), isOverFixedVector),
  },
  {
    name: 'timestamp of a fixed selector with an offset',
    reason: 'timestamp(x @ t offset d): 3.5.3 evaluates x at t as if there were no offset; x alone it shifts',
    isMeant: ({ expr }) => some(parse(expr), isShiftedTimestamp),
  },
  {
    name: 'fixed subquery inside a subquery',
    reason:
      'e[r] @ t over a fixed e, inside another subquery: 3.5.3 finds nothing, although e alone is there',
    isMeant: ({ expr }) =>
      some(parse(expr), (node) => node.kind === 'subquery' && some(node.expr, isFixedTwice)),
  },
  {
    name: 'dropped names in groups over or',
    reason:
      'delayed removal, by (__name__) over an or: 3.5.3 keeps the name of every group when the first series keeps its own',
    isMeant: ({ expr }, ours, theirs) =>
      some(parse(expr), isGroupOfMixed) && hasName(theirs) && !hasName(ours),
  },
];

/** The name of the intended difference that explains these two answers, if one does. */
export function intendedDifference(query: FuzzQuery, ours: Answer, theirs: Answer): string | undefined {
  return INTENDED.find(({ isMeant }) => isMeant(query, ours, theirs))?.name;
}

/** Whether the condition holds for a node of the tree. */
function some(expr: Expr, holds: (node: Expr) => boolean): boolean {
  return holds(expr) || children(expr).some((child) => some(child, holds));
}

/** An aggregation with a parameter that may change over a vector that does not. */
function isOverFixedVector(node: Expr): boolean {
  if (node.kind !== 'aggregate' || node.parameter === undefined) return false;
  return !isFixed(node.parameter) && isFixed(node.expr);
}

/** Whether an expression has the same value at every step. */
function isFixed(expr: Expr): boolean {
  if (expr.kind === 'selector' || expr.kind === 'subquery') return expr.at !== undefined;
  if (expr.kind === 'range') return expr.selector.at !== undefined;
  if (expr.kind === 'call' && expr.args.length === 0) return expr.name === 'pi';
  return children(expr).every(isFixed);
}

function isFixedTwice(node: Expr): boolean {
  return node.kind === 'subquery' && node.at !== undefined && isFixed(node.expr);
}

function isShiftedTimestamp(node: Expr): boolean {
  if (node.kind !== 'call' || node.name !== 'timestamp') return false;
  let [arg] = node.args;
  while (arg?.kind === 'paren') arg = arg.expr;
  return arg?.kind === 'selector' && arg.at !== undefined && arg.offset !== undefined;
}

function isGroupOfMixed(node: Expr): boolean {
  if (node.kind !== 'aggregate' || node.grouping?.labels.includes('__name__') !== true) return false;
  return some(node.expr, (inner) => inner.kind === 'binary' && inner.operator === 'or');
}

function hasName(answer: Answer): boolean {
  return 'data' in answer && JSON.stringify(answer.data.result).includes('"__name__"');
}
