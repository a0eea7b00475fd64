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

/** Why this sample may not be stored, whatever the store holds; `undefined` when it may. */
export function refusalOf({ labels, value }: StoreSample): Refusal | undefined {
  if (typeof value !== 'number' || typeof labels !== 'object' || labels === null) return 'bad_sample';
  const names = Object.keys(labels);
  if (names.length > MAX_LABELS) return 'label_limit';
  for (const name of names) {
    const label: unknown = labels[name];
    if (typeof label !== 'string' || name === '') return 'bad_sample';
    if (name.length > MAX_NAME_LENGTH || label.length > MAX_VALUE_LENGTH) return 'label_limit';
  }
  return undefined;
}
