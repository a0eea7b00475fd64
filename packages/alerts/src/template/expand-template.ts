import type { Labels } from '@tidewatch/core';
import { executeTemplate } from './execute-template.ts';
import { functionTable } from './function-table.ts';
import type { ParsedTemplate } from './node.ts';
import { parseTemplate } from './parse-template.ts';
import type { TemplateEnvironment } from './prometheus-functions.ts';
import { TemplateError } from './template-error.ts';
import { Fields } from './value.ts';

/** What a rule's template is about: one sample of the rule's expression. */
export interface TemplateSubject extends TemplateEnvironment {
  /** Name of the alert; errors carry it. */
  readonly alertName: string;
  readonly labels: Labels;
  readonly value: number;
  readonly externalLabels?: Labels;
}

/** A text, and what went wrong in making it: the text then says so itself, and is delivered all the same. */
export interface Expansion {
  readonly text: string;
  readonly error?: string;
}

/** Prometheus puts the same words before every template, so that error columns agree with its own. */
const PREAMBLE =
  '{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}';

const functionNames: ReadonlySet<string> = new Set(functionTable({ nowMs: 0 }).keys());

/** Parsed templates by alert name and text. Rule files are finite, but a text may carry anything: hence the cap. */
const cache = new Map<string, ParsedTemplate>();
const CACHE_SIZE = 1000;

/**
 * Checks a template without executing it.
 *
 * @throws {@link TemplateError} for a syntax error, an unknown function or an undefined variable.
 */
export function checkTemplate(text: string, alertName: string): void {
  if (text.includes('{{')) parse(text, alertName);
}

/** Expands a rule's label or annotation. Never throws: a mistake becomes part of the text, as in Prometheus. */
export function expandTemplate(text: string, subject: TemplateSubject): Expansion {
  if (!text.includes('{{')) return { text };
  const { alertName, labels, value, externalLabels = {}, externalUrl = '' } = subject;
  const data = new Fields({
    Labels: new Map(Object.entries(labels)),
    ExternalLabels: new Map(Object.entries(externalLabels)),
    ExternalURL: externalUrl,
    Value: value,
  });
  try {
    return { text: executeTemplate(parse(text, alertName), data, functionTable(subject)) };
  } catch (error) {
    const problem = error instanceof TemplateError ? error.message : 'the template could not be executed';
    const described = `error executing template __alert_${alertName}: ${problem}`;
    return { text: `<error expanding template: ${described}>`, error: described };
  }
}

function parse(text: string, alertName: string): ParsedTemplate {
  const key = `${alertName}\u0000${text}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const parsed = parseTemplate(PREAMBLE + text, `__alert_${alertName}`, functionNames);
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(key, parsed);
  return parsed;
}
