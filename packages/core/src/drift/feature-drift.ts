import type { ConfidenceCounts } from '../estimate/confidence-counts.ts';
import { distributionDrift, type DistributionDrift } from './distribution-drift.ts';

/**
 * Compares answers and confidences of a window with the reference.
 *
 * @param size - Predictions that make a reference; 0 for none. Until it has them, nothing is compared.
 */
export function featureDrift(
  current: ConfidenceCounts | undefined,
  reference: ConfidenceCounts,
  size: number,
): DistributionDrift[] {
  const before = reference.predicted();
  if (size === 0 || current === undefined || before.reduce((sum, n) => sum + n, 0) < size) return [];
  return [
    distributionDrift('predicted', current.predicted(), before),
    distributionDrift('confidence', current.confidences(), reference.confidences()),
  ].filter((drift) => drift !== undefined);
}
