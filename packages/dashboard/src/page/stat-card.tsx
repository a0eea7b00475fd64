import type { JSX } from 'preact';
import type { PageData, PanelData } from '../data/page-data.ts';
import { pastThreshold } from '../data/past-threshold.ts';
import type { StatPanel } from '../panels/panel.ts';
import { formatValue } from '../text/format-value.ts';
import { About } from './about.tsx';
import { emptyTitle, emptyNext } from './empty-note.tsx';
import { WarningIcon } from './icons.tsx';
import { Sparkline } from './sparkline.tsx';
import { say } from './words.ts';

interface StatCardProps {
  readonly panel: StatPanel;
  readonly data: PageData;
  readonly testId: string;
}

/** One figure, its limit and its recent course. */
export function StatCard({ panel, data, testId }: StatCardProps): JSX.Element {
  const answer: PanelData = data.panels[panel.id] ?? { state: 'error' };
  const value = answer.state === 'ok' ? answer.latest[0]?.value : undefined;
  const isPast = value !== undefined && pastThreshold(value, panel.thresholds) !== undefined;
  return (
    <article
      class={`card stat ${isPast ? 'past' : ''}`}
      data-testid={testId}
      data-state={answer.state}
      data-value={value}
    >
      <About panel={panel} />
      {value !== undefined ? (
        <p class="figure">
          {formatValue(value, panel.unit)}
          {isPast && <WarningIcon />}
        </p>
      ) : (
        <p class="nothing">{emptyTitle(answer)}</p>
      )}
      <p class="limit">{value === undefined ? emptyNext(answer) : limits(panel)}</p>
      {answer.state === 'ok' && answer.series[0] !== undefined && (
        <Sparkline values={answer.series[0].values} />
      )}
    </article>
  );
}

function limits({ thresholds, unit }: StatPanel): string {
  return thresholds
    .map(({ value, bad }) => say(`page.limit-${bad}`, { limit: formatValue(value, unit) }))
    .join(' ');
}
