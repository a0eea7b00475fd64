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

/** What a template reads besides labels and value; `$labels.query` is taken for it too, which only costs time. */
const IMPURE = /\b(?:query|now|externalURL|pathPrefix|graphLink|tableLink)\b/;

export function createCandidates(rule: AlertRule): Candidates {
  const labelTemplates = Object.entries(rule.labels);
  const annotationTemplates = Object.entries(rule.annotations);
  const hasFixedLabels = labelTemplates.every(([, text]) => !text.includes('{{'));
  const isPure = [...labelTemplates, ...annotationTemplates].every(([, text]) => !IMPURE.test(text));
  let errors: string[] = [];
  let known = new Map<string, Candidate>();
  let seen = new Map<string, Candidate>();

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

  function make(
    sample: Sample,
    last: Candidate | undefined,
    context: Omit<TemplateSubject, 'alertName' | 'labels' | 'value'>,
  ): Candidate {
    const { value } = sample;
    const sampleLabels = last?.sampleLabels ?? withoutName(sample.labels);
    const subject = { ...context, alertName: rule.name, labels: sampleLabels, value };
    const errorsBefore = errors.length;
    if (last !== undefined && hasFixedLabels) {
      const { fingerprint: key, labels } = last;
      const annotations = expandAll(annotationTemplates, subject);
      const hasErrors = errors.length > errorsBefore;
      return { fingerprint: key, labels, annotations, sampleLabels, value, hasErrors };
    }
    const merged: Record<string, string> = { ...sampleLabels, ...expandAll(labelTemplates, subject) };
    merged['alertname'] = rule.name;
    // An empty label value is the absence of the label.
    for (const name of Object.keys(merged)) if (merged[name] === '') delete merged[name];
    const annotations = expandAll(annotationTemplates, subject);
    const hasErrors = errors.length > errorsBefore;
    return { fingerprint: fingerprint(merged), labels: merged, annotations, sampleLabels, value, hasErrors };
  }

  return {
    of(sample, context) {
      const key = fingerprint(sample.labels);
      const last = known.get(key);
      const isSame = isPure && last !== undefined && !last.hasErrors && Object.is(last.value, sample.value);
      const candidate = isSame ? last : make(sample, last, context);
      seen.set(key, candidate);
      return candidate;
    },
    takeErrors() {
      const taken = errors;
      errors = [];
      return taken;
    },
    endEvaluation() {
      known = seen;
      seen = new Map();
    },
  };
}

/** The labels of a sample without the name of its metric. */
export function withoutName(labels: Labels): Labels {
  const { __name__: _, ...rest } = labels;
  return rest;
}
