import { builtinFunctions } from './builtin-functions.ts';
import { prometheusFunctions, type TemplateEnvironment } from './prometheus-functions.ts';
import type { Value } from './value.ts';

/** A function that templates may call. It throws an Error whose message follows `error calling NAME:`. */
export interface TemplateFunction {
  readonly min: number;
  readonly max: number;
  readonly call: (...args: Value[]) => Value;
  /** Whether every parameter is a string in Go, which is looked at before anything is called. */
  readonly isTextual?: boolean;
  /** How many characters its work is worth. @defaultValue the length of its texts */
  readonly cost?: ((...args: Value[]) => number) | undefined;
}

export type FunctionTable = ReadonlyMap<string, TemplateFunction>;

let last: { readonly environment: TemplateEnvironment; readonly table: FunctionTable } | undefined;

/**
 * All functions of Go's text/template and of Prometheus's rule templates. The templates of one evaluation share a
 * table: thousands of alerts need it one after the other.
 */
export function functionTable(environment: TemplateEnvironment): FunctionTable {
  const { nowMs, externalUrl, query } = environment;
  const isSame =
    last?.environment.nowMs === nowMs &&
    last.environment.externalUrl === externalUrl &&
    last.environment.query === query;
  if (last === undefined || !isSame) {
    const own = { nowMs, ...(externalUrl === undefined ? {} : { externalUrl }), ...(query && { query }) };
    last = { environment: own, table: new Map([...builtinFunctions, ...prometheusFunctions(own)]) };
  }
  return last.table;
}
