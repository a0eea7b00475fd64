import uPlot from 'uplot';
import type { SeriesColumn } from '../data/page-data.ts';
import type { LinePanel, Threshold } from '../panels/panel.ts';
import { formatValue } from '../text/format-value.ts';
import { axisTime } from './words.ts';

export interface ChartOptionsInput {
  readonly panel: LinePanel;
  readonly series: readonly SeriesColumn[];
  readonly widthPx: number;
  readonly heightPx: number;
  /** Where the theme's colours are read: a canvas does not know CSS variables. */
  readonly styles: CSSStyleDeclaration;
  /** Told the step under the pointer, or `undefined` when it leaves. */
  readonly onPoint: (step: number | undefined) => void;
}

/** Lines differ by dash as well as by hue: hue alone is lost on one man in twelve. */
const dashes = [[], [7, 3], [2, 3], [10, 3, 2, 3]];

/** 1, 2, 5, 10, … */
const wholeSteps = Array.from({ length: 13 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();

export function chartOptions({
  panel,
  series,
  widthPx,
  heightPx,
  styles,
  onPoint,
}: ChartOptionsInput): uPlot.Options {
  const colour = (name: string): string => styles.getPropertyValue(name).trim();
  const font = '11px system-ui, sans-serif';
  const quiet = { stroke: colour('--muted'), font, ticks: { show: false } };
  const valueLabels = (_: uPlot, values: number[]): string[] =>
    values.map((value) => withoutZeros(formatValue(value, panel.unit)));
  // Half a replica is on no axis.
  const whole = panel.unit === 'count' ? { incrs: wholeSteps } : {};
  const grid = { stroke: colour('--grid'), width: 1 };
  return {
    width: widthPx,
    height: heightPx,
    padding: [8, 10, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: 'tidewatch' }, points: { size: 6 }, drag: { x: false, y: false }, y: false },
    scales: { x: { time: true }, y: { range: (_, low, high) => verticalRange(panel, low, high) } },
    axes: [
      { ...quiet, grid: { show: false }, size: 26, space: 60, values: timeLabels },
      { ...quiet, ...whole, grid, size: 58, space: 32, values: valueLabels },
    ],
    series: [
      {},
      ...series.map(({ target }, index): uPlot.Series => {
        const isReference = panel.targets[target]?.isReference === true;
        return {
          stroke: isReference ? colour('--muted') : colour(`--s${index % 8}`),
          width: isReference ? 1 : 1.75,
          dash: isReference ? [3, 3] : (dashes[Math.floor(index / 2) % dashes.length] ?? []),
          points: { show: false },
          spanGaps: false,
          ...(panel.isStepped === true && uPlot.paths.stepped !== undefined
            ? { paths: uPlot.paths.stepped({ align: 1 }) }
            : {}),
        };
      }),
    ],
    hooks: {
      draw: [(plot) => drawThresholds(plot, panel.thresholds, colour('--limit'))],
      setCursor: [(plot) => onPoint(plot.cursor.idx ?? undefined)],
    },
  };
}

/** Zero is in sight unless the interesting part is far above it; a threshold near the data is in sight too. */
function verticalRange(panel: LinePanel, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, panel.max ?? 1];
  const near = panel.thresholds.map(({ value }) => value).filter((value) => value <= high * 2.5);
  const top = Math.max(high, ...near);
  const bottom = Math.min(low, ...near);
  const isHighUp = panel.unit === 'ratio' && bottom > 0.4;
  const floor = isHighUp ? Math.floor(bottom * 10 - 0.5) / 10 : Math.min(0, bottom);
  const ceiling = panel.unit === 'count' ? Math.ceil(top) + 1 : top * 1.08;
  return [floor, Math.max(Math.min(ceiling, panel.max ?? ceiling), floor + 1e-6)];
}

function timeLabels(plot: uPlot, splits: number[]): string[] {
  const spanSeconds = (plot.scales['x']?.max ?? 0) - (plot.scales['x']?.min ?? 0);
  return splits.map((seconds) => axisTime(seconds * 1000, spanSeconds <= 300));
}

/** `100.0%` is `100%` on an axis: its ticks are round. */
function withoutZeros(figure: string): string {
  return figure.replace(/\.0+(?=\D|$)/, '');
}

function drawThresholds(plot: uPlot, thresholds: readonly Threshold[], colour: string): void {
  const { ctx, bbox } = plot;
  for (const { value } of thresholds) {
    const y = Math.round(plot.valToPos(value, 'y', true));
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.lineWidth = Math.max(1, uPlot.pxRatio);
    ctx.setLineDash([6 * uPlot.pxRatio, 4 * uPlot.pxRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.restore();
  }
}
