import type { Unit } from '../panels/panel.ts';

/** Decimals grow as values shrink, so that three digits carry the meaning. */
function decimals(value: number, most: number): number {
  const size = Math.abs(value);
  if (size >= 100) return 0;
  if (size >= 10) return Math.min(1, most);
  return most;
}

const write: Readonly<Record<Unit, (value: number) => string>> = {
  // Adding 0 turns the -0 of a value that rounds to nothing into 0.
  ratio: (value) => `${(Math.round(value * 1000) / 10 + 0).toFixed(1)}%`,
  seconds: formatSeconds,
  'per-second': (value) => `${value.toFixed(decimals(value, 2))} /s`,
  times: (value) => `${value.toFixed(2)}×`,
  hours: (value) => `${value.toFixed(decimals(value, 2))} h`,
  count: grouped,
};

/**
 * A value with its unit, as a person reads it: `93.4%`, `48.0 ms`, `120 /s`.
 *
 * NaN and infinities become an em dash: they are not figures.
 */
export function formatValue(value: number, unit: Unit): string {
  return Number.isFinite(value) ? write[unit](value) : '—';
}

function formatSeconds(seconds: number): string {
  const size = Math.abs(seconds);
  if (size === 0) return '0 s';
  if (size < 1) return `${(seconds * 1000).toFixed(decimals(seconds * 1000, 1))} ms`;
  if (size < 120) return `${seconds.toFixed(decimals(seconds, 2))} s`;
  return `${(seconds / 60).toFixed(1)} min`;
}

/** Counts are whole even where `increase` extrapolates. */
function grouped(value: number): string {
  return Math.round(value)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
