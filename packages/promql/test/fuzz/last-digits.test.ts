import { expect, it } from 'vitest';
import { engineOver } from '../../src/testing/index.ts';
import { withNoise } from './last-digits.ts';

const engine = engineOver([{ labels: { __name__: 'g' }, t: [1000], v: [7] }]);

async function valueOf(expr: string): Promise<number> {
  const answer = await engine.instant(expr, 1000);
  if (answer.resultType !== 'vector') throw new Error(`is a ${answer.resultType}`);
  return Number(answer.result[0]?.value[1]);
}

it.for([['exp(g)'], ['g ^ 0.3'], ['-ln(g) + 1'], ['sum(sin(g)) atan2 sum(g)']] as const)(
  'moves %s by less than a billionth',
  async ([expr]) => {
    const noisy = withNoise(expr) ?? '';
    expect(noisy).not.toBe('');
    expect(Math.abs((await valueOf(noisy)) / (await valueOf(expr)) - 1)).toBeLessThan(1e-12);
  },
);

it('shows in a query that is all last digits', async () => {
  const expr = '(exp(g) - exp(g + 0)) + (exp(g) * 1e16) % 1e3';
  expect(await valueOf(withNoise(expr) ?? '')).not.toBeCloseTo(await valueOf(expr), 3);
});

it('leaves exact arithmetic alone', () => {
  expect(withNoise('rate(g[5m]) * 2 / sqrt(g)')).toBeUndefined();
});
