import { describe, expect, it } from 'vitest';
import type { Expr } from './ast.ts';
import { parse } from './parse.ts';

/** The tree with every operator in parentheses. */
function shape(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'string':
      return JSON.stringify(expr.value);
    case 'selector': {
      const matchers = expr.matchers.map(({ name, operator, value }) => `${name}${operator}${value}`);
      return (expr.name ?? '') + (matchers.length > 0 ? `{${matchers.join()}}` : '') + modifiers(expr);
    }
    case 'range':
      return `${shape(expr.selector)}[${shape(expr.range)}]`;
    case 'subquery':
      return `${shape(expr.expr)}[${shape(expr.range)}:${expr.step ? shape(expr.step) : ''}]${modifiers(expr)}`;
    case 'paren':
      return shape(expr.expr);
    case 'unary':
      return `(${expr.operator}${shape(expr.expr)})`;
    case 'binary': {
      const { operator, bool, matching, left, right } = expr;
      const how = matching
        ? ` ${matching.mode}(${matching.labels.join()}) ${matching.many}(${matching.include.join()})`
        : '';
      return `(${shape(left)} ${operator}${bool ? ' bool' : ''}${how} ${shape(right)})`;
    }
    case 'aggregate': {
      const { operator, parameter, grouping } = expr;
      const by = grouping ? ` ${grouping.mode}(${grouping.labels.join()})` : '';
      return `${operator}${by}(${parameter ? `${shape(parameter)}, ` : ''}${shape(expr.expr)})`;
    }
    case 'call':
    default:
      return `${expr.name}(${expr.args.map(shape).join(', ')})`;
  }
}

function modifiers({ offset, at }: { offset?: Expr; at?: unknown }): string {
  return (at ? `@${JSON.stringify(at)}` : '') + (offset ? `~${shape(offset)}` : '');
}

describe('parse', () => {
  it.each([
    // text                        tree                               why the row is here
    ['a + b offset 5m', '(a + b~300)'], //                            offset binds to b alone
    ['-1^2', '(-(1 ^ 2))'], //                                        a sign is looser than a power
    ['-a * b', '((-a) * b)'], //                                      and as strong as a product
    ['2^-1', '(2 ^ (-1))'],
    ['2^3^2', '(2 ^ (3 ^ 2))'], //                                    the only operator to the right
    ['a - b - c', '((a - b) - c)'],
    ['a or b and c', '(a or (b and c))'],
    ['a and b unless c', '((a and b) unless c)'], //                  equal strength: from the left
    ['a + b > c * d', '((a + b) > (c * d))'],
    ['a atan2 b * c', '((a atan2 b) * c)'],
    ['SUM BY (job) (a)', 'sum by(job)(a)'], //                        keywords in any case
    ['sum(a) without (x)', 'sum without(x)(a)'], //                   grouping behind
    ['a + sum', '(a + sum)'], //                                      a metric may be called sum
    ['sum(sum)', 'sum(sum)'],
    ['offset{by="x"}', 'offset{by=x}'],
    ['NaN + Inf', '(NaN + Infinity)'],
    ['a @ 1.5 offset 5m', 'a@{"atMs":1500}~300'],
    ['a offset 5m @ end()', 'a@"end"~300'], //                        either order
    ['a offset -1h30m', 'a~(-5400)'],
    ['a offset 5s - 8', '(a~5 - 8)'], //                              an offset is one operand
    ['rate(a[5m] offset 1w)', 'rate(a~604800[300])'],
    ['max_over_time(rate(a[1m])[1h:30s])', 'max_over_time(rate(a[60])[3600:30])'],
    ['a[10m:]', 'a[600:]'], //                                        default step
    ['a == bool 1', '(a == bool 1)'],
    ['a * on(x) group_left b', '(a * on(x) left() b)'],
    ['a / ignoring(x,y) group_right(z) b', '(a / ignoring(x,y) right(z) b)'],
    ['0x1F + 0755 + 1_000', '((31 + 493) + 1000)'], //                Go's literals
    ['a[300]', 'a[300]'], //                                          numbers are durations
    ['1h', '3600'], //                                                and durations numbers
    ['{"my.metric", "a b"="c"}', 'my.metric{a b=c}'], //              quoted names
    ['a # a comment\n + # another\n b', '(a + b)'],
    [`a{x='\\'', y=\`\\n\`}`, String.raw`a{x=',y=\n}`], //            single and raw quotes
  ])('%s → %s', (text, tree) => {
    expect(shape(parse(text))).toBe(tree);
  });

  it.each([
    ['', '1:1: parse error: no expression found in input'],
    ['sum(', '1:5: parse error: unclosed left parenthesis'],
    ['a +\n  * b', '2:3: parse error: unexpected <op:*>'], //          line and column
    [
      'rate(a)',
      '1:6: parse error: expected type range vector in call to function "rate", got instant vector',
    ],
    ['raet(a[5m])', '1:1: parse error: unknown function with name "raet", did you mean "rate"?'],
    ['{x=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['a{x=~"("}', '1:3: parse error: error parsing regexp: missing closing ): `(`'],
    // RE2 has no look-ahead.
    ['a{x=~"(?=b)"}', '1:3: parse error: error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
    ['"ß" + ', '1:8: parse error: unexpected end of input'], //       columns count bytes
    ['a{b="\\c"}', "1:5: parse error: unknown escape sequence U+0063 'c'"], // the string, not the escape
    ['rate(a[5m', '1:10: parse error: unclosed left parenthesis'],
    ['a[5m', '1:5: parse error: unclosed left bracket'],
    ['a[', '1:3: parse error: unexpected end of input in duration expression'],
    ['a[step]', '1:7: parse error: unexpected "]" in subquery or range selector'],
    ['a{__name__="b" c}', '1:16: parse error: unexpected identifier "c" in label matching'],
    [
      'a + on(x) group_left(x) b',
      '1:3: parse error: label "x" must not occur in ON and GROUP clause at once',
    ],
    ['9'.repeat(310), /1:1: parse error: error parsing number: .*: value out of range/],
    ['a + b[5m:1m]', '1:1: parse error: binary expression must contain only scalar and instant vector types'],
    ['1 == 1', '1:3: parse error: comparisons between scalars must use BOOL modifier'],
    ['a offset 1m offset 2m', '1:1: parse error: offset may not be set multiple times'],
    ['a[5m1h]', '1:3: parse error: not a valid duration string: "5m1h"'],
    ['"\\ud800"', /invalid Unicode code point/],
    ['a{x="\ud800"}', '1:6: parse error: invalid UTF-8 rune'], //      half a surrogate pair
    ['a smoothed', '1:3: the modifier smoothed is not supported'],
    ['a + fill(0) b', '1:5: the modifier fill() is not supported'],
    ['a </ b', '1:4: the histogram trim operator </ is not supported'],
  ])('refuses %j: %s', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it.each([
    ['parentheses', '('.repeat(40_000), 'nested deeper'],
    ['signs', '-'.repeat(40_000), 'nested deeper'],
    ['a long sum', Array.from({ length: 20_000 }, () => 'a').join('+'), 'more than 2000 operators'],
    ['a megabyte and more', 'a'.repeat(1_048_577), 'the limit is 1048576'],
  ])('refuses %s instead of overflowing the stack', (_, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
