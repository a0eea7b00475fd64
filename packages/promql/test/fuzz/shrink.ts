import { parse, print, type Expr } from '../../src/index.ts';
import { children, slots } from './tree-slots.ts';

/**
 * Drops parts of a query as long as what is left still fails, and returns the shortest text found.
 *
 * @param stillFails - Asked about each candidate; a candidate that does not parse is never asked about.
 */
export async function shrink(
  text: string,
  stillFails: (candidate: string) => Promise<boolean>,
): Promise<string> {
  let shortest = text;
  for (let found: string | undefined = shortest; found !== undefined;) {
    found = undefined;
    for (const candidate of candidatesOf(shortest)) {
      if (!(await stillFails(candidate))) continue;
      found = candidate;
      shortest = candidate;
      break;
    }
  }
  return shortest;
}

/** Shorter texts, the shortest first. */
function candidatesOf(text: string): readonly string[] {
  const texts = new Set<string>();
  for (const smaller of smallerThan(parse(text))) {
    const candidate = print(smaller);
    if (candidate.length < text.length && parses(candidate)) texts.add(candidate);
  }
  return [...texts].toSorted((a, b) => a.length - b.length);
}

function parses(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The tree with one of its nodes simplified, in every possible place. */
function smallerThan(expr: Expr): readonly Expr[] {
  const here = children(expr).map(inParens);
  const below = slots(expr).flatMap(({ child, put }) => smallerThan(child).map(put));
  return [...here, ...simplified(expr), ...below];
}

function inParens(expr: Expr): Expr {
  return expr.kind === 'binary' || expr.kind === 'unary' ? { kind: 'paren', expr, from: 0, to: 0 } : expr;
}

/** The node without one of its own clauses. */
function simplified(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'selector':
    case 'subquery': {
      const { offset: _offset, ...withoutOffset } = expr;
      const { at: _at, ...withoutAt } = expr;
      return [withoutOffset, withoutAt];
    }
    case 'range':
      return simplified(expr.selector).map((selector) => ({
        ...expr,
        selector: selector as typeof expr.selector,
      }));
    case 'binary': {
      const { matching: _matching, ...withoutMatching } = expr;
      return [withoutMatching, { ...expr, bool: false }];
    }
    case 'aggregate': {
      const { grouping, ...withoutGrouping } = expr;
      const fewer = (grouping?.labels ?? []).map((dropped) => ({
        ...expr,
        grouping: {
          mode: grouping?.mode ?? 'by',
          labels: grouping?.labels.filter((label) => label !== dropped) ?? [],
        },
      }));
      return [withoutGrouping, ...fewer];
    }
    case 'number':
    case 'string':
    case 'paren':
    case 'unary':
    case 'call':
    default:
      return [];
  }
}
