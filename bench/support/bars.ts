/** What a benchmark must reach. */
export interface Bar {
  readonly what: string;
  readonly value: number;
  /** The smallest value that will do. */
  readonly atLeast?: number;
  /** The largest value that will do. */
  readonly atMost?: number;
}

/** Prints every bar, and lets the process fail when one is missed. */
export function holdBars(bars: readonly Bar[]): void {
  for (const { what, value, atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } of bars) {
    const isHeld = value >= atLeast && value <= atMost;
    const bar = Number.isFinite(atLeast) ? `at least ${atLeast}` : `at most ${atMost}`;
    console.log(`${isHeld ? 'held  ' : 'MISSED'} ${what}: ${value.toPrecision(3)}, ${bar}`);
    if (!isHeld) process.exitCode = 1;
  }
  console.log();
}
