/** Place and size on Grafana's grid, which is 24 columns wide. */
export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The size a panel asks for. */
export interface GridSize {
  readonly w: number;
  readonly h: number;
}

const columns = 24;

/** Lays boxes out like words in a paragraph: left to right, and down when the line is full. */
export function flow(sizes: readonly GridSize[], top: number): { places: GridPosition[]; bottom: number } {
  const places: GridPosition[] = [];
  let x = 0;
  let y = top;
  let bottom = top;
  for (const { w, h } of sizes) {
    if (x + w > columns) {
      x = 0;
      y = bottom;
    }
    places.push({ x, y, w, h });
    x += w;
    bottom = Math.max(bottom, y + h);
  }
  return { places, bottom };
}

/** Widths of boxes that fill one line together, as even as whole columns allow. */
export function evenWidths(count: number): number[] {
  const least = Math.floor(columns / count);
  const spare = columns - least * count;
  return Array.from({ length: count }, (_, index) => least + (index < spare ? 1 : 0));
}
