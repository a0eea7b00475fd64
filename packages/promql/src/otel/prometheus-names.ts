import type { Labels } from '@tidewatch/core';
import type { Attributes } from '@opentelemetry/api';

/** A metric name that every Prometheus accepts; a counter's ends in `_total`. */
export function prometheusName(name: string, isCounter: boolean): string {
  const clean = name.replaceAll(/[^a-zA-Z0-9_:]/g, '_').replace(/^(?=\d)/, '_');
  return isCounter && !clean.endsWith('_total') ? `${clean}_total` : clean;
}

/**
 * Labels of one data point: its attributes under clean names, then the constant labels, then the name.
 *
 * Attributes that share a clean name are joined with `;`. One that shares the name of a constant label is kept as
 * `exported_…`, as a scrape does.
 */
export function pointLabels(metricName: string, attributes: Attributes, constantLabels: Labels): Labels {
  const labels = new Map<string, string>();
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const clean = labelName(key);
    const name = Object.hasOwn(constantLabels, clean) ? `exported_${clean}` : clean;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const earlier = labels.get(name);
    labels.set(name, earlier === undefined ? text : `${earlier};${text}`);
  }
  for (const [name, value] of Object.entries(constantLabels)) labels.set(name, value);
  labels.set('__name__', metricName);
  return Object.fromEntries(labels);
}

function labelName(key: string): string {
  return key.replaceAll(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d)/, '_');
}
