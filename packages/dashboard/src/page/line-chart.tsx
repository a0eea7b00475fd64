import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { PageData, SeriesColumn } from '../data/page-data.ts';
import type { LinePanel } from '../panels/panel.ts';
import { formatValue } from '../text/format-value.ts';
import { chartOptions } from './chart-options.ts';
import { legendName } from './legend-name.ts';
import { pointedStep, theme } from './state.ts';
import { axisTime, read, say } from './words.ts';

interface LineChartProps {
  readonly panel: LinePanel;
  readonly series: readonly SeriesColumn[];
  readonly axis: PageData['axis'];
}

/** Lines over time. The legend carries the values, so that nothing is told by colour or hover alone. */
export function LineChart({ panel, series, axis }: LineChartProps): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const shape = JSON.stringify(series.map(({ target, labels }) => [target, labels]));

  // A chart is made anew only when its lines or colours change; figures flow into the one that is there.
  useEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    const options = chartOptions({
      panel,
      series,
      widthPx: element.clientWidth,
      heightPx: element.clientHeight,
      styles: getComputedStyle(document.documentElement),
      onPoint: (step) => (pointedStep.value = step),
    });
    const made = new uPlot(options, columns(series, axis), element);
    chart.current = made;
    const observer = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [panel, shape, theme.value]);

  useEffect(() => {
    chart.current?.setData(columns(series, axis));
  }, [series, axis]);

  const step = pointedStep.value;
  const shown = series.map((one) => ({
    name: legendName(read(panel.targets[one.target]?.legend ?? panel.title), one.labels),
    isReference: panel.targets[one.target]?.isReference === true,
    value: step === undefined ? latestOf(one.values) : (one.values[step] ?? undefined),
  }));
  const facts = shown.map(({ name, value }) => `${name} ${figure(value, panel)}`).join(say('list.separator'));
  return (
    <>
      <div
        ref={holder}
        class="plot"
        role="img"
        tabIndex={0}
        onKeyDown={(event) => movePointer(event, chart.current, axis)}
        onBlur={() => (pointedStep.value = undefined)}
        aria-label={say('page.summary', { title: read(panel.title), facts })}
      />
      <ul class="legend">
        {shown.map(({ name, value, isReference }, index) => (
          <li key={`${index}${name}`} class={isReference ? 'reference' : ''}>
            <i class={`swatch s${index % 8}`} />
            <span class="label" title={name}>
              {name}
            </span>
            <b>{figure(value, panel)}</b>
          </li>
        ))}
        {step !== undefined && (
          <li class="when">{axisTime(axis.startMs + step * axis.stepMs, axis.stepMs < 60_000)}</li>
        )}
      </ul>
    </>
  );
}

/** Arrow keys do what the pointer does: the values under the line are in the legend. */
function movePointer(event: KeyboardEvent, plot: uPlot | undefined, axis: PageData['axis']): void {
  const move = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
  if (move === 0 || plot === undefined) return;
  event.preventDefault();
  const last = axis.steps - 1;
  const step = Math.min(last, Math.max(0, (pointedStep.value ?? last) + move));
  const seconds = (axis.startMs + step * axis.stepMs) / 1000;
  plot.setCursor({ left: plot.valToPos(seconds, 'x'), top: 0 });
}

function figure(value: number | undefined, panel: LinePanel): string {
  return value === undefined ? say('page.no-value') : formatValue(value, panel.unit);
}

/** The last value that is one: the newest step may still be empty. */
function latestOf(values: readonly (number | null)[]): number | undefined {
  return values.findLast((value) => value !== null) ?? undefined;
}

function columns(series: readonly SeriesColumn[], axis: PageData['axis']): uPlot.AlignedData {
  const times = Array.from({ length: axis.steps }, (_, step) => (axis.startMs + step * axis.stepMs) / 1000);
  return [times, ...series.map(({ values }) => [...values])];
}
