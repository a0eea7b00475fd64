import { manualClock } from '@tidewatch/core/testing';
import { expect, it } from 'vitest';
import type { PageData } from '../src/data/page-data.ts';
import { createDashboard } from '../src/index.ts';

const corpus = [
  ['script', '</script><script>alert(1)</script>'],
  ['image', '<img src=x onerror=alert(1)>'],
  ['template', '{{7*7}}'],
  ['template literal', '${7*7}'],
  ['replacement pattern', '$& $1 $$'],
  ['line separators', '\u2028\u2029'],
  ['bidi mark', '\u202Etxt.exe'],
  ['prototype', '__proto__'],
  ['length', 'x'.repeat(10_000)],
] as const;

it.for(corpus)('carries a hostile label, name and sentence unchanged, as data: %s', async ([, text]) => {
  const series = [{ labels: { predicted: text }, points: [{ timeMs: 0, value: 1 }] }];
  const handler = createDashboard({
    query: () => Promise.resolve([]),
    queryRange: () => Promise.resolve(series),
    alerts: () => [
      {
        name: text,
        state: 'firing',
        labels: { [text]: text },
        annotations: {},
        activeAtMs: 0,
        deliveredTo: [text],
      },
    ],
    clock: manualClock(0),
  });
  const response = await handler(new Request('http://localhost/data'));
  // A browser that opened this address itself must not take it for a page.
  expect(response?.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(response?.headers.get('x-content-type-options')).toBe('nosniff');
  const data = (await response?.json()) as PageData;
  expect(data.panels['predicted-classes']).toMatchObject({ series: [{ labels: { predicted: text } }] });
  expect(data.alerts).toMatchObject({ items: [{ name: text, deliveredTo: [text] }] });
  expect(data.verdict.sentence.en).toContain(text);
});
