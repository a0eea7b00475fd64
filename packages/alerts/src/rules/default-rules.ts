import type { Locale } from '@tidewatch/core';
import { defaultRulesByArea } from './default-rules-by-area.ts';

/**
 * The default rules as a Prometheus rule file, so that they can be read, changed, and given to a Prometheus server.
 *
 * The watchdog has the severity `none`: route it to a service that misses it when it stops.
 */
export function defaultRulesYaml(locale: Locale = 'en'): string {
  const groups = Object.entries(defaultRulesByArea).map(([area, rules]) => {
    const lines = rules.flatMap((rule) => [
      `      - alert: ${rule.alert}`,
      `        expr: ${JSON.stringify(rule.expr)}`,
      ...(rule.for === undefined ? [] : [`        for: ${rule.for}`]),
      `        labels:`,
      `          severity: ${rule.severity}`,
      `          area: ${area}`,
      `        annotations:`,
      `          summary: ${JSON.stringify(rule.summary[locale])}`,
      `          description: ${JSON.stringify(rule.description[locale])}`,
      `          action: ${JSON.stringify(rule.action[locale])}`,
    ]);
    return [`  - name: tidewatch-${area}`, `    rules:`, ...lines].join('\n');
  });
  return `groups:\n${groups.join('\n')}\n`;
}
