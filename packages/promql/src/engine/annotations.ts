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
  readonly #fixes = new Map<string, { at: Span; fixes: MonotonicityFix[] }>();

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
    const entry = this.#fixes.get(key) ?? { at, fixes: [] };
    entry.fixes.push(fix);
    this.#fixes.set(key, entry);
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  get infos(): readonly string[] {
    const fixes = [...this.#fixes].map(([key, { at, fixes }]) => {
      const name = key.slice(key.indexOf(' ') + 1);
      const metric = name === '' ? '' : ` for metric name ${JSON.stringify(name)}`;
      return `PromQL info: ${MONOTONICITY}${metric}, ${describeFixes(fixes)} (${this.#place(at)})`;
    });
    return [...this.#infos, ...fixes];
  }

  #place(at: Span): string {
    return linePosition(this.#text, at.from);
  }
}

function describeFixes(fixes: readonly MonotonicityFix[]): string {
  const lowest = Math.min(...fixes.map((fix) => fix.lowestBound));
  const highest = Math.max(...fixes.map((fix) => fix.highestBound));
  const drop = Math.max(...fixes.map((fix) => fix.largestDrop));
  const from = isoSeconds(Math.min(...fixes.map((fix) => fix.timeMs)));
  const to = isoSeconds(Math.max(...fixes.map((fix) => fix.timeMs)));
  const bounds = `from buckets ${formatGoFloat(lowest)} to ${formatGoFloat(highest)}`;
  const size = formatGoFloat(Number(drop.toPrecision(2)));
  return `${bounds}, with a max diff of ${size}, over ${fixes.length} samples from ${from} to ${to}`;
}

function isoSeconds(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
