import type { Labels, Sample } from '@tidewatch/core';
import { expandTemplate, type TemplateSubject } from '../template/expand-template.ts';
import { fingerprint } from './fingerprint.ts';
import type { AlertRule } from './rule.ts';

/** A sample of a rule's expression as an alert would show it. */
export interface Candidate {
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly sampleLabels: Labels;
  readonly value: number;
  /** Whether one of its templates failed. */
  readonly hasErrors: boolean;
}

/** Makes candidates of samples; what a sample has in common with itself in the last evaluation is not made again. */
export interface Candidates {
  of(sample: Sample, context: Omit<TemplateSubject, 'alertName' | 'labels' | 'value'>): Candidate;
  /** Templates that failed since the last call. */
  takeErrors(): readonly string[];
  /** Forgets the samples that were not asked for since the last call. */
  endEvaluation(): void;
}

/** A candidate, and the evaluation that asked for it last. */
type Kept = { -readonly [K in keyof Candidate]: Candidate[K] } & { round: number };

/** What a template reads besides labels and value; `$labels.query` is taken for it too, which only costs time. */
const IMPURE = /\b(?:query|now|externalURL|pathPrefix|graphLink|tableLink)\b/;

export function createCandidates(rule: AlertRule): Candidates {
  const labelTemplates = Object.entries(rule.labels);
  const annotationTemplates = Object.entries(rule.annotations);
  const hasFixedLabels = labelTemplates.every(([, text]) => !text.includes('{{'));
  const isPure = [...labelTemplates, ...annotationTemplates].every(([, text]) => !IMPURE.test(text));
  let errors: string[] = [];
  // Candidates are written over rather than made anew: each would live until the next evaluation.
  const known = new Map<string, Kept>();
  let round = 0;

  function expandAll(
    templates: readonly (readonly [string, string])[],
    subject: TemplateSubject,
  ): Record<string, string> {
    const texts: Record<string, string> = {};
    for (const [name, template] of templates) {
      const { text, error } = expandTemplate(template, subject);
      if (error !== undefined) errors.push(error);
      texts[name] = text;
    }
    return texts;
  }

  /** The labels and the annotations that the templates make of a sample: they see the name of its metric too. */
  function make(
    kept: Kept,
    { labels, value }: Sample,
    context: Omit<TemplateSubject, 'alertName' | 'labels' | 'value'>,
  ): void {
    const subject = { ...context, alertName: rule.name, labels, value };
    const errorsBefore = errors.length;
    const isNew = kept.fingerprint === '';
    if (isNew || !hasFixedLabels) {
      const merged: Record<string, string> = {
        ...kept.sampleLabels,
        ...expandAll(labelTemplates, subject),
        alertname: rule.name,
      };
      // An empty label value is the absence of the label.
      for (const name of Object.keys(merged)) if (merged[name] === '') delete merged[name];
      kept.labels = merged;
      kept.fingerprint = fingerprint(merged);
    }
    kept.annotations = expandAll(annotationTemplates, subject);
    kept.value = value;
    kept.hasErrors = errors.length > errorsBefore;
  }

  return {
    of(sample, context) {
      const key = fingerprint(sample.labels);
      const last = known.get(key);
      const isSame = isPure && last?.hasErrors === false && Object.is(last.value, sample.value);
      const kept = last ?? newKept(sample);
      if (last === undefined) known.set(key, kept);
      kept.round = round;
      if (!isSame) make(kept, sample, context);
      return kept;
    },
    takeErrors() {
      const taken = errors;
      errors = [];
      return taken;
    },
    endEvaluation() {
      for (const [key, kept] of known) if (kept.round !== round) known.delete(key);
      round++;
    },
  };
}

function newKept({ labels, value }: Sample): Kept {
  const sampleLabels = withoutName(labels);
  return { fingerprint: '', labels: {}, annotations: {}, sampleLabels, value, hasErrors: false, round: 0 };
}

/** The labels of a sample without the name of its metric. */
export function withoutName(labels: Labels): Labels {
  const { __name__: _, ...rest } = labels;
  return rest;
}
