import type { JSX } from 'preact';

const width = 120;
const height = 30;

/** The recent course without axes. Gaps stay gaps. */
export function Sparkline({ values }: { readonly values: readonly (number | null)[] }): JSX.Element {
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path(values)} vector-effect="non-scaling-stroke" />
    </svg>
  );
}

function path(values: readonly (number | null)[]): string {
  const present = values.filter((value) => value !== null);
  const low = Math.min(...present);
  const high = Math.max(...present);
  const spread = high - low || 1;
  // A line that never moves lies in the middle, not on the floor.
  const y = (value: number): number =>
    high === low ? height / 2 : height - 2 - ((value - low) / spread) * (height - 4);
  let isDrawing = false;
  return values
    .map((value, step) => {
      if (value === null) {
        isDrawing = false;
        return '';
      }
      const command = isDrawing ? 'L' : 'M';
      isDrawing = true;
      const x = (step / Math.max(1, values.length - 1)) * width;
      return `${command}${x.toFixed(1)} ${y(value).toFixed(1)}`;
    })
    .join('');
}
