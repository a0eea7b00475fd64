import {
  ConfigError,
  systemClock,
  type Clock,
  type Locale,
  type Logger,
  type RangeQuery,
} from '@tidewatch/core';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { AutoscalerConfig, AutoscalerMode } from '../config/autoscaler-config.ts';
import { loadAutoscalerConfig } from '../config/load-autoscaler-config.ts';
import { inMode } from '../config/read-objective.ts';
import { createAutoscaler, type Autoscaler } from '../control/create-autoscaler.ts';
import { endpointRangeQuery } from '../control/endpoint-range-query.ts';
import { readMemory } from '../memory/autoscaler-memory.ts';
import { fileStateStore } from '../memory/file-state-store.ts';
import { StateError } from '../memory/state-store.ts';
import { simulatedTarget } from '../targets/simulated.ts';
import { explainTexts } from '../texts/explain-texts.ts';
import { explainDecisions } from './explain-decisions.ts';
import { openLease, openTarget } from './open-target.ts';
import { printSavings } from './print-savings.ts';
import { runSimulateCommand } from './simulate-command.ts';
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
const DEFAULT_STATE = '/var/lib/autoscaler/state';

const options = {
  config: { type: 'string', default: DEFAULT_CONFIG },
  mode: { type: 'string' },
  'max-latency': { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  once: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  replicas: { type: 'string' },
  state: { type: 'string' },
  last: { type: 'string', default: '10' },
  target: { type: 'string' },
  lease: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsConfig['options'];

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

/** Runs `autoscaler ARGS`; answers the exit status: 0 done, 1 no decision, 2 wrong usage or configuration. */
export async function runAutoscalerCommand(args: readonly string[], world: CommandWorld): Promise<0 | 1 | 2> {
  const locale = localeOf(world.env);
  const texts = commandTexts[locale];
  const [first, ...others] = args;
  if (first === 'simulate') return runSimulateCommand(others, world, locale);
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
  const surplus = verb === 'check' ? rest[1] : verb === 'explain' ? rest[0] : verb;
  if (surplus !== undefined) return refuse(world, texts, texts.surplus(surplus));
  if (verb === 'explain') return explain(values, world, locale);
  const complaint = verb === 'check' ? undefined : complaintAbout(values, texts);
  if (complaint !== undefined) return refuse(world, texts, complaint);

  try {
    const written = loadAutoscalerConfig(rest[0] ?? values.config);
    if (verb === 'check') return check(written, values, world, locale);
    const maxLatencyMs = values['max-latency'] === undefined ? undefined : Number(values['max-latency']);
    const mode = chosenMode(values, written);
    const config = inMode(written, mode, maxLatencyMs);
    if (config === undefined) return refuse(world, texts, texts.modeNeedsLatency(mode));
    if (mode === 'cost-optimize' && !values.json) await printSavings(config, world, locale);
    return await decideAndPrint(config, values, world, locale);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (verb === 'check' && values.json) {
      world.stdout(JSON.stringify({ source: error.source, errors: error.issues, warnings: [] }));
    } else world.stderr(error.message);
    return 2;
  }
}

function refuse({ stderr }: CommandWorld, texts: CommandTexts, complaint: string): 2 {
  stderr(complaint);
  stderr(texts.seeHelp);
  return 2;
}

const modes: readonly AutoscalerMode[] = ['threshold', 'slo', 'cost-optimize'];

function isMode(text: string): text is AutoscalerMode {
  return (modes as readonly string[]).includes(text);
}

/** A latency on the command line asks for the mode that keeps it. */
function chosenMode({ mode, 'max-latency': latency }: Values, config: AutoscalerConfig): AutoscalerMode {
  if (mode !== undefined && isMode(mode)) return mode;
  return latency !== undefined && config.mode === 'threshold' ? 'slo' : config.mode;
}

/** What is wrong with the options, if anything. */
function complaintAbout(values: Values, texts: CommandTexts): string | undefined {
  const latency = values['max-latency'];
  if (latency !== undefined && !(Number(latency) > 0)) return texts.badLatency(latency);
  const { mode } = values;
  if (mode !== undefined && !isMode(mode)) return texts.badMode(mode);
  if (latency !== undefined && mode === 'threshold') return texts.latencyWithoutMode;
  if (!values['dry-run'] && values.target === undefined) return texts.noTarget;
  const { replicas } = values;
  if (replicas !== undefined && !/^[1-9]\d*$/.test(replicas)) return texts.badReplicas(replicas);
  return undefined;
}

function check(config: AutoscalerConfig, { json }: Values, { stdout }: CommandWorld, locale: Locale): 0 {
  const texts = commandTexts[locale];
  if (json) {
    stdout(JSON.stringify({ source: config.source, errors: [], warnings: config.warnings }));
    return 0;
  }
  for (const line of warningLines(config, locale)) stdout(line);
  stdout(texts.sound(config.source, config.metrics.length));
  return 0;
}

/** Prints the last decisions that a state store has kept, of a process that runs or has ended. */
async function explain(
  { state = DEFAULT_STATE, last, json }: Values,
  world: CommandWorld,
  locale: Locale,
): Promise<0 | 1 | 2> {
  const texts = commandTexts[locale];
  if (!/^[1-9]\d*$/.test(last)) return refuse(world, texts, texts.badLast(last));
  try {
    const text = await fileStateStore(state).load();
    const decisions = text === undefined ? [] : readMemory(text).decisions.slice(-Number(last));
    if (decisions.length === 0) {
      world.stderr(explainTexts[locale].nothing(state));
      return 1;
    }
    if (json) for (const record of decisions) world.stdout(JSON.stringify(record));
    else for (const line of explainDecisions(decisions, locale)) world.stdout(line);
    return 0;
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    world.stderr(`autoscaler: ${error.message}`);
    return 1;
  }
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
  world: CommandWorld,
  locale: Locale,
): Promise<0 | 1 | 2> {
  const { stdout, stderr, env, clock = systemClock } = world;
  for (const line of warningLines(config, locale)) stderr(line);
  const say = values.json ? (): void => {} : stdout;
  const logger: Logger = {
    debug: () => {},
    info: (_fields, message) => say(message),
    warn: (_fields, message) => stderr(message),
    error: (fields, message) => stderr(`${message}: ${String((fields as { error?: unknown }).error)}`),
  };
  const texts = commandTexts[locale];
  const { target: targetText, lease: leaseText } = values;
  const initialReplicas = values.replicas === undefined ? config.minReplicas : Number(values.replicas);
  const target =
    targetText === undefined
      ? simulatedTarget({ initialReplicas })
      : await openTarget(targetText, { env, clock, logger });
  if (target === undefined) return refuse(world, texts, texts.badTarget(targetText ?? ''));
  const lease = leaseText === undefined ? undefined : await openLease(leaseText, { env, clock, logger });
  if (leaseText !== undefined && lease === undefined) return refuse(world, texts, texts.badLease(leaseText));

  const history = historyOf(config);
  const autoscaler = createAutoscaler({
    config,
    target,
    ...(history === undefined ? {} : { history }),
    dryRun: values['dry-run'],
    ...(values.state === undefined ? {} : { stateStore: fileStateStore(values.state) }),
    ...(lease === undefined ? {} : { lease }),
    locale,
    logger,
    clock,
    ...(values.json ? { onDecision: (record) => stdout(JSON.stringify(record)) } : {}),
  });
  try {
    return await runUntilTold(autoscaler, values.once, world, texts);
  } finally {
    await autoscaler.close();
    await lease?.close();
    await target.close?.();
  }
}

/** The past of the rate, for the modes that learn from it. */
function historyOf({ mode, metrics, objective }: AutoscalerConfig): RangeQuery | undefined {
  const endpoint = metrics.find(({ name }) => name === objective?.rate)?.endpoint;
  return mode === 'threshold' || endpoint === undefined ? undefined : endpointRangeQuery(endpoint);
}

async function runUntilTold(
  autoscaler: Autoscaler,
  once: boolean,
  { stderr, signal }: CommandWorld,
  texts: CommandTexts,
): Promise<0 | 1> {
  if (once) {
    const record = await autoscaler.tick();
    if (record !== undefined) return 0;
    stderr(texts.unobserved);
    return 1;
  }
  autoscaler.start();
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return 0;
}
