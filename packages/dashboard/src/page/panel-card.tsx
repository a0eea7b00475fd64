import type { JSX } from 'preact';
import type { PageData, PanelData } from '../data/page-data.ts';
import type { Panel, StatPanel } from '../panels/panel.ts';
import { About } from './about.tsx';
import { DataTable } from './data-table.tsx';
import { EmptyNote } from './empty-note.tsx';
import { LineChart } from './line-chart.tsx';
import { Matrix } from './matrix.tsx';
import { Timeline } from './timeline.tsx';
import { say } from './words.ts';

/** Stats have cards of their own. */
type ChartPanel = Exclude<Panel, StatPanel>;

interface PanelCardProps {
  readonly panel: ChartPanel;
  readonly answer: PanelData;
  readonly data: PageData;
}

/** A panel with its heading; what is inside depends on the view. */
export function PanelCard({ panel, answer, data }: PanelCardProps): JSX.Element {
  const dropped = answer.state === 'ok' ? answer.dropped : 0;
  return (
    <article class={`card ${panel.view}`} data-testid={`panel-${panel.id}`} data-state={answer.state}>
      <About panel={panel} />
      <Body panel={panel} answer={answer} data={data} />
      {dropped > 0 && <p class="dropped">{say('page.dropped', { count: dropped })}</p>}
    </article>
  );
}

function Body({ panel, answer, data }: PanelCardProps): JSX.Element {
  if (answer.state !== 'ok') return <EmptyNote answer={answer} />;
  if (panel.view === 'line') return <LineChart panel={panel} series={answer.series} axis={data.axis} />;
  if (panel.view === 'timeline') return <Timeline panel={panel} series={answer.series} axis={data.axis} />;
  if (panel.isMatrix === true) return <Matrix panel={panel} values={answer.latest} />;
  return <DataTable panel={panel} values={answer.latest} />;
}
