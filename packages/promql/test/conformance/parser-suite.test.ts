import { describe, expect, it } from 'vitest';
import { parse, print, PromqlError } from '../../src/index.ts';
import { withoutPlaces } from '../without-places.ts';
import { readSuite } from './shared-suite.ts';

interface ParserCase {
  readonly input: string;
  readonly fail: boolean;
  readonly error?: string;
}

const suite = readSuite('parser-cases.json') as readonly ParserCase[] | undefined;

/**
 * Inputs that lost something on their way into JSON, with what the Go test really feeds. A byte 0xFF is no
 * character: decoding it yields U+FFFD. The other two are Go literals that were cut at a concatenation.
 */
const RESTORED: Readonly<Record<string, string>> = {
  'some_metric{a="\u00ff"}': 'some_metric{a="\ufffd"}',
  'label_replace(a, `b`, `c\u00ff`, `d`, `.*`)': 'label_replace(a, `b`, `c\ufffd`, `d`, `.*`)',
  "{'foo\\'bar', ": "{'foo\\'bar', `a\\dos\\path`=\"boo\"}",
  '`': '`\\a\\b\\f\\n\\r\\t\\v\\\\\\"\\\' - \\xFF\\377\\u1234\\U00010111\\U0001011111☺`',
};

describe.skipIf(suite === undefined)("Prometheus's parser suite (needs ../shared/conformance/promql)", () => {
  const cases = suite ?? [];
  const inputs = (fail: boolean): readonly string[] =>
    cases.filter((each) => each.fail === fail).map(({ input }) => RESTORED[input] ?? input);

  it('has 208 inputs to accept and 146 to refuse', () => {
    expect([inputs(false).length, inputs(true).length]).toEqual([208, 146]);
  });

  it.each(inputs(false))('accepts %j', (input) => {
    const tree = parse(input);
    expect(withoutPlaces(parse(print(tree)))).toEqual(withoutPlaces(tree));
  });

  it.each(inputs(true))('refuses %j', (input) => {
    expect(() => parse(input)).toThrow(PromqlError);
    expect(() => parse(input)).toThrow(/^\d+:\d+: parse error: ./);
  });

  it('says what is wrong in the words of Prometheus', () => {
    const others = cases.filter(({ input, fail, error = '' }) => {
      // Some expectations of the Go test are regular expressions: \" stands for a quote.
      return fail && !messageOf(RESTORED[input] ?? input).includes(error.replaceAll('\\"', '"'));
    });
    expect(others).toEqual([]);
  });
});

function messageOf(input: string): string {
  try {
    parse(input);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
