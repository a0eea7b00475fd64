import { readFile } from 'node:fs/promises';
import { loadAlertmanagerConfig, loadRules, receiversFromConfig } from '@tidewatch/alerts';
import type { AlertingOptions } from '@tidewatch/alerts';
import { loadAutoscalerConfig, type AutoscalerConfig } from '@tidewatch/scaler';

export interface DemoConfig {
  readonly alerting: Pick<AlertingOptions, 'rules' | 'route' | 'receivers' | 'inhibitRules'>;
  readonly autoscaler: AutoscalerConfig;
}

/**
 * Reads the three files of `config/`, with the addresses of this run put in.
 *
 * @param replacements - Words of alertmanager.yml and what stands for them.
 * @throws ConfigError naming file, line and column of every fault.
 */
export async function loadConfig(replacements: Readonly<Record<string, string>>): Promise<DemoConfig> {
  const folder = new URL('../../config/', import.meta.url);
  const text = async (name: string): Promise<string> => readFile(new URL(name, folder), 'utf8');
  const words = new RegExp(Object.keys(replacements).join('|'), 'g');
  const alertmanager = (await text('alertmanager.yml')).replace(words, (word) => replacements[word] ?? word);
  return {
    alerting: {
      rules: loadRules(await text('alert_rules.yml'), { source: 'config/alert_rules.yml' }),
      ...receiversFromConfig(loadAlertmanagerConfig(alertmanager, { source: 'config/alertmanager.yml' })),
    },
    autoscaler: loadAutoscalerConfig(await text('config.yaml'), { source: 'config/config.yaml' }),
  };
}
