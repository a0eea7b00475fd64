import type { CallExpr, ValueType } from '../language/ast.ts';
import type { Evaluation } from '../engine/evaluation.ts';
import type { Value } from '../engine/value.ts';

/** The samples of one series that one step sees: those with index from `from` up to but not including `to`; at least one. */
export interface Window {
  times: Float64Array;
  values: Float64Array;
  from: number;
  to: number;
  /** Bounds of the window, its start excluded. */
  startMs: number;
  endMs: number;
  /** Time of the step, which `offset` and `@` do not move. */
  stepMs: number;
  /** Whether a value from `from + 1` up to but not including `to` is below the one before it. */
  hasFalls(from: number, to: number): boolean;
}

/** The result of one step, or `undefined` for none. `parameters` are the scalar arguments. */
export type WindowFunction = (window: Readonly<Window>, ...parameters: number[]) => number | undefined;

/** How a function is computed. */
type FunctionBody =
  | { readonly kind: 'window'; readonly compute: WindowFunction; readonly name: 'drops' | 'keeps' }
  | {
      readonly kind: 'each';
      readonly compute: (value: number, ...parameters: number[]) => number | undefined;
    }
  | {
      readonly kind: 'scalar';
      readonly compute: (evaluation: Evaluation, timeMs: number, ...parameters: number[]) => number;
    }
  | {
      readonly kind: 'whole';
      readonly compute: (call: CallExpr, evaluation: Evaluation) => Promise<Value> | Value;
    }
  | { readonly kind: 'unsupported' };

/** One PromQL function: its signature and its body. */
export interface FunctionRow {
  readonly args: readonly ValueType[];
  /** How many of the last arguments may be left out. @defaultValue 0 */
  readonly optional?: number;
  /** The last argument may repeat or be left out. @defaultValue false */
  readonly variadic?: boolean;
  readonly returns: 'scalar' | 'vector';
  /** Needs the engine's option `experimental`. */
  readonly experimental?: true;
  /** `counter`: remark on a metric that does not look like one. `quantile`: warn of a first argument outside 0 to 1. */
  readonly remarks?: 'counter' | 'quantile';
  readonly body: FunctionBody;
}

type Details = Partial<Omit<FunctionRow, 'body'>>;

/** A function of the samples in a range; its scalar parameters follow the range unless `args` says otherwise. */
export function overWindow(compute: WindowFunction, details: Details = {}): FunctionRow {
  return {
    args: ['matrix'],
    returns: 'vector',
    ...details,
    body: { kind: 'window', compute, name: 'drops' },
  };
}

/** As {@link overWindow}, but the result is still a value of the same metric. */
export function pickingFromWindow(compute: WindowFunction): FunctionRow {
  return { args: ['matrix'], returns: 'vector', body: { kind: 'window', compute, name: 'keeps' } };
}

/** A function of each value by itself. */
export function ofEach(
  compute: (value: number, ...parameters: number[]) => number | undefined,
  details: Details = {},
): FunctionRow {
  return { args: ['vector'], returns: 'vector', ...details, body: { kind: 'each', compute } };
}

/** A function without series. */
export function ofScalars(
  compute: (evaluation: Evaluation, timeMs: number, ...parameters: number[]) => number,
  details: Details = {},
): FunctionRow {
  return { args: [], returns: 'scalar', ...details, body: { kind: 'scalar', compute } };
}

/** A function that works on whole vectors. */
export function ofWhole(
  args: readonly ValueType[],
  compute: (call: CallExpr, evaluation: Evaluation) => Promise<Value> | Value,
  details: Details = {},
): FunctionRow {
  return { args, returns: 'vector', ...details, body: { kind: 'whole', compute } };
}

/** PromQL that parses and is refused with its name when evaluated. */
export function notSupported(args: readonly ValueType[], details: Details = {}): FunctionRow {
  return { args, returns: 'vector', ...details, body: { kind: 'unsupported' } };
}
