import type { Vector } from '@tidewatch/core';
import { expandTemplate, type TemplateSubject } from '../template/expand-template.ts';
import type { AlertInstance } from './alert-instance.ts';
import { withoutName } from './candidate.ts';
import { fingerprint } from './fingerprint.ts';
import type { AlertRule } from './rule.ts';

const BRACKETS: Readonly<Record<string, number>> = { '(': 1, '[': 1, '{': 1, ')': -1, ']': -1, '}': -1 };
const NUMBER = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i;

/**
 * The left side of `left < 0.85`: what to ask for when the condition has cleared and returns nothing.
 *
 * `undefined` when the expression is anything but one comparison of something with a number, outside of all
 * brackets: then the present value is not known, and nothing is guessed.
 */
export function presentValueExpr(expr: string): string | undefined {
  let depth = 0;
  let split: { left: string; right: string } | undefined;
  let at = 0;
  while (at < expr.length) {
    const char = expr[at] ?? '';
    if (char === '#') return undefined;
    if (char === '"' || char === "'" || char === '`') {
      const end = endOfString(expr, at);
      if (end === undefined) return undefined;
      at = end;
      continue;
    }
    depth += BRACKETS[char] ?? 0;
    if (depth === 0) {
      const rest = expr.slice(at);
      if (/^(?:and|or|unless|bool)\b/i.test(rest) && !/[\w:]/.test(expr[at - 1] ?? '')) return undefined;
      const operator = /^(?:==|!=|<=|>=|<|>)/.exec(rest)?.[0];
      if (operator !== undefined) {
        if (split !== undefined) return undefined;
        split = { left: expr.slice(0, at), right: expr.slice(at + operator.length) };
        at += operator.length;
        continue;
      }
    }
    at++;
  }
  if (split === undefined || !NUMBER.test(split.right) || split.left.trim() === '') return undefined;
  return split.left.trim();
}

function endOfString(expr: string, start: number): number | undefined {
  const quote = expr[start];
  for (let at = start + 1; at < expr.length; at++) {
    if (expr[at] === '\\' && quote !== '`') at++;
    else if (expr[at] === quote) return at + 1;
  }
  return undefined;
}

/**
 * Puts the present value, and annotations that say it, into resolved alerts. Prometheus repeats the last
 * firing value there (prometheus#7224). An alert whose series the vector does not hold is unchanged.
 */
export function withPresentValues(
  rule: AlertRule,
  instances: readonly AlertInstance[],
  vector: Vector,
  context: Omit<TemplateSubject, 'alertName' | 'labels' | 'value'>,
): AlertInstance[] {
  const present = new Map(vector.map((sample) => [fingerprint(withoutName(sample.labels)), sample]));
  return instances.map((instance) => {
    if (instance.state !== 'resolved') return instance;
    const sample = present.get(fingerprint(instance.sampleLabels));
    if (sample === undefined) return instance;
    const { labels, value } = sample;
    const subject = { ...context, alertName: rule.name, labels, value };
    const annotations = Object.fromEntries(
      Object.entries(rule.annotations).map(([name, text]) => [name, expandTemplate(text, subject).text]),
    );
    return { ...instance, value, annotations };
  });
}
