import { ConfigError } from '../vocabulary/config-error.ts';
import { FixedSum } from '../scores/fixed-sum.ts';
import { MeanSum, type MeanSumState } from '../scores/mean-sum.ts';
import {
  STATE_VERSION,
  type ClassifierState,
  type ScoreState,
  type StateConfig,
  type WindowState,
} from './classifier-state.ts';
import { mergeTables, type CountTable } from './count-table.ts';

/**
 * Adds what several monitors have counted. Ratios are computed from the sums, never averaged; associative and
 * commutative, to the last bit.
 *
 * @throws {@link ConfigError} when there is no state, one has another version, or their monitors were not alike.
 */
export function mergeStates(states: readonly ClassifierState[]): ClassifierState {
  const [first] = states;
  if (first === undefined) {
    throw fault('missing-key', 'states', 'expected at least one state, got none');
  }
  states.forEach((state, index) => demandAlike(first, state, index));
  const tables = (table: (state: ClassifierState) => CountTable, keys: number): CountTable =>
    mergeTables(states.map(table), keys);
  return {
    tidewatchState: STATE_VERSION,
    config: first.config,
    asOfMs: Math.max(...states.map(({ asOfMs }) => asOfMs)),
    windows: first.windows.map((_, place) =>
      mergeWindows(states.flatMap(({ windows }) => windows[place] ?? [])),
    ),
    now: tables(({ now }) => now, 0),
    learnt: tables(({ learnt }) => learnt, 2),
    learntConfusion: tables(({ learntConfusion }) => learntConfusion, 2),
    grades: tables(({ grades }) => grades, 0),
    driftReference: tables(({ driftReference }) => driftReference, 2),
    detectors: tables(({ detectors }) => detectors, 1),
  };
}

function mergeWindows(windows: readonly WindowState[]): WindowState {
  const tables = (table: (state: WindowState) => CountTable, keys: number): CountTable =>
    mergeTables(windows.map(table), keys);
  return {
    windowMs: windows[0]?.windowMs ?? 0,
    watchedMs: Math.max(...windows.map(({ watchedMs }) => watchedMs)),
    events: tables(({ events }) => events, 0),
    classes: tables(({ classes }) => classes, 1),
    confusion: tables(({ confusion }) => confusion, 2),
    durations: tables(({ durations }) => durations, 1),
    labelDelays: tables(({ labelDelays }) => labelDelays, 1),
    calibration: tables(({ calibration }) => calibration, 1),
    confidences: tables(({ confidences }) => confidences, 2),
    curves: tables(({ curves }) => curves, 2),
    segments: tables(({ segments }) => segments, 2),
    sets: mergeMeans(windows.map(({ sets }) => sets)),
    scores: mergeScores(windows.map(({ scores }) => scores)),
  };
}

function mergeMeans(states: readonly (readonly MeanSumState[])[]): readonly MeanSumState[] {
  const length = Math.max(...states.map((state) => state.length));
  return Array.from({ length }, (_, place) => {
    const sum = new MeanSum();
    for (const { [place]: state } of states) if (state !== undefined) sum.merge(MeanSum.from(state));
    return sum.toJSON();
  });
}

const NO_MEAN: MeanSumState = new MeanSum().toJSON();

function mergeScores(states: readonly ScoreState[]): ScoreState {
  const losses = mergeMeans(states.map(({ logLoss, brier }) => [logLoss, brier]));
  const [logLoss = NO_MEAN, brier = NO_MEAN] = losses;
  return {
    n: states.reduce((sum, { n }) => sum + n, 0),
    logLoss,
    brier,
    topK: (states[0]?.topK ?? []).map((_, place) => {
      const sum = new FixedSum();
      for (const { topK } of states) sum.merge(new FixedSum(...(topK[place] ?? [0, 0])));
      return sum.toJSON();
    }),
  };
}

function demandAlike(first: ClassifierState, state: ClassifierState, index: number): void {
  const version: unknown = state?.tidewatchState;
  if (version !== STATE_VERSION) {
    const problem = `expected a state of version ${STATE_VERSION}, got ${JSON.stringify(version) ?? 'none'}`;
    throw fault('out-of-range', `[${index}].tidewatchState`, problem);
  }
  for (const key of Object.keys(first.config) as (keyof StateConfig)[]) {
    const [expected, got] = [first.config[key], state.config[key]].map((value) => JSON.stringify(value));
    if (expected === got) continue;
    throw fault(
      'contradiction',
      `[${index}].config.${key}`,
      `expected ${expected} as in the first state, got ${got}`,
    );
  }
}

function fault(
  code: 'missing-key' | 'out-of-range' | 'contradiction',
  path: string,
  problem: string,
): ConfigError {
  const remedy =
    'merge states that monitors with the same options exported, with the same version of this package';
  return new ConfigError('ClassifierMonitor.merge', [{ code, path, problem, remedy }]);
}
