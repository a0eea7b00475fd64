import type { JSX } from 'preact';
import type { PanelData } from '../data/page-data.ts';
import { say } from './words.ts';

/** Why there is nothing to see, and what to do about it. */
export function EmptyNote({ answer }: { readonly answer: PanelData }): JSX.Element {
  return (
    <div class="empty" data-testid="empty" data-reason={reasonOf(answer)}>
      <strong>{emptyTitle(answer)}</strong>
      <span>{emptyNext(answer)}</span>
    </div>
  );
}

export function emptyTitle(answer: PanelData): string {
  return say(`empty.${reasonOf(answer)}`);
}

export function emptyNext(answer: PanelData): string {
  const count = answer.state === 'empty' ? (answer.count ?? 0) : 0;
  return say(`empty.${reasonOf(answer)}.next`, { count });
}

function reasonOf(answer: PanelData) {
  return answer.state === 'empty' ? answer.reason : 'query-error';
}
