import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differentlyExpanded } from '../../test/templates/differently-expanded.ts';
import { hasPromtool } from '../../test/templates/promtool-answers.ts';
import { randomTemplates } from '../../test/templates/random-template.ts';
import { expandTemplate } from './expand-template.ts';

const subject = { alertName: 'A', labels: { model: 'm2' }, value: 0.25, nowMs: 0 };
const expand = (template: string): string => expandTemplate(template, subject).text;

it.for([
  ['{{ $value }}', '0.25', 'the value, printed as Go prints it'],
  ['{{ .Value }} of {{ .Labels.model }}', '0.25 of m2', 'the long names'],
  ['[{{ $labels.absent }}]', '[]', 'an absent label is empty text'],
  ['{{ $value | printf "%.1f%%" }}', '0.2%', 'half to even, as Go rounds'],
  ['{{ if gt $value 0.5 }}y{{ else if gt $value 0.2 }}m{{ else }}n{{ end }}', 'm', 'else if'],
  ['{{ $x := 5 }}{{ $x = 6 }}{{ $x }}', '6', 'variables'],
  ['{{ printf "%08s|%04d" "-a" -3 }}', '000000-a|-003', 'zeros go before a text, and behind a sign'],
  ['{{ printf "%08.3f" "digits" }}', '%!f(string=00000dig)', 'a verb that does not fit keeps its flags'],
  ['{{ range 3 }}{{ . }}{{ else }}none{{ end }}', '012', 'range over a number'],
  ['{{ title "12.35k o-b" }}', '12.35K O-B', 'the first letter of each word'],
  ['{{- "trim" -}}   {{ "x" }}', 'trimx', 'trim marks'],
  ['{{ with $labels.model }}{{ . }}{{ $value }}{{ end }}', 'm20.25', 'with sets the dot'],
  ['{{ define "t" }}T{{ . }}{{ end }}{{ template "t" 5 }}', 'T5', 'templates'],
] as const)('%s is %s (%s)', ([template, text]) => {
  expect(expand(template)).toBe(text);
});

it('R14 carries its own error as text, so that the alert is delivered', () => {
  const { text, error } = expandTemplate('{{ humanize "abc" }}', subject);
  expect(text).toBe(
    '<error expanding template: error executing template __alert_A: template: __alert_A:1:115: executing "__alert_A" at <humanize "abc">: error calling humanize: strconv.ParseFloat: parsing "abc": invalid syntax>',
  );
  expect(error).toBeDefined();
});

it.for([
  ['{{ toUpper $value }}', 'at <$value>: wrong type for value; expected string; got float64'],
  ['{{ toUpper 1e6 }}', 'at <1e6>: expected string; found 1e6'],
  ['{{ 1 | toUpper }}', 'at <toUpper>: wrong type for value; expected string; got int'],
  ['{{ match "[" 2.5 }}', 'at <2.5>: expected string; found 2.5'],
  ['{{ index .Labels 1 }}', 'error calling index: value has type int; should be string'],
  ['{{ lt .Labels 1 }}', 'error calling lt: invalid type for comparison'],
] as const)('%s fails with Go’s words: %s', ([template, problem]) => {
  expect(expand(template)).toContain(problem);
});

it('R14 never throws, whatever it is fed', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '{{',
      '}}',
      ' $value ',
      '.Labels',
      ' if ',
      ' end ',
      ' range ',
      ' | ',
      '"',
      '(',
      ')',
      ' printf ',
      ' 1 ',
      '$labels',
    ),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      expect(typeof expand(pieces.join(''))).toBe('string');
    }),
    { numRuns: 2000 },
  );
});

it.for([
  ['{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}', 'exceeded maximum template depth'],
  [
    `{{ $x := "0123456789" }}${'{{ $x = printf "%s%s" $x $x }}'.repeat(40)}`,
    'a text of more than 262144 characters',
  ],
  [`{{ printf "${'%10000d'.repeat(1000)}" ${'1 '.repeat(1000)} }}`, 'a text of more than 262144 characters'],
  ['{{ range 50000 }}{{ range 50000 }}x{{ end }}{{ end }}', 'exceeded maximum number of steps'],
  ['{{ range 9223372036854775807 }}x{{ end }}', 'exceeded maximum number of steps'],
  ['{{ range 50 }}{{ range 1000 }}{{ $value }}{{ end }}{{ end }}', 'exceeded maximum number of steps'],
  [
    `{{ $x := printf "%10000d" 1 }}{{ range 1000 }}{{ match "(x+x+)+y" $x }}{{ end }}`,
    'exceeded maximum number of steps',
  ],
  [
    `{{ $x := printf "%10000d" 1 }}{{ range 100 }}{{ reReplaceAll "( {900}){1}" "y" $x }}{{ end }}`,
    'exceeded maximum number of steps',
  ],
] as const)('stops %s', ([template, problem]) => {
  expect(expand(template)).toContain(problem);
});

it('R14 is bounded by steps and characters, whatever 2,000 random templates do (10,000: test/integration)', () => {
  for (const template of randomTemplates(7, 2000)) expect(typeof expand(template)).toBe('string');
});

describe.skipIf(!hasPromtool)('beside promtool (skipped without one of Prometheus 3)', () => {
  it('R14 expands 100 random templates as promtool does (3,000: test/integration)', async () => {
    expect(await differentlyExpanded(1, 100, 0.8123)).toEqual([]);
  });
});

/** Answers of promtool 2.42, one folder of data that is not always beside the repository. */
const goldens = ['../../../../../shared/conformance/alerts/', '../../../../../../shared/conformance/alerts/']
  .map((path) => new URL(path, import.meta.url))
  .find((url) => existsSync(url));

const lines = (name: string): string[] =>
  goldens === undefined ? [] : readFileSync(new URL(name, goldens), 'utf8').trim().split('\n');

describe.skipIf(goldens === undefined)('equal to promtool (skipped without shared/conformance)', () => {
  const templates: Record<string, string> = {
    v: '{{ $value }}',
    h: '{{ humanize $value }}',
    h1024: '{{ humanize1024 $value }}',
    dur: '{{ humanizeDuration $value }}',
    pct: '{{ humanizePercentage $value }}',
    ts: '{{ humanizeTimestamp $value }}',
    p2f: '{{ printf "%.2f" $value }}',
    pg: '{{ printf "%g" $value }}',
    pd: '{{ printf "%d" $value }}',
    ps: '{{ printf "%s" $value }}',
    p3s: '{{ printf "%5.1f|%e|%f|%f" $value }}',
  };

  it('R14 in 11 templates of 36 values', () => {
    let compared = 0;
    for (const [index, line] of lines('template-values.txt').entries()) {
      const value = Number(line.slice(0, 22).trim().replace('Inf', 'Infinity'));
      for (const [, column = '', quoted = ''] of line.slice(22).matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
        const { text } = expandTemplate(templates[column] ?? '', {
          alertName: `A${index}`,
          labels: {},
          value,
          nowMs: 0,
        });
        expect(text, `${column} of ${value}`).toBe(JSON.parse(`"${quoted}"`));
        compared++;
      }
    }
    console.log(`templates: ${compared} values equal to promtool`);
    expect(compared).toBe(396);
  });

  /** Forms in which we differ on purpose, with the reason. */
  const allowed = new Map([
    ['{{ $externalURL }} {{ externalURL }} {{ pathPrefix }}', 'promtool itself panics'],
    ['{{ label "model" (query "m" | first) }}', 'the order of query results is not defined'],
    ['{{ parseDuration "1h30m" }} {{ now }} {{ (toTime $value).Format "2006-01-02" }}', '2.42 has no now'],
    ['{{ call now }}', '2.42 has no now'],
  ]);

  it('R14 in the forms of the language', () => {
    const answers: Record<string, number[]> = { m: [2, 1], 'time()': [60], 'scalar(vector(1))': [1] };
    const query = (expr: string) =>
      (answers[expr] ?? []).map((value, index) => ({ labels: { model: `m${index + 1}` }, timeMs: 0, value }));
    const forms = lines('template-forms.txt').map((line) => line.split('  =>  '));
    for (const [template = '', wanted = ''] of forms) {
      if (allowed.has(template)) continue;
      const text = expandTemplate(template, { ...subject, query }).text;
      // What promtool refuses while loading, we refuse while loading as well; the words are the same.
      const refusal = /annotation "s": (.*)$/.exec(wanted)?.[1];
      const isRefused = refusal !== undefined && text.includes(refusal);
      expect([template, text, JSON.stringify(text).slice(1, -1), isRefused && wanted]).toContain(wanted);
    }
    console.log(
      `templates: ${forms.length - allowed.size} of ${forms.length} forms equal to promtool, ${allowed.size} excepted by name`,
    );
    expect(forms).toHaveLength(47);
  });
});
