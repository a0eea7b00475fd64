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

/** All functions of Go's text/template and of Prometheus's rule templates. */
export function functionTable(environment: TemplateEnvironment): FunctionTable {
  return new Map([...builtinFunctions, ...prometheusFunctions(environment)]);
}
