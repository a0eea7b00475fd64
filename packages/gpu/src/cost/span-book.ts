import type { UsedAmounts } from './work-meter.ts';

/** What all spans of one name have told together. */
export interface WorkTotals {
  readonly predictions: number;
  /** Of the spans whose GPU time is known. */
  readonly gpuSeconds: number;
}

/** Totals by the name of the span. */
export interface SpanBook {
  /** Adds one span that ended. */
  book(name: string, predictions: number, used: UsedAmounts): void;
  lines(): ReadonlyMap<string, WorkTotals>;
  total(): WorkTotals;
}

/** Names beyond these share one line: a name that holds a request id must not fill the memory. */
const MAX_NAMES = 50;
const OTHER = '_OTHER';

/** An empty book. */
export function createSpanBook(): SpanBook {
  const lines = new Map<string, { predictions: number; gpuSeconds: number }>();
  const total = { predictions: 0, gpuSeconds: 0 };

  function lineOf(name: string): { predictions: number; gpuSeconds: number } {
    const key = lines.has(name) || lines.size < MAX_NAMES ? name : OTHER;
    const line = lines.get(key) ?? { predictions: 0, gpuSeconds: 0 };
    lines.set(key, line);
    return line;
  }

  return {
    book(name, predictions, { gpuSeconds = 0 }) {
      for (const line of [lineOf(name), total]) {
        line.predictions += predictions;
        line.gpuSeconds += gpuSeconds;
      }
    },
    lines: () => lines,
    total: () => total,
  };
}
