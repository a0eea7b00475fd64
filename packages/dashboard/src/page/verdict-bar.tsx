import type { JSX } from 'preact';
import type { Verdict } from '../data/verdict.ts';
import { BellIcon, CheckIcon, QuestionIcon, WarningIcon } from './icons.tsx';
import { freshness, pageData, type Freshness } from './state.ts';
import { read, say } from './words.ts';

const icons: Readonly<Record<Verdict['level'], () => JSX.Element>> = {
  bad: BellIcon,
  warning: WarningIcon,
  good: CheckIcon,
  unknown: QuestionIcon,
};

/** The first thing read. Announced only when its words change. */
export function VerdictBar(): JSX.Element {
  const verdict = pageData.value?.verdict;
  const level = verdict?.level ?? 'unknown';
  const Icon = icons[level];
  return (
    <div class={`verdict ${level}`}>
      <span class="sign">
        <Icon />
      </span>
      <p role="status" data-testid="verdict" data-level={level} data-reason={verdict?.reason}>
        {verdict === undefined ? say('verdict.loading') : read(verdict.sentence)}
      </p>
      <FreshnessMark freshness={freshness.value} />
    </div>
  );
}

function FreshnessMark({ freshness }: { readonly freshness: Freshness }): JSX.Element | null {
  if (freshness.state === 'loading') return null;
  const isStale = freshness.state === 'stale';
  return (
    <span
      class={`freshness ${freshness.state}`}
      data-testid="freshness"
      data-state={freshness.state}
      title={isStale ? say('empty.stale.next', { seconds: freshness.seconds }) : undefined}
    >
      {isStale
        ? `${say('empty.stale')} · ${say('page.stale', { seconds: freshness.seconds })}`
        : say(`page.${freshness.state}`)}
    </span>
  );
}
