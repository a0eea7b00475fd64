import { parseArgs } from 'node:util';

export type DemoLanguage = 'en' | 'zh-CN';

export interface DemoOptions {
  /** How long to run; absent: until Ctrl-C, a new day every three minutes. */
  readonly seconds: number | undefined;
  /** Print one JSON object at the end and nothing else on standard output. */
  readonly json: boolean;
  /** Port of the page; 0 picks a free one. */
  readonly port: number;
  readonly locale: DemoLanguage;
}

export const usage = `Usage: npm run demo -- [options]

  --seconds N   run one compressed day of N seconds (30 or more), then end; without it days repeat until Ctrl-C
  --json        end with one JSON object that says what was measured
  --port P      port of the page (default 8787; 0 picks a free one)
  --lang L      language of messages: en or zh-CN (default: from LANG)
  --help        this text`;

/** An option that cannot be used; the message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads the command line.
 *
 * @throws {@link UsageError} naming the option, what was given and what is expected.
 */
export function parseDemoOptions(args: readonly string[], env: NodeJS.ProcessEnv): DemoOptions | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  return {
    seconds: values.seconds === undefined ? undefined : wholeNumber('--seconds', values.seconds, 30, 86_400),
    json: values.json,
    port: wholeNumber('--port', values.port, 0, 65_535),
    locale: language(values.lang ?? (env['LANG']?.startsWith('zh') ? 'zh-CN' : 'en')),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string' },
        json: { type: 'boolean', default: false },
        port: { type: 'string', default: '8787' },
        lang: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${usage}`);
  }
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`${option}: expected a whole number from ${least} to ${most}, got "${text}"`);
}

function language(text: string): DemoLanguage {
  if (text === 'en' || text === 'zh-CN') return text;
  throw new UsageError(`--lang: expected en or zh-CN, got "${text}"`);
}
