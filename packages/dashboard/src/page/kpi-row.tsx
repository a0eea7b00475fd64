import type { JSX } from 'preact';
import type { PageData } from '../data/page-data.ts';
import type { StatPanel } from '../panels/panel.ts';
import { panels } from '../panels/panels.ts';
import { StatCard } from './stat-card.tsx';
import { say } from './words.ts';

/** Reading order of the first row: what users get, what they wait for, what it takes. */
const order = ['accuracy', 'macro-f1', 'p99', 'throughput', 'replicas', 'gpu', 'host'];

/** The headline figures. */
export function KpiRow({ data }: { readonly data: PageData }): JSX.Element {
  return (
    <section aria-labelledby="overview-title">
      <h2 id="overview-title" class="unseen">
        {say('section.overview')}
      </h2>
      <div class="kpis">
        {headlines(data).map((panel) => (
          <StatCard key={panel.id} panel={panel} data={data} testId={`kpi-${cardName(panel)}`} />
        ))}
      </div>
    </section>
  );
}

/** GPU load where there is a GPU, else the host's: one card for "how hard do the machines work". */
function headlines({ panels: answers }: PageData): StatPanel[] {
  const hidden = answers['gpu']?.state === 'empty' ? 'gpu' : 'host';
  return panels
    .filter((panel): panel is StatPanel => panel.view === 'stat' && panel.isHeadline === true)
    .filter((panel) => panel.id !== hidden)
    .toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
}

function cardName({ id }: StatPanel): string {
  return id === 'gpu' || id === 'host' ? 'load' : id;
}
