import { ConfigError, systemClock, type Clock, type Locale, type Logger } from '@tidewatch/core';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { AutoscalerConfig } from '../config/autoscaler-config.ts';
import { loadAutoscalerConfig } from '../config/load-autoscaler-config.ts';
import { createAutoscaler } from '../control/create-autoscaler.ts';
import { simulatedTarget } from '../targets/simulated.ts';
import { commandTexts, localeOf, type CommandTexts } from './command-texts.ts';

/** What the command touches of the world. */
export interface CommandWorld {
  /** Writes one line. */
  readonly stdout: (line: string) => void;
  readonly stderr: (line: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the loop. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

const DEFAULT_CONFIG = '/etc/autoscale/config.yaml';

const options = {
  config: { type: 'string', default: DEFAULT_CONFIG },
  mode: { type: 'string', default: 'threshold' },
  'max-latency': { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  once: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  replicas: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsConfig['options'];

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

/** Runs `autoscaler ARGS`; answers the exit status: 0 done, 1 no decision, 2 wrong usage or configuration. */
export async function runAutoscalerCommand(args: readonly string[], world: CommandWorld): Promise<0 | 1 | 2> {
  const locale = localeOf(world.env);
  const texts = commandTexts[locale];
  let values: Values;
  let positionals: string[];
  try {
    ({ values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true }));
  } catch (error) {
    return refuse(world, texts, `autoscaler: ${(error as Error).message}`);
  }
  if (values.help) {
    world.stdout(texts.help);
    return 0;
  }
  const [verb, ...rest] = positionals;
  const surplus = verb === 'check' ? rest[1] : verb;
  if (surplus !== undefined) return refuse(world, texts, texts.surplus(surplus));
  const complaint = verb === 'check' ? undefined : complaintAbout(values, texts);
  if (complaint !== undefined) return refuse(world, texts, complaint);

  try {
    const config = loadAutoscalerConfig(rest[0] ?? values.config);
    if (verb === 'check') return check(config, world, locale);
    return await decideAndPrint(config, values, world, locale);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    world.stderr(error.message);
    return 2;
  }
}

function refuse({ stderr }: CommandWorld, texts: CommandTexts, complaint: string): 2 {
  stderr(complaint);
  stderr(texts.seeHelp);
  return 2;
}

/** What is wrong with the options, if anything. */
function complaintAbout(values: Values, texts: CommandTexts): string | undefined {
  const latency = values['max-latency'];
  if (latency !== undefined && !(Number(latency) > 0)) return texts.badLatency(latency);
  if (values.mode !== 'threshold') return texts.notAvailable(`--mode=${values.mode}`);
  if (latency !== undefined) return texts.latencyWithoutMode;
  if (!values['dry-run']) return texts.noTarget;
  const { replicas } = values;
  if (replicas !== undefined && !/^[1-9]\d*$/.test(replicas)) return texts.badReplicas(replicas);
  return undefined;
}

function check(config: AutoscalerConfig, { stdout }: CommandWorld, locale: Locale): 0 {
  const texts = commandTexts[locale];
  for (const line of warningLines(config, locale)) stdout(line);
  stdout(texts.sound(config.source, config.metrics.length));
  return 0;
}

function warningLines({ source, warnings }: AutoscalerConfig, locale: Locale): string[] {
  return warnings.map(
    ({ line, column, path, message }) =>
      `${source}:${line}:${column}: ${commandTexts[locale].warning}: ${path}: ${message[locale]}`,
  );
}

async function decideAndPrint(
  config: AutoscalerConfig,
  values: Values,
  { stdout, stderr, signal, clock = systemClock }: CommandWorld,
  locale: Locale,
): Promise<0 | 1> {
  for (const line of warningLines(config, locale)) stderr(line);
  const say = values.json ? (): void => {} : stdout;
  const logger: Logger = {
    debug: () => {},
    info: (_fields, message) => say(message),
    warn: (_fields, message) => stderr(message),
    error: (fields, message) => stderr(`${message}: ${String((fields as { error?: unknown }).error)}`),
  };
  const initialReplicas = values.replicas === undefined ? config.minReplicas : Number(values.replicas);
  await using autoscaler = createAutoscaler({
    config,
    target: simulatedTarget({ initialReplicas }),
    dryRun: true,
    locale,
    logger,
    clock,
    ...(values.json ? { onDecision: (record) => stdout(JSON.stringify(record)) } : {}),
  });
  if (values.once) {
    const record = await autoscaler.tick();
    if (record !== undefined) return 0;
    stderr(commandTexts[locale].unobserved);
    return 1;
  }
  autoscaler.start();
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return 0;
}
