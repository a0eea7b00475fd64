import type { Labels } from '@tidewatch/core';

/** Fills `{{label}}` places. A label the series lacks leaves nothing behind. */
export function legendName(template: string, labels: Labels): string {
  return template
    .replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) =>
      Object.hasOwn(labels, label) ? (labels[label] ?? '') : '',
    )
    .replaceAll(/\s+/g, ' ')
    .trim();
}
