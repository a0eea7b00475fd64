import { loadAlertmanagerConfig, loadRules, receiversFromConfig } from '@tidewatch/alerts';
import { ConfigError, type Locale } from '@tidewatch/core';
import { parse } from '@tidewatch/promql';
import { loadAutoscalerConfig } from '@tidewatch/scaler';
import { checkQueries } from '../options/check-expressions.ts';
import { commandTexts } from './command-texts.ts';

/** What was found in one file. */
export interface CheckedFile {
  readonly file: string;
  /** What is in it; empty when it cannot be used. */
  readonly summary: string;
  /** What loads and is likely a mistake. */
  readonly warnings: readonly string[];
  /** Absent when the file can be used. */
  readonly error?: ConfigError;
}

type Check = (file: string, lang: Locale) => Pick<CheckedFile, 'summary' | 'warnings'>;

/** What a file may be: the first word of the command. */
export type FileKind = 'alerts' | 'alertmanager' | 'autoscaler';

const checks: Readonly<Record<FileKind, Check>> = {
  alerts(file, lang) {
    const { groups } = loadRules(file, { parse: (expr) => void parse(expr) });
    const count = groups.reduce((sum, { rules }) => sum + rules.length, 0);
    return { summary: commandTexts[lang].rules(count), warnings: [] };
  },
  alertmanager(file, lang) {
    const { receivers } = receiversFromConfig(loadAlertmanagerConfig(file));
    return { summary: commandTexts[lang].receivers(Object.keys(receivers).length), warnings: [] };
  },
  autoscaler(file, lang) {
    const config = loadAutoscalerConfig(file);
    checkQueries(config);
    return {
      summary: commandTexts[lang].metrics(config.metrics.length),
      warnings: config.warnings.map(({ message }) => message[lang]),
    };
  },
};

/** Loads a file as the service would, and says how it went. */
export function checkFile(kind: FileKind, file: string, lang: Locale): CheckedFile {
  try {
    return { file, ...checks[kind](file, lang) };
  } catch (error) {
    if (error instanceof ConfigError) return { file, summary: '', warnings: [], error };
    throw error;
  }
}
