// What a forecast is worth to the slo policy, at start-ups of 60, 180 and 600 s: none, the seasonal experts that ship, and
// besides them MSTL with exponential smoothing or Prophet of @bsull/augurs, fitted anew every six hours on the four days
// before.
//
//   TRACES=folder node --conditions=@tidewatch/source bench/scaler-forecasts.ts
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTrace, type Trace } from '@tidewatch/scaler';
import { runAugursModel } from '../packages/scaler/src/forecast/augurs-model.ts';
import { runPolicy, type SimulatedWorld } from '../packages/scaler/src/simulate/run-policy.ts';
import { runStrictOracle, simulatedWorld } from '../packages/scaler/src/simulate/simulated-world.ts';
import { objectivePolicy, type ObjectivePolicyOptions } from '../packages/scaler/src/simulate/slo-policy.ts';
import { policyTable } from './support/policy-table.ts';

const folder = process.env['TRACES'];
const STEP_SECONDS = 5;
const BIN_SECONDS = 300;
const DAY_BINS = 288;
const REFIT_BINS = 72;
const HISTORY_BINS = 4 * DAY_BINS;
/** Between two fits, and a horizon of the longest start-up beyond. */
const AHEAD_BINS = REFIT_BINS + 6;

if (folder === undefined || !existsSync(folder)) {
  console.log('scaler-forecasts: set TRACES to a folder of traces (timestamp_s,requests); skipped');
} else {
  const traces = readdirSync(folder)
    .filter((name) => name.endsWith('.csv'))
    .map((name) => readTrace(readFileSync(join(folder, name), 'utf8'), name.replace(/_\d+d_.*|\.csv$/, '')))
    .filter(({ binSeconds, requests }) => binSeconds <= 60 && binSeconds * requests.length >= 7 * 86_400);
  const lines = [
    '## What a forecast is worth',
    '',
    'GPU-hours × oracle P99.9 / late requests / bad minutes. A forecast can only raise the replicas, and only while following it has been cheaper; what it costs or saves beside that is told as it is.',
    '',
    '| trace | start-up | none | yesterday and last week | and MSTL + ETS | and Prophet |',
    '| --- | --: | --: | --: | --: | --: |',
  ];
  for (const trace of traces) lines.push(...(await rowsOf(trace)));
  policyTable('scaler-forecasts', [...lines, '']);
}

async function rowsOf(trace: Trace): Promise<string[]> {
  const mstl = await forecastsOf('mstl', simulatedWorld({ trace }));
  const prophet = await forecastsOf('prophet', simulatedWorld({ trace }));
  return [60, 180, 600].map((startupSeconds) => {
    console.error(`${trace.name}, start-up ${startupSeconds} s …`);
    const world = simulatedWorld({ trace, startupSeconds });
    const oracle = runStrictOracle(world).replicaSeconds;
    const cell = (options: ObjectivePolicyOptions): string => {
      const outcome = runPolicy(world, objectivePolicy('slo', options)(world));
      const late = ((outcome.lateRequests / outcome.requests) * 100).toFixed(2);
      const bad = ((outcome.badMinutes / outcome.minutes) * 100).toFixed(2);
      return `${(outcome.replicaSeconds / oracle).toFixed(3)} / ${late} % / ${bad} %`;
    };
    const cells = [
      cell({ forecast: 'none' }),
      cell({}),
      cell({ expected: mstl }),
      cell({ expected: prophet }),
    ];
    return `| ${trace.name} | ${startupSeconds} s | ${cells.join(' | ')} |`;
  });
}

/** Every forecast of the trace, each made of the four days before it; the load is the same for every start-up. */
async function forecastsOf(
  model: 'mstl' | 'prophet',
  { load }: SimulatedWorld,
): Promise<NonNullable<ObjectivePolicyOptions['expected']>> {
  const steps = BIN_SECONDS / STEP_SECONDS;
  const bins = Array.from({ length: Math.floor(load.length / steps) }, (_, bin) => {
    const part = load.subarray(bin * steps, (bin + 1) * steps);
    return part.reduce((sum, rate) => sum + rate, 0) / steps;
  });
  const fits = new Map<number, readonly number[]>();
  for (let at = HISTORY_BINS; at < bins.length; at += REFIT_BINS) {
    const rates = bins.slice(at - HISTORY_BINS, at);
    const request = {
      model,
      startSeconds: 0,
      stepSeconds: BIN_SECONDS,
      rates,
      seasons: [DAY_BINS],
    } as const;
    fits.set(at, await runAugursModel({ ...request, steps: AHEAD_BINS }));
  }
  return (nowMs, thenMs) => {
    const at = Math.floor(nowMs / 1000 / BIN_SECONDS / REFIT_BINS) * REFIT_BINS;
    const values = fits.get(at);
    const first = Math.floor(thenMs / 1000 / BIN_SECONDS) - at;
    const [one, other] = [values?.[first], values?.[first + 1]];
    return one === undefined || other === undefined ? {} : { [model]: Math.max(0, one, other) };
  };
}
