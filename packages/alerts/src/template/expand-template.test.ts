import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { expandTemplate } from './expand-template.ts';

const folder = process.env['TIDEWATCH_CONFORMANCE'] ?? '../../../../../shared/conformance';
const valuesFile = new URL(`${folder}/alerts/template-values.txt`, import.meta.url);
it('x', () => {
  const lines = readFileSync(new URL('file:///work/shared/conformance/alerts/template-values.txt'), 'utf8')
    .trim()
    .split('\n');
  const t: Record<string, string> = {
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
  let bad = 0,
    n = 0;
  lines.forEach((line, i) => {
    const input = line.slice(0, 22).trim();
    const value = input === 'Inf' ? Infinity : input === '-Inf' ? -Infinity : Number(input);
    for (const m of line.slice(22).matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      n++;
      const got = expandTemplate(t[m[1]!]!, { alertName: `A${i}`, labels: {}, value, nowMs: 0 }).text;
      const want = JSON.parse(`"${m[2]}"`);
      if (got !== want) {
        bad++;
        console.log(input, m[1], JSON.stringify(got), JSON.stringify(want));
      }
    }
  });
  console.log(n, bad);
  const forms = readFileSync(new URL('file:///work/shared/conformance/alerts/template-forms.txt'), 'utf8')
    .trim()
    .split('\n');
  let fb = 0;
  for (const line of forms) {
    const [tpl, want] = line.split('  =>  ') as [string, string];
    const query = (e: string) =>
      e === 'm'
        ? [
            { labels: { model: 'm1' }, timeMs: 0, value: 2 },
            { labels: { model: 'm2' }, timeMs: 0, value: 1 },
          ]
        : e === 'time()'
          ? [{ labels: {}, timeMs: 0, value: 60 }]
          : e.startsWith('scalar')
            ? [{ labels: {}, timeMs: 0, value: 1 }]
            : [];
    const got = expandTemplate(tpl, {
      alertName: 'A',
      labels: { model: 'm2' },
      value: 0.25,
      nowMs: 0,
      query,
    }).text;
    if (JSON.stringify(got).slice(1, -1) !== want && got !== want) {
      fb++;
      console.log('T', tpl, '\n G', got, '\n W', want);
    }
  }
  console.log(forms.length, fb);
});
