import type { Labels } from '@tidewatch/core';

/** Annotation that counts how many programs have handed an alert on: what breaks a circle of relays. */
export const HOPS = 'tidewatch_hops';

/** How many have handed it on so far; 0 for an alert of our own rules. Anything but a number counts as 1. */
export function hopsOf(annotations: Labels): number {
  const text = annotations[HOPS];
  if (text === undefined) return 0;
  return /^\d{1,6}$/.test(text) ? Number(text) : 1;
}

/** The annotations with one more hop. */
export function withHop(annotations: Labels): Labels {
  return { ...annotations, [HOPS]: String(hopsOf(annotations) + 1) };
}
