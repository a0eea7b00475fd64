import fc from 'fast-check';

const numbers = ['$value', '.Value', '1', '2.5', '-3', '1e6', '0', '12345.678'];
const texts = [
  '$labels.model',
  '.Labels.model',
  '$labels.absent',
  '"text"',
  '`raw`',
  '"a b"',
  '""',
  '"http://h.example:80/x"',
  '"10.0.0.1:9090"',
];
const formats = [
  '%v',
  '%.2f',
  '%5.1f',
  '%d',
  '%s',
  '%q',
  '%e',
  '%g',
  '%t',
  '%-8v|',
  '%+d',
  '%08.3f',
  '%%',
  '%',
  '%z',
];

const { any } = fc.letrec<{ any: string }>((tie) => {
  const value = tie('any').map((text) => (text.includes(' ') && !/^["`(]/.test(text) ? `(${text})` : text));
  const call = (names: readonly string[], ...args: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    fc.tuple(fc.constantFrom(...names), ...args).map((words) => words.join(' '));
  const numeric = ['humanize', 'humanize1024', 'humanizeDuration', 'humanizePercentage', 'humanizeTimestamp'];
  const textual = [
    'title',
    'toUpper',
    'toLower',
    'stripPort',
    'stripDomain',
    'html',
    'js',
    'urlquery',
    'len',
    'graphLink',
    'tableLink',
  ];
  const comparing = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'and', 'or'];
  return {
    any: fc.oneof(
      { depthIdentifier: 'template', depthSize: 'small' },
      fc.constantFrom(...numbers),
      fc.constantFrom(...texts),
      fc.constantFrom('true', '.Labels', '$labels'),
      call(numeric, value),
      call(textual, value),
      call(['print', 'println', 'not'], value),
      call(comparing, value, value),
      call(
        ['printf'],
        fc.constantFrom(...formats).map((format) => `"${format}"`),
        value,
      ),
      call(
        ['reReplaceAll'],
        fc.constantFrom('"(d)i"', '"[a-z]+"', '"("'),
        fc.constantFrom('"<$1>"', '"x"'),
        value,
      ),
      call(['match'], fc.constantFrom('"^d"', '"(?i)TEXT"', '"["'), value),
      call(['index'], fc.constantFrom('.Labels', '$labels'), fc.constantFrom('"model"', '"absent"', '1')),
      fc
        .tuple(value, fc.constantFrom(...numeric, ...textual, 'printf "%.3g"', 'print "a"'))
        .map(([text, name]) => `${text} | ${name}`),
    ),
  };
});

const statement = fc.oneof(
  any.map((expression) => `{{ ${expression} }}`),
  fc
    .tuple(any, any, any)
    .map(([test, then, otherwise]) => `{{ if ${test} }}{{ ${then} }}{{ else }}{{ ${otherwise} }}{{ end }}`),
  any.map((expression) => `{{ with ${expression} }}[{{ . }}]{{ else }}none{{ end }}`),
  any.map((expression) => `{{ range ${expression} }}<{{ . }}>{{ else }}none{{ end }}`),
  any.map((expression) => `{{ $x := ${expression} }}{{ $x }}`),
  fc.constantFrom(
    'text ',
    '{{- " trimmed " -}}',
    '{{/* silent */}}',
    '{{ $labels.model }}\n',
    '{{ range $name, $text := .Labels }}{{ $name }}={{ $text }},{{ end }}',
  ),
);

/**
 * Templates that promtool loads or refuses, most of them sensible; the same for a seed. Without what is
 * known to differ: hexadecimal floats, and `safeHtml`, whose result Go takes for no text.
 */
export function randomTemplates(seed: number, count: number): string[] {
  const template = fc.array(statement, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
  return fc.sample(template, { seed, numRuns: count });
}
