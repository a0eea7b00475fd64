import type { Column } from './value.ts';

/** Takes one member of a group into the result of all steps. */
type RunningFold = (group: RunningGroup, member: Column) => void;

interface RunningGroup {
  readonly result: Column;
  /** What rounding has lost of each sum. */
  readonly compensations: Float64Array;
}

/**
 * Aggregations that need no more of a member than its turn: visiting a series at all steps is three times as fast as
 * visiting a step in all series, which touches as many arrays.
 *
 * They take the members in the same order as their fold, so every bit is the same.
 */
const RUNNING: Readonly<Record<string, RunningFold>> = {
  sum({ result: { values, present }, compensations }, member) {
    for (let step = 0; step < values.length; step++) {
      if (member.present[step] === 0) continue;
      const value = member.values[step] as number;
      const sum = values[step] as number;
      const total = sum + value;
      // As in KahanSum, without an object a step.
      if (!Number.isFinite(total)) compensations[step] = 0;
      else if (Math.abs(sum) >= Math.abs(value)) compensations[step]! += sum - total + value;
      else compensations[step]! += value - total + sum;
      values[step] = total;
      present[step] = 1;
    }
  },
  count({ result: { values, present } }, member) {
    for (let step = 0; step < values.length; step++) {
      if (member.present[step] === 0) continue;
      values[step]! += 1;
      present[step] = 1;
    }
  },
  max: bestOf((value, best) => value > best),
  min: bestOf((value, best) => value < best),
};

function bestOf(isBetter: (value: number, best: number) => boolean): RunningFold {
  return ({ result: { values, present } }, member) => {
    for (let step = 0; step < values.length; step++) {
      if (member.present[step] === 0) continue;
      const value = member.values[step] as number;
      const best = values[step] as number;
      if (present[step] === 0 || isBetter(value, best) || Number.isNaN(best)) values[step] = value;
      present[step] = 1;
    }
  };
}

/** Folds members into an empty column one by one; `undefined` for an aggregation that needs all of a step at once. */
export function runningFold(
  operator: string,
  result: Column,
): { take(member: Column): void; finish(): void } | undefined {
  const fold = Object.hasOwn(RUNNING, operator) ? RUNNING[operator] : undefined;
  if (fold === undefined) return undefined;
  const compensations = new Float64Array(operator === 'sum' ? result.values.length : 0);
  const group = { result, compensations };
  return {
    take: (member) => fold(group, member),
    finish() {
      for (let step = 0; step < compensations.length; step++) {
        result.values[step]! += compensations[step] as number;
      }
    },
  };
}
