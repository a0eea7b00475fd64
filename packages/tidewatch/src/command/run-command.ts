import { ConfigError, nearestName, type Locale } from '@tidewatch/core';
import { grafanaDashboard } from '@tidewatch/dashboard';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CommandUsageError, type Call, type Command, type CommandHost, type ExitStatus } from './call.ts';
import { explainAlerts } from './explain-alerts.ts';
import { silenceAlerts } from './silence-alerts.ts';
import { checkFile, type CheckedFile, type FileKind } from './check-file.ts';
import { commandTexts, type CommandTexts } from './command-texts.ts';
import { relay } from './relay.ts';
import { replayRules } from './replay-rules.ts';
import { testRules } from './test-rules.ts';
import { verifyChannels } from './verify-channels.ts';

/** Of every command. */
const COMMON = ['lang', 'json', 'help'];

/** By the words that call it: what it does, and its own options. */
const commands: Readonly<Record<string, { readonly run: Command; readonly options?: readonly string[] }>> = {
  'dashboard export': { run: exportDashboard, options: ['format', 'out'] },
  'alerts check': { run: (call, host) => check('alerts', call, host) },
  'alerts explain': { run: explainAlerts, options: ['labels', 'url', 'token', 'token-file'] },
  'alerts silence': {
    run: silenceAlerts,
    options: ['for', 'from', 'until', 'comment', 'author', 'expired', 'url', 'token', 'token-file'],
  },
  'alerts verify': { run: verifyChannels, options: ['send'] },
  'alerts test-rules': { run: testRules },
  'alerts replay': { run: replayRules, options: ['url', 'from', 'to'] },
  'alertmanager check': { run: (call, host) => check('alertmanager', call, host) },
  'autoscaler check': { run: (call, host) => check('autoscaler', call, host) },
  relay: { run: relay, options: ['listen', 'token-file', 'data'] },
};

/**
 * Runs the `tidewatch` command.
 *
 * @returns The exit status: 0 done, 1 what was looked at has faults, 2 called wrongly. A promise of it for commands
 * that talk to others.
 */
export function runCommand(args: readonly string[], host: CommandHost): ExitStatus | Promise<ExitStatus> {
  const fromEnvironment = (host.env['LANG'] ?? '').startsWith('zh') ? 'zh-CN' : 'en';
  try {
    const { values, positionals, tokens } = parse(args);
    const lang = language(values.lang ?? fromEnvironment, commandTexts[fromEnvironment]);
    const texts = commandTexts[lang];
    if (values.help) {
      host.stdout(texts.usage);
      return 0;
    }
    const [first = '', second = ''] = positionals;
    if (first === '') throw new CommandUsageError(texts.usage);
    // A command is one word or two.
    const words = Object.hasOwn(commands, first) ? 1 : 2;
    const name = words === 1 ? first : `${first} ${second}`.trim();
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) {
      throw new CommandUsageError(texts.unknownCommand(name, nearestName(name, Object.keys(commands))));
    }
    for (const token of tokens) {
      if (token.kind !== 'option' || [...COMMON, ...(command.options ?? [])].includes(token.name)) continue;
      throw new CommandUsageError(texts.foreignOption(token.rawName, name));
    }
    const { 'token-file': tokenFile, for: duration, help: _, ...options } = values;
    const written = {
      ...options,
      ...(tokenFile === undefined ? {} : { tokenFile }),
      ...(duration === undefined ? {} : { duration }),
    };
    const status = command.run({ ...written, files: positionals.slice(words), lang, texts }, host);
    return typeof status === 'number' ? status : status.catch((error: unknown) => refuse(error, host));
  } catch (error) {
    return refuse(error, host);
  }
}

function refuse(error: unknown, { stderr }: CommandHost): ExitStatus {
  if (!(error instanceof CommandUsageError)) throw error;
  stderr(error.message);
  return 2;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      tokens: true,
      options: {
        lang: { type: 'string' },
        out: { type: 'string', short: 'o' },
        format: { type: 'string', default: 'grafana' },
        json: { type: 'boolean', default: false },
        send: { type: 'boolean', default: false },
        from: { type: 'string' },
        to: { type: 'string' },
        url: { type: 'string' },
        listen: { type: 'string', default: '127.0.0.1:9095' },
        token: { type: 'string' },
        'token-file': { type: 'string' },
        data: { type: 'string' },
        labels: { type: 'string', multiple: true, default: [] },
        for: { type: 'string' },
        until: { type: 'string' },
        comment: { type: 'string' },
        author: { type: 'string' },
        expired: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new CommandUsageError((error as Error).message, { cause: error });
  }
}

function language(written: string, texts: CommandTexts): Locale {
  if (written === 'en' || written === 'zh-CN') return written;
  throw new CommandUsageError(texts.badOption('--lang', ['en', 'zh-CN'], written));
}

function exportDashboard({ format, lang, out, texts, files }: Call, { stdout, stderr }: CommandHost): 0 {
  if (format !== 'grafana') throw new CommandUsageError(texts.badOption('--format', ['grafana'], format));
  if (files.length > 0) throw new CommandUsageError(texts.unexpected(files.join(' ')));
  const text = JSON.stringify(grafanaDashboard({ locale: lang }), undefined, 2);
  if (out === undefined) {
    stdout(text);
    return 0;
  }
  try {
    writeFileSync(out, `${text}\n`);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new CommandUsageError(texts.cannotWrite(out, code), { cause: error });
  }
  stderr(texts.written(out));
  return 0;
}

/** Every file is looked at, whatever is wrong with the one before it. */
function check(kind: FileKind, { files, lang, texts, json }: Call, host: CommandHost): 0 | 1 {
  if (files.length === 0) throw new CommandUsageError(texts.noFile);
  const results = files.map((file) => checkFile(kind, file, lang));
  if (json) host.stdout(JSON.stringify(results.map(toJson)));
  else for (const result of results) print(result, texts, host);
  return results.some(({ error }) => error !== undefined) ? 1 : 0;
}

function print(
  { file, summary, warnings, error }: CheckedFile,
  texts: CommandTexts,
  host: CommandHost,
): void {
  for (const warning of warnings) host.stderr(`${file}: ${texts.warning}: ${warning}`);
  if (error === undefined) host.stdout(`${file}: ${summary}`);
  // A channel that cannot be made names itself; which of the files it stands in, only we know.
  else host.stderr(error.source === file ? error.message : `${file}: ${error.message}`);
}

function toJson({ file, summary, warnings, error }: CheckedFile): object {
  return error instanceof ConfigError
    ? { file, warnings, faults: error.issues }
    : { file, summary, warnings, faults: [] };
}
