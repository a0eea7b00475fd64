import { describe, expect, it } from 'vitest';
import { expandTemplate } from '../../packages/alerts/src/template/expand-template.ts';
import { differentlyExpanded } from '../../packages/alerts/test/templates/differently-expanded.ts';
import { hasPromtool } from '../../packages/alerts/test/templates/promtool-answers.ts';
import { randomTemplates } from '../../packages/alerts/test/templates/random-template.ts';

describe.skipIf(!hasPromtool)('templates of rules, beside promtool', () => {
  it.for([
    [11, 0.8123],
    [12, 1e6],
    [13, -90],
    [14, 1e-5],
    [15, 123456789],
    [16, 0],
  ] as const)('R14 are expanded alike, 500 random ones (seed %i) of the value %d', async ([seed, value]) => {
    expect(await differentlyExpanded(seed, 500, value)).toEqual([]);
  });
});

it('R14 10,000 random templates, and as many broken ones, always become a text', () => {
  const subject = { alertName: 'T', labels: { model: 'digits' }, value: 0.8, nowMs: 0 };
  for (const [index, template] of randomTemplates(21, 10_000).entries()) {
    const at = (index * 7919) % template.length;
    const broken = template.slice(0, at) + '{}}|("$'.charAt(index % 7) + template.slice(at + 1);
    for (const text of [template, broken]) expect(typeof expandTemplate(text, subject).text).toBe('string');
  }
});
