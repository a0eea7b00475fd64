import { describe, expect, it } from 'vitest';
import { parseDemoOptions, usage, UsageError } from '../src/demo/demo-options.ts';

describe('parseDemoOptions', () => {
  it.for([
    // words and LANG                    options that differ from the defaults    why the row is here
    [[], undefined, {}],
    [['--seconds', '90', '--json'], undefined, { seconds: 90, json: true }],
    [['--seconds', '30'], undefined, { seconds: 30 }], // the least that a day may last
    [['--seconds', '86400'], undefined, { seconds: 86_400 }],
    [['--port', '0'], undefined, { port: 0 }], // any free one
    [['--port=65535'], undefined, { port: 65_535 }],
    [[], 'zh_CN.UTF-8', { locale: 'zh-CN' }],
    [['--lang', 'en'], 'zh_CN.UTF-8', { locale: 'en' }], // what is written wins
    [[], 'de_DE.UTF-8', {}], // a language that there is not: English
  ] as const)('%j with LANG=%s', ([args, LANG, differing]) => {
    const defaults = { seconds: undefined, json: false, port: 8787, locale: 'en' };
    expect(parseDemoOptions(args, LANG === undefined ? {} : { LANG })).toEqual({ ...defaults, ...differing });
  });

  it.for([['--help'], ['-h'], ['--seconds', 'x', '--help']])(
    '%j asks for help, whatever else is wrong',
    (args) => {
      expect(parseDemoOptions(args, {})).toBe('help');
    },
  );

  it.for([
    [['--seconds', '29'], '--seconds: expected a whole number from 30 to 86400, got "29"'],
    [['--seconds', '86401'], '--seconds: expected a whole number from 30 to 86400, got "86401"'],
    [['--seconds', '60.5'], 'got "60.5"'],
    [['--seconds', ''], 'got ""'], // an empty variable in a script is not 0
    [['--seconds', '1e2x'], 'got "1e2x"'],
    [['--port', '-1'], '--port'],
    [['--port', '65536'], '--port: expected a whole number from 0 to 65535, got "65536"'],
    [['--lang', 'zh'], '--lang: expected en or zh-CN, got "zh"'],
    [['--speed', '2'], "Unknown option '--speed'"],
    [['90'], usage], // a number without its option: the usage says how
  ] as const)('%j: %s', ([args, says]) => {
    expect(() => parseDemoOptions(args, {})).toThrow(UsageError);
    expect(() => parseDemoOptions(args, {})).toThrow(says);
  });
});
