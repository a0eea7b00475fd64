import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oraclePlan } from './oracle.ts';

/** Replica n carries a load of n. */
const levels = Float64Array.from({ length: 6 }, (_, n) => n);

function plan(load: readonly number[], startupSeconds: number) {
  const { ready, paid } = oraclePlan(Float64Array.from(load), levels, startupSeconds);
  return { ready: [...ready], paid: [...paid] };
}

describe('the oracle', () => {
  it('pays a start-up before the load comes, and bridges a gap that is no longer', () => {
    // 10 s are two steps.
    expect(plan([1, 1, 1, 2, 1, 1, 2, 1], 10)).toEqual({
      ready: [1, 1, 1, 2, 2, 2, 2, 1], // the gap of two steps costs as much as a start: kept
      paid: [1, 2, 2, 2, 2, 2, 2, 1],
    });
    expect(plan([1, 1, 1, 2, 1, 1, 1, 2, 1], 10)).toEqual({
      ready: [1, 1, 1, 2, 1, 1, 1, 2, 1], // the gap of three is dearer
      paid: [1, 2, 2, 2, 1, 2, 2, 2, 1],
    });
  });

  it('has what the first step needs from the start, unpaid', () => {
    expect(plan([3, 1], 60)).toEqual({ ready: [3, 1], paid: [3, 1] });
  });

  it('always serves, and no plan that always serves is cheaper', () => {
    const load = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(load, fc.constantFrom(0, 5, 10), (needs, startupSeconds) => {
        const { ready, paid } = plan(needs, startupSeconds);
        for (const [step, need] of needs.entries()) expect(ready[step]).toBeGreaterThanOrEqual(need);
        const cost = paid.reduce((sum, count) => sum + count, 0);
        expect(cost).toBe(cheapestByTrying(needs, startupSeconds / 5));
      }),
      { numRuns: 60 },
    );
  });
});

/** Tries every sequence of ready replicas. A start at step s is paid for in the steps before it that exist. */
function cheapestByTrying(needs: readonly number[], startupSteps: number): number {
  const [first = 1] = needs;
  let best = Infinity;
  const walk = (step: number, before: number, cost: number): void => {
    if (cost >= best) return;
    if (step === needs.length) {
      best = cost;
      return;
    }
    for (let count = needs[step] ?? 1; count <= 3; count++) {
      const started = step === 0 ? 0 : Math.max(0, count - before);
      if (step === 0 && count !== first) continue;
      walk(step + 1, count, cost + count + started * Math.min(step, startupSteps));
    }
  };
  walk(0, 0, 0);
  return best;
}
