import { describe, expect, it } from 'vitest';
import { offeredLoad } from './offered-load.ts';
import { readTrace } from './read-trace.ts';

describe('a trace', () => {
  it('is read with and without its header', () => {
    const bins = { name: 't', binSeconds: 60, requests: Float64Array.of(6, 12, 0) };
    expect(readTrace('timestamp_s,requests\n0,6\n60,12\n120,0\n', 't')).toEqual(bins);
    expect(readTrace('# made by hand\r\n1000,6\r\n1060,12\r\n1120,0', 't')).toEqual(bins);
  });

  it('has a hole filled by its neighbours, not by zero', () => {
    expect([...readTrace('0,10\n10,10\n40,40\n50,40', 't').requests]).toEqual([10, 10, 20, 30, 40, 40]);
  });

  it.for([
    ['0,1\n60,x', 't:2:4: expected requests from 0, got "x"'],
    ['0,1\n60,-3', 't:2:4: expected requests from 0, got "-3"'],
    ['0,1\n60,', 't:2:4: expected requests from 0, got ""'], //   empty is not zero
    ['0,1\nnoon,3', 't:2:1: expected a time in seconds, got "noon"'],
    ['0,1\n60,2,3', 't:2:1: expected 2 fields, got 3'],
    ['60,1\n0,2', 't:2:1: time 0 does not come after 60'],
    ['0,1\n60,1\n155,1\n', 't:3:1: time 155 does not fall on the bins of 60 s'],
    ['0,1\n', 'expected 2 bins or more, got 1'],
    ['', 'expected 2 bins or more, got 0'],
  ] as const)('%j is refused: %s', ([text, says]) => {
    expect(() => readTrace(text, 't')).toThrow(says);
  });
});

describe('the offered load', () => {
  it('runs through the middles of the bins', () => {
    const load = offeredLoad({ name: 't', binSeconds: 10, requests: Float64Array.of(10, 30) }, false);
    // Middles at 5 s and 15 s are 1 and 3 a second; steps have their middles at 2.5, 7.5, 12.5 and 17.5 s.
    expect([...load]).toEqual([1, 1.5, 2.5, 3]);
  });

  it('averages bins that are finer than a step', () => {
    const requests = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    expect([...offeredLoad({ name: 't', binSeconds: 1, requests }, false)]).toEqual([3, 8]);
  });

  it('smooths a trace of few requests only', () => {
    const sparse = Float64Array.from({ length: 100 }, (_, bin) => (bin % 2) * 90);
    const dense = sparse.map((count) => count * 100);
    const spread = (requests: Float64Array): number => {
      const load = offeredLoad({ name: 't', binSeconds: 60, requests }, true).slice(200, 1000);
      return Math.max(...load) / Math.max(1e-9, Math.min(...load));
    };
    expect(spread(sparse)).toBeLessThan(1.3);
    expect(spread(dense)).toBeGreaterThan(5);
  });
});
