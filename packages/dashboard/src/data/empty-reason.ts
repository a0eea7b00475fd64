import type { Need } from '../panels/panel.ts';

/** Why a panel has nothing to show. Each has its own text with a next step. */
export type EmptyReason =
  | 'not-configured'
  | 'no-traffic'
  | 'no-labels'
  | 'too-few-labels'
  | 'no-gpu'
  | 'no-price'
  | 'no-alerts';

/** What is known about the service as a whole. `undefined`: nobody answered. */
export interface ServiceFacts {
  /** Predictions since the start of the counters. */
  readonly predictions: number | undefined;
  /** True labels since the start of the counters. */
  readonly labelled: number | undefined;
  /** Whether somebody evaluates alerting rules. */
  readonly hasAlerting: boolean;
}

const reasonWithout = {
  setup: 'not-configured',
  gpu: 'no-gpu',
  price: 'no-price',
  traffic: 'no-traffic',
} as const;

/** Says why a panel whose query answered with nothing is empty. */
export function emptyReason(needs: Need, { predictions, labelled, hasAlerting }: ServiceFacts): EmptyReason {
  // Nobody looking is not the same as nothing found.
  if (needs === 'alerts') return hasAlerting ? 'no-alerts' : 'not-configured';
  if (needs !== 'labels') return reasonWithout[needs];
  if (predictions === undefined || predictions === 0) return 'no-traffic';
  if (labelled === undefined || labelled === 0) return 'no-labels';
  return 'too-few-labels';
}
