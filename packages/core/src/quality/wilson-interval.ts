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
  const z2 = Z * Z;
  const centre = (successes + z2 / 2) / (n + z2);
  const half = (Z / (n + z2)) * Math.sqrt((successes * (n - successes)) / n + z2 / 4);
  // At the ends the interval touches the value exactly; rounding would leave it a hair outside.
  const low = successes === 0 ? 0 : centre - half;
  const high = successes === n ? 1 : centre + half;
  return { value, low, high, n };
}
