import { ConfigError, type Locale } from '@tidewatch/core';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { loadAutoscalerConfig } from '../config/load-autoscaler-config.ts';
import type { PolicyName } from '../simulate/policy-names.ts';
import { readTrace } from '../simulate/read-trace.ts';
import { simulate } from '../simulate/simulate.ts';
import { savingLines, simulationTable } from '../simulate/simulation-table.ts';
import type { CommandWorld } from './run-autoscaler-command.ts';
import { simulateTexts } from './simulate-texts.ts';

const options = {
  trace: { type: 'string' },
  config: { type: 'string' },
  'replica-rps': { type: 'string' },
  startup: { type: 'string', default: '60' },
  'slo-ms': { type: 'string', default: '500' },
  policy: { type: 'string', multiple: true, default: ['all'] },
  peak: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsConfig['options'];

/** Runs `autoscaler simulate ARGS`; answers the exit status: 0 done, 2 wrong usage, trace or configuration. */
export function runSimulateCommand(args: readonly string[], world: CommandWorld, locale: Locale): 0 | 2 {
  const texts = simulateTexts[locale];
  const refuse = (complaint: string): 2 => {
    world.stderr(`autoscaler simulate: ${complaint}`);
    world.stderr(texts.seeHelp);
    return 2;
  };
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) {
      world.stdout(texts.help);
      return 0;
    }
    if (values.trace === undefined) return refuse(texts.noTrace);
    const numbers = { startup: values.startup, 'slo-ms': values['slo-ms'] };
    for (const [name, text] of Object.entries({
      ...numbers,
      ...(values['replica-rps'] === undefined ? {} : { 'replica-rps': values['replica-rps'] }),
      ...(values.peak === undefined ? {} : { peak: values.peak }),
    })) {
      const least = name === 'startup' ? 0 : Number.MIN_VALUE;
      if (text.trim() === '' || !(Number(text) >= least) || !Number.isFinite(Number(text))) {
        return refuse(texts.badNumber(name, text));
      }
    }
    const text = readText(values.trace);
    const trace = readTrace(text, values.trace);
    const wanted = values.policy.flatMap((names) => names.split(',')).map((name) => name.trim());
    const config = values.config === undefined ? undefined : loadAutoscalerConfig(values.config);
    const report = simulate({
      trace,
      name: basename(values.trace).replace(/\.csv$/, ''),
      startupSeconds: Number(values.startup),
      sloMs: Number(values['slo-ms']),
      policies: wanted.includes('all') ? 'all' : (wanted as PolicyName[]),
      onProgress: (policy) => world.stderr(texts.running(policy)),
      ...(config === undefined ? {} : { config }),
      ...(values['replica-rps'] === undefined ? {} : { replicaRps: Number(values['replica-rps']) }),
      ...(values.peak === undefined ? {} : { peakReplicas: Number(values.peak) }),
    });
    if (values.json) world.stdout(JSON.stringify(report));
    else {
      const scale = values['replica-rps'] === undefined ? texts.scaled(values.peak ?? '20') : '';
      world.stdout(texts.heading(report.trace, values.startup, values['slo-ms'], scale));
      for (const line of [...simulationTable(report, locale), ...savingLines(report, locale)]) {
        world.stdout(line);
      }
    }
    return 0;
  } catch (error) {
    if (error instanceof ConfigError) {
      world.stderr(error.message);
      return 2;
    }
    if ((error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
    return refuse((error as Error).message);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    const problem = `cannot read the trace (${code})`;
    throw new ConfigError(path, [{ code: 'unreadable', path: '', problem }], { cause });
  }
}
