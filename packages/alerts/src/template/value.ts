import { formatFloat } from './format-float.ts';
import { formatTimestamp, GoTime } from './timestamp.ts';

/**
 * What a template computes with. Go tells an int from a float64 (`printf "%d"`, `eq 1 1.0`), so an int is a
 * bigint and a float64 is a number; a map is a Map, a struct of Prometheus a {@link QueryResult}.
 */
export type Value =
  | undefined
  | boolean
  | bigint
  | number
  | string
  | GoTime
  | QueryResult
  | readonly Value[]
  | ReadonlyMap<string, Value>
  | Fields;

/** One sample of a query made inside a template, with the fields `.Labels` and `.Value`. */
export class QueryResult {
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;

  constructor(labels: ReadonlyMap<string, string>, value: number) {
    this.labels = labels;
    this.value = value;
  }
}

/** A value with named fields and nothing else: the data a template is executed with. */
export class Fields {
  readonly fields: ReadonlyMap<string, Value>;

  constructor(fields: Readonly<Record<string, Value>>) {
    this.fields = new Map(Object.entries(fields));
  }
}

/** Go's name of the value's type, as error messages and `%T` print it. */
export function typeName(value: Value): string {
  if (value === undefined) return '<nil>';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'string') return 'string';
  if (value instanceof GoTime) return '*time.Time';
  if (value instanceof QueryResult) return 'template.sample';
  if (value instanceof Fields) return 'struct';
  return isMap(value) ? 'map[string]string' : 'template.queryResult';
}

/** Whether `if` and `with` take the branch: everything but the type's zero value. */
export function isTrue(value: Value): boolean {
  if (value === undefined) return false;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value !== 0n;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  if (Array.isArray(value)) return value.length > 0;
  return isMap(value) ? value.size > 0 : true;
}

/** Prints as Go's `%v`; a map is sorted by key. */
export function printValue(value: Value): string {
  if (value === undefined) return '<no value>';
  if (typeof value === 'number') return formatFloat(value, 'g', -1);
  if (typeof value === 'string') return value;
  if (value instanceof GoTime) return formatTimestamp(value.unixMs);
  if (value instanceof QueryResult) return `{${printMap(value.labels)} ${printValue(value.value)}}`;
  if (value instanceof Fields) return `{${[...value.fields.values()].map(printValue).join(' ')}}`;
  if (isMap(value)) return printMap(value);
  if (typeof value === 'object') return `[${value.map(printValue).join(' ')}]`;
  return String(value);
}

/** A type guard that ReadonlyMap needs: `instanceof Map` narrows to the mutable one. */
export function isMap(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map;
}

/** A type guard that readonly arrays need: `Array.isArray` narrows to mutable ones. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function printMap(map: ReadonlyMap<string, Value>): string {
  const keys = [...map.keys()].sort();
  return `map[${keys.map((key) => `${key}:${printValue(map.get(key))}`).join(' ')}]`;
}
