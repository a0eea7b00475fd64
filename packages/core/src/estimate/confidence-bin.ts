import { scoreBin } from '../curves/score-bin.ts';

/** Bins of a confidence, by which predictions without labels are remembered. */
export const CONFIDENCE_BINS = 64;

const STEPS = 4_096;

/** A logarithm a prediction would be dear: the bin of every 4,096th is looked up instead. */
const binOfStep: Uint8Array = Uint8Array.from({ length: STEPS + 1 }, (_, step) =>
  scoreBin(step / STEPS, CONFIDENCE_BINS),
);

/** @param confidence - 0 to 1. */
export function confidenceBin(confidence: number): number {
  return binOfStep[(confidence * STEPS) | 0] ?? 0;
}
