import { ConfigError, type ConfigIssue } from '@tidewatch/core';

/** Recorded traffic: requests of equal bins. */
export interface Trace {
  /** As it appears in reports. */
  readonly name: string;
  readonly binSeconds: number;
  /** Requests of each bin, 0 or more; bins that the record leaves out are filled by their neighbours. */
  readonly requests: Float64Array;
}

const MAX_BINS = 20_000_000;

/**
 * Reads a trace of lines `timestamp_s,requests`, with or without that header.
 *
 * Times are seconds and ascend; the smallest step between two is the bin. A missing bin is a hole in the
 * record, not a pause of the traffic: it is filled in between its neighbours.
 *
 * @throws {@link ConfigError} with line and column: a field that is no number, a time that does not ascend
 * or does not fit the bins, fewer than two lines.
 */
export function readTrace(text: string, name: string): Trace {
  const issues: ConfigIssue[] = [];
  const times: number[] = [];
  const counts: number[] = [];
  const fault = (line: number, column: number, problem: string, remedy?: string): void => {
    issues.push({
      code: 'out-of-range',
      path: '',
      problem,
      line,
      column,
      ...(remedy === undefined ? {} : { remedy }),
    });
  };
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    if (raw.trim() === '' || raw.startsWith('#')) continue;
    const fields = raw.split(',');
    if (line === 1 && fields.every((field) => Number.isNaN(Number(field)))) continue;
    const [time = '', count = ''] = fields;
    if (fields.length !== 2) {
      fault(line, 1, `expected 2 fields, got ${fields.length}`, 'write timestamp_s,requests');
    } else if (time.trim() === '' || !Number.isFinite(Number(time))) {
      fault(line, 1, `expected a time in seconds, got "${time.trim()}"`);
    } else if (count.trim() === '' || !(Number(count) >= 0) || !Number.isFinite(Number(count))) {
      fault(line, time.length + 2, `expected requests from 0, got "${count.trim()}"`);
    } else if (times.length > 0 && Number(time) <= (times.at(-1) ?? 0)) {
      fault(line, 1, `time ${Number(time)} does not come after ${times.at(-1)}`, 'sort the lines by time');
    } else {
      times.push(Number(time));
      counts.push(Number(count));
    }
    if (issues.length >= 10) break;
  }
  const [first, ...rest] = issues;
  if (first !== undefined) throw new ConfigError(name, [first, ...rest]);
  return binned(times, counts, name);
}

function binned(times: readonly number[], counts: readonly number[], name: string): Trace {
  const refuse = (problem: string, line: number): ConfigError =>
    new ConfigError(name, [{ code: 'out-of-range', path: '', problem, line, column: 1 }]);
  const [start = 0] = times;
  if (times.length < 2) throw refuse(`expected 2 bins or more, got ${times.length}`, 1);
  let binSeconds = Infinity;
  for (let i = 1; i < times.length; i++) {
    binSeconds = Math.min(binSeconds, (times[i] ?? 0) - (times[i - 1] ?? 0));
  }
  const length = Math.round(((times.at(-1) ?? 0) - start) / binSeconds) + 1;
  if (length > MAX_BINS) throw refuse(`${length} bins of ${binSeconds} s are too many`, times.length);
  const requests = new Float64Array(length);
  let filled = 0;
  for (const [i, time] of times.entries()) {
    const bin = (time - start) / binSeconds;
    if (Math.abs(bin - Math.round(bin)) > 0.01) {
      throw refuse(`time ${time} does not fall on the bins of ${binSeconds} s`, i + 1);
    }
    const at = Math.round(bin);
    const count = counts[i] ?? 0;
    const before = requests[filled] ?? 0;
    for (let hole = filled + 1; hole < at; hole++) {
      requests[hole] = before + ((count - before) * (hole - filled)) / (at - filled);
    }
    requests[at] = count;
    filled = at;
  }
  return { name, binSeconds, requests };
}
