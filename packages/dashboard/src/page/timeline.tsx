import type { JSX } from 'preact';
import type { PageData, SeriesColumn } from '../data/page-data.ts';
import type { TimelinePanel } from '../panels/panel.ts';
import { axisTime } from './words.ts';

interface TimelineProps {
  readonly panel: TimelinePanel;
  readonly series: readonly SeriesColumn[];
  readonly axis: PageData['axis'];
}

interface Span {
  readonly state: string;
  readonly from: number;
  readonly to: number;
}

/** A row for each subject, coloured where it was in a state. */
export function Timeline({ panel, series, axis }: TimelineProps): JSX.Element {
  const rows = new Map<string, Span[]>();
  for (const { labels, values } of series) {
    const subject = labels[panel.subject] ?? '';
    const spans = spansOf(values, labels[panel.state] ?? '');
    rows.set(subject, [...(rows.get(subject) ?? []), ...spans]);
  }
  const timeAt = (step: number): string => axisTime(axis.startMs + step * axis.stepMs, axis.stepMs < 60_000);
  return (
    <div class="timeline-body">
      {[...rows].map(([subject, spans]) => (
        <div key={subject} class="row">
          <span class="label" title={subject}>
            {subject}
          </span>
          <div class="track">
            {spans.map(({ state, from, to }) => (
              <span
                key={`${state}${from}`}
                class={`span ${knownStates.has(state) ? state : 'other'}`}
                title={`${state} ${timeAt(from)} – ${timeAt(to)}`}
                style={{
                  left: `${(from / axis.steps) * 100}%`,
                  width: `${((to - from) / axis.steps) * 100}%`,
                }}
              />
            ))}
          </div>
        </div>
      ))}
      <div class="row times" aria-hidden="true">
        <span class="label" />
        <span>{timeAt(0)}</span>
        <span>{timeAt(axis.steps - 1)}</span>
      </div>
    </div>
  );
}

const knownStates: ReadonlySet<string> = new Set(['pending', 'firing']);

function spansOf(values: readonly (number | null)[], state: string): Span[] {
  const spans: Span[] = [];
  let from: number | undefined;
  for (let step = 0; step <= values.length; step++) {
    const isIn = (values[step] ?? 0) > 0;
    if (isIn && from === undefined) from = step;
    if (!isIn && from !== undefined) {
      spans.push({ state, from, to: step });
      from = undefined;
    }
  }
  return spans;
}
