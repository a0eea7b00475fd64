import { loadAlertmanagerConfig, loadRules, receiversFromConfig } from '@tidewatch/alerts';
import { ConfigError, nearestName, type Locale } from '@tidewatch/core';
import { grafanaDashboard } from '@tidewatch/dashboard';
import { parse as parsePromql } from '@tidewatch/promql';
import { loadAutoscalerConfig } from '@tidewatch/scaler';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { commandTexts } from './command-texts.ts';

/** What a command may touch, so that tests can run it in process. */
export interface CommandHost {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What a command was called with is wrong; the message says what to do. */
class CommandUsageError extends Error {
  override readonly name = 'CommandUsageError';
}

interface Arguments {
  readonly words: readonly string[];
  readonly lang: Locale;
  readonly out: string | undefined;
  readonly format: string;
  readonly json: boolean;
}

type Command = (args: Arguments, host: CommandHost) => void;

/** By the words that call it. */
const commands: Readonly<Record<string, Command>> = {
  'dashboard export': exportDashboard,
  'alerts check': (args, host) => check(args, host, checkRules),
  'alertmanager check': (args, host) => check(args, host, checkAlertmanager),
  'autoscaler check': (args, host) => check(args, host, checkAutoscaler),
};

/**
 * Runs the `tidewatch` command.
 *
 * @returns The exit status: 0 done, 1 the checked files have faults, 2 called wrongly.
 */
export function runCommand(args: readonly string[], host: CommandHost): number {
  const fromEnvironment = (host.env['LANG'] ?? '').startsWith('zh') ? 'zh-CN' : 'en';
  try {
    const { values, positionals } = parse(args);
    const lang = language(values.lang ?? fromEnvironment);
    if (values.help || positionals.length === 0) {
      host.stdout(commandTexts[lang].usage);
      return values.help ? 0 : 2;
    }
    const name = positionals.slice(0, 2).join(' ');
    const command = commands[name];
    if (command === undefined) throw unknownCommand(name, lang);
    const { out, format, json } = values;
    command({ words: positionals.slice(2), lang, out, format, json }, host);
    return 0;
  } catch (error) {
    host.stderr((error as Error).message);
    if (error instanceof CommandUsageError) return 2;
    if (error instanceof ConfigError) return 1;
    throw error;
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        lang: { type: 'string' },
        out: { type: 'string', short: 'o' },
        format: { type: 'string', default: 'grafana' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new CommandUsageError((error as Error).message, { cause: error });
  }
}

function language(written: string): Locale {
  if (written === 'en' || written === 'zh-CN') return written;
  throw new CommandUsageError(`--lang: expected en or zh-CN, got "${written}"`);
}

function unknownCommand(name: string, lang: Locale): CommandUsageError {
  const near = nearestName(name, Object.keys(commands));
  return new CommandUsageError(commandTexts[lang].unknownCommand(name, near));
}

function exportDashboard({ format, lang, out }: Arguments, { stdout, stderr }: CommandHost): void {
  if (format !== 'grafana') throw new CommandUsageError(`--format: expected grafana, got "${format}"`);
  const text = `${JSON.stringify(grafanaDashboard({ locale: lang }), undefined, 2)}\n`;
  if (out === undefined) return stdout(text.trimEnd());
  try {
    writeFileSync(out, text);
  } catch (error) {
    throw new CommandUsageError(`--out: ${(error as Error).message}`, { cause: error });
  }
  stderr(commandTexts[lang].written(out));
}

interface Checked {
  readonly file: string;
  readonly summary: string;
  readonly warnings: readonly string[];
}

function check(
  { words, lang, json }: Arguments,
  { stdout, stderr }: CommandHost,
  checkFile: (file: string, lang: Locale) => Checked,
): void {
  if (words.length === 0) throw new CommandUsageError(commandTexts[lang].noFile);
  const results = words.map((file) => checkFile(file, lang));
  if (json) return stdout(JSON.stringify(results));
  for (const { file, summary, warnings } of results) {
    for (const warning of warnings) stderr(`${file}: ${warning}`);
    stdout(`${file}: ${summary}`);
  }
}

function checkRules(file: string, lang: Locale): Checked {
  const rules = loadRules(file, { parse: (expr) => void parsePromql(expr) }).groups.flatMap(
    (group) => group.rules,
  );
  return { file, summary: commandTexts[lang].rules(rules.length), warnings: [] };
}

function checkAlertmanager(file: string, lang: Locale): Checked {
  const { receivers } = receiversFromConfig(loadAlertmanagerConfig(file));
  return { file, summary: commandTexts[lang].receivers(Object.keys(receivers).length), warnings: [] };
}

function checkAutoscaler(file: string, lang: Locale): Checked {
  const { metrics, warnings } = loadAutoscalerConfig(file);
  return {
    file,
    summary: commandTexts[lang].metrics(metrics.length),
    warnings: warnings.map(({ message }) => message[lang]),
  };
}
