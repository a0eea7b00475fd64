import { expect, it } from 'vitest';
import { emptyReason } from './empty-reason.ts';

it.for([
  // needs     predictions labelled   alerting  reason             why the row is here
  ['labels', undefined, undefined, false, 'no-traffic'], // nobody answered: do not claim labels are missing
  ['labels', 0, 0, false, 'no-traffic'], // counters exist at 0 from the start
  ['labels', 50, 0, false, 'no-labels'],
  ['labels', 50, undefined, false, 'no-labels'],
  ['labels', 50, 3, false, 'too-few-labels'],
  ['traffic', 50, 3, false, 'no-traffic'], // none in the window, whatever came before
  ['gpu', 50, 3, false, 'no-gpu'],
  ['price', 50, 3, false, 'no-price'],
  ['setup', 50, 3, false, 'not-configured'],
  ['alerts', 50, 3, true, 'no-alerts'],
  ['alerts', 50, 3, false, 'not-configured'], // nobody looking is not nothing found
] as const)(
  '%s with %s predictions and %s labels, alerting %s: %s',
  ([needs, predictions, labelled, hasAlerting, reason]) => {
    expect(emptyReason(needs, { predictions, labelled, hasAlerting })).toBe(reason);
  },
);
