import type { JSX } from 'preact';
import type { PageData, PanelData } from '../data/page-data.ts';
import type { Panel, SectionId } from '../panels/panel.ts';
import { panels } from '../panels/panels.ts';
import { AlertList } from './alert-list.tsx';
import { DecisionList } from './decision-list.tsx';
import { PanelCard } from './panel-card.tsx';
import { StatCard } from './stat-card.tsx';
import { say } from './words.ts';

interface SectionProps {
  readonly id: SectionId;
  readonly data: PageData;
}

/** One area: its figures, its charts, and last what has nothing to show. */
export function Section({ id, data }: SectionProps): JSX.Element {
  const here = panels.filter((panel) => panel.section === id);
  const stats = here.filter((panel) => panel.view === 'stat').filter((panel) => panel.isHeadline !== true);
  const charts = here.filter((panel) => panel.view !== 'stat');
  const answerOf = (panel: Panel): PanelData => data.panels[panel.id] ?? { state: 'error' };
  const full = charts.filter((panel) => answerOf(panel).state === 'ok');
  const bare = charts.filter((panel) => answerOf(panel).state !== 'ok');
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{say(`section.${id}`)}</h2>
      {stats.length > 0 && (
        <div class="stats">
          {stats.map((panel) => (
            <StatCard key={panel.id} panel={panel} data={data} testId={`stat-${panel.id}`} />
          ))}
        </div>
      )}
      <div class="charts">
        {id === 'alerts' && <AlertList alerts={data.alerts} nowMs={data.nowMs} />}
        {[...full, ...bare].map((panel) => (
          <PanelCard key={panel.id} panel={panel} answer={answerOf(panel)} data={data} />
        ))}
        {id === 'scaling' && <DecisionList decisions={data.decisions} nowMs={data.nowMs} />}
      </div>
    </section>
  );
}
