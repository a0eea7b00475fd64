import type { Locale } from '@tidewatch/core';
import type { ExplainedAlertJson, ExplainStepJson } from '../alerts-api/alert-json.ts';
import { explainTexts, type SendReason, type StepReason } from './explain-texts.ts';

/** The way of an alert. Two things may happen at one place, such as two receivers. */
const STAGES = [
  'evaluate',
  'route',
  'group',
  'inhibit',
  'silence',
  'dedup',
  'escalate',
  'limiter',
  'send',
] as const satisfies readonly ExplainStepJson['stage'][];

/** A row for each stage, with a word about those where nothing has happened. Nobody escalates unless asked to. */
export function stepRows(
  { state, steps }: Pick<ExplainedAlertJson, 'state' | 'steps'>,
  locale: Locale,
): string[][] {
  const texts = explainTexts[locale];
  return STAGES.flatMap((stage) => {
    const here = steps.filter((step) => step.stage === stage);
    if (here.length > 0) {
      return here.map(({ subject, reason, at }) => [
        stage,
        subject === '' ? '-' : subject,
        at.replace(/\.\d+Z$/, 'Z'),
        reasonText(stage, reason, locale),
      ]);
    }
    if (stage === 'escalate') return [];
    const isLimiter = stage === 'limiter' && state !== 'pending';
    return [[stage, '-', '-', isLimiter ? texts.nothingWaits : texts.notReached]];
  });
}

/** What stands in the way of an alert now, or how far it has come, in a few words. */
export function heldBackBy(
  { state, steps }: Pick<ExplainedAlertJson, 'state' | 'steps'>,
  locale: Locale,
): string {
  const texts = explainTexts[locale];
  if (state === 'resolved') return texts.isOver;
  const find = (stage: ExplainStepJson['stage'], isThat: (reason: string) => boolean) =>
    steps.find((step) => step.stage === stage && isThat(step.reason));
  const step =
    find('evaluate', (reason) => reason === 'waits-for-its-time') ??
    find('silence', (reason) => reason === 'silenced') ??
    find('inhibit', (reason) => reason === 'inhibited') ??
    find('dedup', (reason) => reason === 'quiet-hours') ??
    find('limiter', () => true) ??
    find('send', (reason) => reason !== 'sent') ??
    find('send', () => true) ??
    find('group', (reason) => reason === 'waits-for-the-group') ??
    steps.at(-1);
  if (step === undefined) return texts.notReached;
  return `${step.stage}: ${reasonText(step.stage, step.reason, locale)}`;
}

/** An outcome of a send has two parts; a code that only a newer service knows stays as it is. */
export function reasonText(stage: ExplainStepJson['stage'], reason: string, locale: Locale): string {
  const { reasons, sendReasons } = explainTexts[locale];
  if (stage === 'send') {
    return reason
      .split(', ')
      .map((part) => (Object.hasOwn(sendReasons, part) ? sendReasons[part as SendReason] : part))
      .join(locale === 'en' ? '; ' : ';');
  }
  return Object.hasOwn(reasons, reason) ? reasons[reason as StepReason] : reason;
}
