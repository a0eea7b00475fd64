/** Four significant digits: enough to compare, short enough to read. */
export function formatValue(value: number): string {
  const digits = Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(4);
  return String(Number(digits));
}

/** Both sides of a comparison; digits are added until they read as different as they are. */
export function formatPair(value: number, threshold: number): readonly [string, string] {
  const short = formatValue(value);
  const against = String(threshold);
  return [short === against && value !== threshold ? String(value) : short, against];
}

/** `qps` is written QPS; a longer name is left as the user wrote it. */
export function displayName(metric: string): string {
  return /^(qps|rps|tps|p\d{2,3})$/i.test(metric) ? metric.toUpperCase() : metric;
}
