import { expect, it } from 'vitest';
import { topKCredit } from './top-k-credit.ts';

it.for([
  // scores            truth k  expected pessimistic highest  why the row is here
  [[0.5, 0.3, 0.2], 0, 1, 1, 1, 1], //                          the best one
  [[0.5, 0.3, 0.2], 2, 2, 0, 0, 0], //                          third of three
  [[0.4, 0.4, 0.2], 0, 1, 0.5, 0, 0], //                        tied for the first place, declared first
  [[0.4, 0.4, 0.2], 1, 1, 0.5, 0, 1], //                        tied for the first place, declared last
  [[0.4, 0.3, 0.3], 1, 2, 0.5, 0, 0], //                        tied for the second place
  [[0.4, 0.3, 0.3], 1, 3, 1, 1, 1], //                          as many places as classes
  [[0.4, 0.3, 0.3], 7, 3, 0, 0, 0], //                          a truth that was not declared
] as const)('%j, true class %i, best %i', ([scores, truth, k, ...credits]) => {
  const ties = ['expected', 'pessimistic', 'highest-index'] as const;
  expect(ties.map((policy) => topKCredit(scores, truth, k, policy))).toEqual(credits);
});
