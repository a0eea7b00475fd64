/** A share of counted events with its uncertainty. */
export interface Proportion {
  /** Observed share, 0 to 1. */
  readonly value: number;
  /** Lower end of the 95 % Wilson score interval. */
  readonly low: number;
  /** Upper end of the 95 % Wilson score interval. */
  readonly high: number;
  /** Events the share is of; at least 1. */
  readonly n: number;
}

/** Ends of a 95 % interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * A proportion with its 95 % Wilson score interval, or `undefined` when nothing was counted.
 *
 * Unlike the textbook interval it stays inside 0 to 1 and is honest for few events and for shares near 1.
 *
 * @see E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), 209–212.
 */
export function wilsonInterval(successes: number, n: number): Proportion | undefined {
  if (n === 0) return undefined;
  const value = successes / n;
  return { value, ...wilsonEnds(value, n), n };
}

/** @param n - Events that the share is of, above 0; need not be whole. */
export function wilsonEnds(share: number, n: number): Interval {
  const z2 = Z * Z;
  const centre = (n * share + z2 / 2) / (n + z2);
  const half = (Z / (n + z2)) * Math.sqrt(n * share * (1 - share) + z2 / 4);
  // At the ends the interval touches the value exactly; rounding would leave it a hair outside.
  return { low: share === 0 ? 0 : centre - half, high: share === 1 ? 1 : centre + half };
}
