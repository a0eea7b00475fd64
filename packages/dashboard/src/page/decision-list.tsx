import type { JSX } from 'preact';
import type { ListData } from '../data/page-data.ts';
import type { DecisionView } from '../data/views.ts';
import { EmptyNote } from './empty-note.tsx';
import { DownIcon, UpIcon } from './icons.tsx';
import { clockTime, read, say } from './words.ts';

interface DecisionListProps {
  readonly decisions: ListData<DecisionView>;
  readonly nowMs: number;
}

/** Every decision with its reason. Runs of "no change" are folded: they answer "why did it not scale?" */
export function DecisionList({ decisions, nowMs }: DecisionListProps): JSX.Element {
  return (
    <article class="card list wide" data-testid="decisions" data-state={decisions.state}>
      <h3>{say('decisions.title')}</h3>
      {decisions.state === 'not-configured' && (
        <EmptyNote answer={{ state: 'empty', reason: 'not-configured' }} />
      )}
      {decisions.state === 'error' && <EmptyNote answer={{ state: 'error' }} />}
      {decisions.state === 'ok' &&
        (decisions.items.length === 0 ? (
          <p class="none">{say('decisions.none')}</p>
        ) : (
          <ol class="scroll" tabIndex={0}>
            {runs(decisions.items).map((run) => renderRun(run, nowMs))}
          </ol>
        ))}
    </article>
  );
}

type Run = readonly [DecisionView, ...DecisionView[]];

/** Neighbouring holds in one run, every change in its own. */
function runs(decisions: readonly DecisionView[]): Run[] {
  const found: [DecisionView, ...DecisionView[]][] = [];
  for (const decision of decisions) {
    const last = found.at(-1);
    if (decision.action === 'hold' && last?.[0].action === 'hold') last.push(decision);
    else found.push([decision]);
  }
  return found;
}

function renderRun(run: Run, nowMs: number): JSX.Element {
  const [first] = run;
  if (first.action !== 'hold') return <Decision key={first.timeMs} decision={first} nowMs={nowMs} />;
  const oldest = run.at(-1) ?? first;
  return (
    <li key={`hold-${oldest.timeMs}`} class="holds">
      <details>
        <summary>
          <time>{clockTime(first.timeMs, nowMs)}</time>
          <span class="badge hold">{say('decisions.hold')}</span>
          <span class="text">
            {say('decisions.holds', { count: run.length })} · {read(first.sentence)}
          </span>
        </summary>
        <ol>
          {run.map((decision) => (
            <Decision key={decision.timeMs} decision={decision} nowMs={nowMs} />
          ))}
        </ol>
      </details>
    </li>
  );
}

function Decision({
  decision,
  nowMs,
}: {
  readonly decision: DecisionView;
  readonly nowMs: number;
}): JSX.Element {
  const { timeMs, action, from, to, sentence } = decision;
  return (
    <li data-testid="decision" data-action={action}>
      <time>{clockTime(timeMs, nowMs)}</time>
      <span class={`badge ${action}`}>
        {action === 'up' && <UpIcon />}
        {action === 'down' && <DownIcon />}
        {say(`decisions.${action}`)}
      </span>
      <span class="text">
        {action !== 'hold' && (
          <b>
            {from} → {to}
          </b>
        )}{' '}
        {read(sentence)}
      </span>
    </li>
  );
}
