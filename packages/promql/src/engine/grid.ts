/** The times at which an expression is evaluated: `startMs + i × stepMs` for i below `count`. An instant is a grid of one. */
export interface Grid {
  readonly startMs: number;
  /** Positive, also in a grid of one. */
  readonly stepMs: number;
  readonly count: number;
}

export function timeAt(grid: Grid, step: number): number {
  return grid.startMs + step * grid.stepMs;
}

/** The grid of an inclusive range. */
export function gridOf(startMs: number, endMs: number, stepMs: number): Grid {
  return { startMs, stepMs, count: Math.floor((endMs - startMs) / stepMs) + 1 };
}
