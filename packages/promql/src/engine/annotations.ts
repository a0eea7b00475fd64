import { formatGoFloat } from '../language/go-number.ts';
import { linePosition, type Span } from '../language/position.ts';

const MONOTONICITY =
  'input to histogram_quantile needed to be fixed for monotonicity ' +
  '(see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)';

/** A place where buckets of a histogram fell instead of rising. */
export interface MonotonicityFix {
  readonly timeMs: number;
  readonly lowestBound: number;
  readonly highestBound: number;
  readonly largestDrop: number;
}

/**
 * Remarks about a query that was answered all the same, each once, with its place.
 *
 * Part of the HTTP API: the texts are Prometheus's.
 */
export class Annotations {
  readonly #text: string;
  readonly #warnings = new Set<string>();
  readonly #infos = new Set<string>();
  readonly #fixes = new Map<string, Fixes>();

  constructor(text: string) {
    this.#text = text;
  }

  warn(problem: string, at: Span): void {
    this.#warnings.add(`PromQL warning: ${problem} (${this.#place(at)})`);
  }

  info(remark: string, at: Span): void {
    this.#infos.add(`PromQL info: ${remark} (${this.#place(at)})`);
  }

  /** Remarked once a metric, with the span of all its fixes. */
  monotonicityFixed(metricName: string, fix: MonotonicityFix, at: Span): void {
    const key = `${at.from} ${metricName}`;
    const fixes = this.#fixes.get(key);
    this.#fixes.set(key, fixes === undefined ? firstFix(at, fix) : alsoFixed(fixes, fix));
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  get infos(): readonly string[] {
    const fixes = [...this.#fixes].map(([key, fixes]) => {
      const name = key.slice(key.indexOf(' ') + 1);
      const metric = name === '' ? '' : ` for metric name ${JSON.stringify(name)}`;
      return `PromQL info: ${MONOTONICITY}${metric}, ${describeFixes(fixes)} (${this.#place(fixes.at)})`;
    });
    return [...this.#infos, ...fixes];
  }

  #place(at: Span): string {
    return linePosition(this.#text, at.from);
  }
}

/** What the remark tells about all fixes of one metric: there may be one a series and step. */
interface Fixes extends Omit<MonotonicityFix, 'timeMs'> {
  readonly at: Span;
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
}

function firstFix(at: Span, { timeMs, ...fix }: MonotonicityFix): Fixes {
  return { ...fix, at, count: 1, fromMs: timeMs, toMs: timeMs };
}

function alsoFixed(fixes: Fixes, fix: MonotonicityFix): Fixes {
  return {
    at: fixes.at,
    count: fixes.count + 1,
    fromMs: Math.min(fixes.fromMs, fix.timeMs),
    toMs: Math.max(fixes.toMs, fix.timeMs),
    lowestBound: Math.min(fixes.lowestBound, fix.lowestBound),
    highestBound: Math.max(fixes.highestBound, fix.highestBound),
    largestDrop: Math.max(fixes.largestDrop, fix.largestDrop),
  };
}

function describeFixes({ count, fromMs, toMs, lowestBound, highestBound, largestDrop }: Fixes): string {
  const bounds = `from buckets ${formatGoFloat(lowestBound)} to ${formatGoFloat(highestBound)}`;
  const size = formatGoFloat(Number(largestDrop.toPrecision(2)));
  return `${bounds}, with a max diff of ${size}, over ${count} samples from ${isoSeconds(fromMs)} to ${isoSeconds(toMs)}`;
}

/** A query may stand at a time that no calendar holds. */
function isoSeconds(timeMs: number): string {
  const date = new Date(timeMs);
  if (Number.isNaN(date.getTime())) return `${timeMs} ms`;
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
