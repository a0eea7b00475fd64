import { formatGoFloat } from '../language/go-number.ts';

/** The remark on a quantile outside 0 to 1. */
export function formatQuantile(phi: number): string {
  return `quantile value should be between 0 and 1, got ${formatGoFloat(phi)}`;
}
