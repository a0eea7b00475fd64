import type { JSX } from 'preact';
import { sectionIds } from '../panels/panel.ts';
import { Header } from './header.tsx';
import { KpiRow } from './kpi-row.tsx';
import { Section } from './section.tsx';
import { pageData, range } from './state.ts';
import { VerdictBar } from './verdict-bar.tsx';
import { read } from './words.ts';

/** The whole page: the verdict first, then figures, then what explains them. */
export function Dashboard({ title }: { readonly title: string }): JSX.Element {
  const data = pageData.value;
  return (
    <>
      <Header title={title} />
      <main aria-busy={data?.range !== range.value}>
        <VerdictBar />
        {data?.notices.map((notice) => (
          <p key={notice.text.en} class="notice" data-testid="notice">
            {read(notice.text)}
          </p>
        ))}
        {data !== undefined && (
          <>
            <KpiRow data={data} />
            {sectionIds.map((id) => (
              <Section key={id} id={id} data={data} />
            ))}
          </>
        )}
      </main>
    </>
  );
}
