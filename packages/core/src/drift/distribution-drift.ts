import { chiSquareQuantile, chiSquareTail } from './chi-square.ts';

/** How far the window is from the reference, for one feature. */
export interface DistributionDrift {
  /** `predicted`: the classes that were answered; `confidence`: how sure the classifier was. */
  readonly feature: 'predicted' | 'confidence';
  /** Events in the window, and in the reference. */
  readonly n: number;
  readonly reference: number;
  /** Bins compared, after those with few events were joined. */
  readonly bins: number;
  /** Population stability index: Σ (p − q) ln(p / q), from 0. */
  readonly psi: number;
  /** PSI above which the window differs: (1/n + 1/m)·χ²(bins − 1) at `alpha`. */
  readonly threshold: number;
  /** Jensen–Shannon divergence to base 2, 0 to 1; its root is the distance. */
  readonly jensenShannon: number;
  /** Two-sample χ² statistic, and the probability of one as large when nothing has changed. */
  readonly chiSquare: { readonly value: number; readonly degrees: number; readonly pValue: number };
  /** `psi > threshold`. A single look: looked at often, it will be wrong once in `1 / alpha` looks. */
  readonly isDrift: boolean;
}

/** Probability of a false alarm at one look. */
const LOOK_ALPHA = 0.001;

/** Below this many events a bin, the χ² law of PSI does not hold. */
const MIN_EVENTS_PER_BIN = 20;

/**
 * Compares two histograms. Absent while either is too small to say anything: fewer than 20 events for each of
 * two bins.
 *
 * Neighbouring bins are joined until the smaller side fills each; half an event is added to every bin, so that an
 * empty one is not infinitely far away. A fixed threshold such as 0.1 alarms in 41 % of all looks at 100 events
 * with no drift at all; this one moves with n.
 *
 * @param alpha - Probability of a false alarm at this look.
 * @see B. Yurdakul, "Statistical properties of population stability index" (2018), for the null law of PSI.
 */
export function distributionDrift(
  feature: DistributionDrift['feature'],
  current: readonly number[],
  reference: readonly number[],
  alpha: number = LOOK_ALPHA,
): DistributionDrift | undefined {
  const n = sum(current);
  const m = sum(reference);
  const pairs = joinBins(feature, current, reference, Math.min(n, m) / m);
  const bins = pairs.length;
  if (bins < 2 || Math.min(n, m) < MIN_EVENTS_PER_BIN * 2) return undefined;
  let psi = 0;
  let divergence = 0;
  let chi = 0;
  for (const [seen, before] of pairs) {
    const p = (seen + 0.5) / (n + bins / 2);
    const q = (before + 0.5) / (m + bins / 2);
    psi += (p - q) * Math.log(p / q);
    const middle = (p + q) / 2;
    divergence += (p * Math.log2(p / middle) + q * Math.log2(q / middle)) / 2;
    const gap = seen * Math.sqrt(m / n) - before * Math.sqrt(n / m);
    chi += seen + before === 0 ? 0 : (gap * gap) / (seen + before);
  }
  const degrees = bins - 1;
  const threshold = (1 / n + 1 / m) * chiSquareQuantile(alpha, degrees);
  return {
    feature,
    n,
    reference: m,
    bins,
    psi,
    threshold,
    jensenShannon: Math.min(1, Math.max(0, divergence)),
    chiSquare: { value: chi, degrees, pValue: chiSquareTail(chi, degrees) },
    isDrift: psi > threshold,
  };
}

type Pair = readonly [current: number, reference: number];

/**
 * At most ten bins for a confidence, as many as there are classes else; each with at least 20 events expected.
 * Bins are made from the reference alone: made from both, they would hide the drift. What is rare in the
 * reference is one bin together, also when it is frequent now.
 */
function joinBins(
  feature: DistributionDrift['feature'],
  current: readonly number[],
  reference: readonly number[],
  scale: number,
): Pair[] {
  const m = sum(reference);
  const wanted = Math.max(MIN_EVENTS_PER_BIN / scale, feature === 'confidence' ? m / 10 : 0);
  const pairs: Pair[] = [];
  let open: Pair = [0, 0];
  const order = reference.map((_, bin) => bin);
  if (feature === 'predicted') order.sort((a, b) => (reference[b] ?? 0) - (reference[a] ?? 0));
  for (const bin of order) {
    open = [open[0] + (current[bin] ?? 0), open[1] + (reference[bin] ?? 0)];
    if (open[1] < wanted) continue;
    pairs.push(open);
    open = [0, 0];
  }
  if (open[0] + open[1] === 0) return pairs;
  // Rare classes stay a bin of their own when something is in it: a class that is new is what drift looks like.
  if (feature === 'predicted') return [...pairs, open];
  const last = pairs.pop() ?? [0, 0];
  return [...pairs, [last[0] + open[0], last[1] + open[1]]];
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
