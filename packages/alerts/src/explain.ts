import type { NotifiedAlert } from './channels/channel.ts';
import type { LaneView } from './delivery/outbox.ts';
import type { GroupView } from './routing/dispatcher.ts';
import type { Silence } from './routing/silences.ts';
import type { AlertInstance } from './rules/alert-instance.ts';
import type { ExplainStep } from './trail.ts';

/**
 * Where the evaluation stands with an alert that is there: what a process that was started anew knows of it too.
 *
 * One that is pending fires at `atMs` when its condition holds until then.
 */
export function explainEvaluation(
  { state, activeAtMs, firedAtMs = activeAtMs }: AlertInstance,
  { name, forMs }: { readonly name: string; readonly forMs: number },
): ExplainStep {
  if (state === 'pending')
    return { stage: 'evaluate', subject: name, reason: 'waits-for-its-time', atMs: activeAtMs + forMs };
  return { stage: 'evaluate', subject: name, reason: 'for-elapsed', atMs: firedAtMs };
}

/** All that decides on an alert that fires, as it stands. */
export interface ExplainView {
  readonly groups: readonly GroupView[];
  readonly inhibitedBy: Readonly<Record<string, string>> | undefined;
  readonly silence: Silence | undefined;
  readonly lanes: readonly LaneView[];
}

/**
 * What would happen to a firing alert now, place by place. What has happened, such as a send, is not known here.
 *
 * The stages `group` and `limiter` carry the time when something changes by itself: the next flush, the next send.
 */
export function explainNow(alert: NotifiedAlert, view: ExplainView, nowMs: number): readonly ExplainStep[] {
  const { groups, inhibitedBy, silence, lanes } = view;
  const steps: ExplainStep[] = [];
  for (const { receiver, groupKey, dueMs, lastFlush } of groups) {
    steps.push({ stage: 'route', subject: receiver, reason: 'matched', atMs: nowMs });
    const reason = lastFlush === undefined ? 'waits-for-the-group' : 'waits-for-the-next-flush';
    steps.push({ stage: 'group', subject: groupKey, reason, atMs: dueMs });
    if (lastFlush !== undefined)
      steps.push({ stage: 'dedup', subject: receiver, reason: lastFlush.reason, atMs: lastFlush.atMs });
  }
  const source = inhibitedBy?.['alertname'] ?? '';
  const inhibition = inhibitedBy === undefined ? 'not-inhibited' : 'inhibited';
  steps.push({ stage: 'inhibit', subject: source, reason: inhibition, atMs: nowMs });
  const silencing = silence === undefined ? 'not-silenced' : 'silenced';
  steps.push({ stage: 'silence', subject: silence?.id ?? '', reason: silencing, atMs: nowMs });
  for (const { channel, plan, holds } of lanes) {
    if (!holds(alert.fingerprint)) continue;
    const reason = plan.reason === 'empty' ? 'on-its-way' : plan.reason;
    const atMs = plan.action === 'wait' ? plan.untilMs : nowMs;
    steps.push({ stage: 'limiter', subject: channel.name, reason, atMs });
  }
  return steps;
}
