import type { Labels } from '@tidewatch/core';
import type { StoreSample } from './store.ts';

/** Why a sample was not stored: the values of the label `reason`. */
export const REFUSALS = [
  'out_of_order',
  'series_limit',
  'label_limit',
  'bad_sample',
  'duplicate',
  'other_axis',
  'axis_limit',
  'closed',
] as const;

export type Refusal = (typeof REFUSALS)[number];

const MAX_LABELS = 64;
const MAX_NAME_LENGTH = 256;
const MAX_VALUE_LENGTH = 1_024;

/** Whether there are labels and a number at all. The types say so; a caller without types may not. */
export function isSample(sample: StoreSample | null | undefined): sample is StoreSample {
  return typeof sample?.value === 'number' && typeof sample.labels === 'object' && sample.labels !== null;
}

/** Why a series with these labels may not be stored, whatever the store holds; `undefined` when it may. */
export function refusalOf(labels: Labels): Refusal | undefined {
  const names = Object.keys(labels);
  if (names.length > MAX_LABELS) return 'label_limit';
  for (const name of names) {
    const label: unknown = labels[name];
    if (typeof label !== 'string' || name === '') return 'bad_sample';
    if (name.length > MAX_NAME_LENGTH || label.length > MAX_VALUE_LENGTH) return 'label_limit';
  }
  return undefined;
}
