import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CONFIDENCE_BINS } from './confidence-bin.ts';
import { ConfidenceCounts } from './confidence-counts.ts';
import { BLOCK } from './label-memory.ts';
import { PerformanceEstimator } from './performance-estimator.ts';

/** Four classes and one that is pooled, with a hit rate that drifts; the seed says how. */
function labels(
  seed: number,
  blocks: number,
  take: (...label: [number, number, boolean, number]) => void,
): void {
  let state = seed;
  for (let i = 0; i < blocks * BLOCK; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    const said = (state >>> 28) % 5 === 4 ? 40 : (state >>> 28) % 5;
    const bin = (state >>> 20) % CONFIDENCE_BINS;
    const isHit = ((state >>> 8) & 255) < 4 * bin - (i >> 10);
    take(said, isHit ? said : 1, isHit, bin);
  }
}

function said(estimator: PerformanceEstimator): unknown {
  const window = new ConfidenceCounts();
  for (let bin = 0; bin < CONFIDENCE_BINS; bin += 1) window.add(bin % 4, bin);
  return [
    estimator.estimate(
      window,
      undefined,
      [0, 1, 2, 3].map((number) => [String(number), number] as const),
    ),
    structuredClone(estimator.learnt),
  ];
}

it('says the same whether it is asked after every block, now and then, or only at the end', () => {
  const stretches = fc.array(fc.integer({ min: 0, max: 95 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.nat(), stretches, (seed, asked) => {
      const often = new PerformanceEstimator();
      const seldom = new PerformanceEstimator();
      for (const [index, blocks] of asked.entries()) {
        let n = 0;
        labels(seed + index, blocks, (...label) => {
          often.add(...label);
          seldom.add(...label);
          n += 1;
          if (n % BLOCK === 0) void often.learnt;
        });
        expect(said(seldom)).toEqual(said(often));
      }
    }),
    { numRuns: 30 },
  );
});
