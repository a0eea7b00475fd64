import { describe, expect, it } from 'vitest';
import { whyNoReference } from '../../packages/promql/test/fuzz/prometheus-server.ts';
import { runFuzz } from '../../packages/promql/test/fuzz/run-fuzz.ts';

// The short form of `pnpm conformance:fuzz --queries 10000 --seed N`.
const missing = whyNoReference();

describe.skipIf(missing !== undefined)(
  `random PromQL against Prometheus 3.5 (${missing ?? 'on the PATH'})`,
  () => {
    it.for([1, 2])('is answered alike, seed %i', async (seed) => {
      const { passed, mismatches, bothFailed, bothEmpty } = await runFuzz({ queries: 300, seed });
      expect(mismatches.map(({ shrunk, difference }) => `${shrunk}: ${difference.where}`)).toEqual([]);
      // Agreement on nothing proves nothing.
      expect(passed - bothFailed - bothEmpty).toBeGreaterThan(150);
    });
  },
);
