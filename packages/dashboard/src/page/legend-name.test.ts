import { expect, it } from 'vitest';
import { legendName } from './legend-name.ts';

it.for([
  // template                     labels                        name          why the row is here
  ['{{instance}} GPU {{gpu}}', { gpu: '0' }, 'GPU 0'], // one process has no instance label
  ['Accuracy {{model}}', {}, 'Accuracy'],
  ['{{code}}', { code: '{{gpu}}', gpu: '1' }, '{{gpu}}'], // values are text, not templates
  ['{{constructor}}', {}, ''],
] as const)('%s with %j is %j', ([template, labels, name]) => {
  expect(legendName(template, labels)).toBe(name);
});
