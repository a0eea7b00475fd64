import { expect, it } from 'vitest';
import { negotiateFormat } from './negotiate-format.ts';

it.for([
  [null, 'prometheus', 'no header at all'],
  ['*/*', 'prometheus', 'curl'],
  ['text/html,application/xhtml+xml,*/*;q=0.8', 'prometheus', 'a browser'],
  [
    'application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'openmetrics',
    'Prometheus 2 and 3',
  ],
  [
    'text/plain;version=0.0.4;q=0.9,application/openmetrics-text;version=1.0.0;q=0.2',
    'prometheus',
    'text preferred',
  ],
  ['application/openmetrics-text; version=2.0.0', 'prometheus', 'a version not spoken here'],
  ['application/openmetrics-text;q=0', 'prometheus', 'expressly not wanted'],
  ['Application/OpenMetrics-Text; Version="1.0.0"', 'openmetrics', 'case and quotation marks do not count'],
  [',;=;q=x,,', 'prometheus', 'nonsense'],
] as const)('%s → %s: %s', ([accept, format]) => {
  expect(negotiateFormat(accept)).toBe(format);
});
