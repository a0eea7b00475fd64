import type { Unit } from '../panels/panel.ts';

/** Decimals grow as values shrink, so that three digits carry the meaning. */
function decimals(value: number, most: number): number {
  const size = Math.abs(value);
  if (size >= 100) return 0;
  if (size >= 10) return Math.min(1, most);
  return most;
}

/**
 * A value with its unit, as a person reads it: `93.4%`, `48 ms`, `120 /s`.
 *
 * NaN and infinities become an em dash: they are not figures.
 */
export function formatValue(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return '—';
  switch (unit) {
    case 'ratio':
      return `${(value * 100).toFixed(1)}%`;
    case 'seconds':
      return formatSeconds(value);
    case 'per-second':
      return `${value.toFixed(decimals(value, 2))} /s`;
    case 'times':
      return `${value.toFixed(2)}×`;
    case 'hours':
      return `${value.toFixed(decimals(value, 2))} h`;
    case 'count':
      return grouped(value);
  }
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
