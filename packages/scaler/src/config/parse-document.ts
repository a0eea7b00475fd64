import { ConfigError, nearestName, type ConfigErrorCode, type ConfigIssue } from '@tidewatch/core';
import { isMap, isPair, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { configDocument, knownKeys, type ConfigDocument } from './config-document.ts';

type Path = readonly PropertyKey[];

/** A place in the file, 1-based. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** The document with a way back from a path to its place in the file. */
export interface PlacedDocument {
  readonly document: ConfigDocument;
  readonly placeOf: (path: Path) => Place;
}

/**
 * Parses and checks the shape of `config.yaml`.
 *
 * @throws {@link ConfigError} listing every fault with line and column.
 */
export function parseConfigDocument(text: string, source: string): PlacedDocument {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  // What the parser says after its first fault is mostly a consequence of it.
  const [fault] = yaml.errors;
  if (fault !== undefined) {
    const { line, col } = lines.linePos(fault.pos[0]);
    const remedy = 'check the indentation, and quote values that contain [ ] { } , : or #';
    const issue: ConfigIssue = {
      code: 'syntax',
      path: '',
      problem: fault.message,
      remedy,
      line,
      column: col,
    };
    throw new ConfigError(source, [issue]);
  }

  const placeOf = (path: Path): Place => {
    const { line, col } = lines.linePos(offsetOf(yaml, path));
    return { line, column: col };
  };
  const value = toValue(yaml, source);
  const parsed = configDocument.safeParse(value);
  if (parsed.success) return { document: parsed.data, placeOf };

  const [issue, ...others] = parsed.error.issues
    .flatMap((fault) => toIssues(fault, value))
    .map((fault): ConfigIssue => Object.assign(fault, { path: printPath(fault.path) }, placeOf(fault.path)))
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if (issue === undefined) throw new TypeError('a rejected document without an issue');
  throw new ConfigError(source, [issue, ...others]);
}

function toValue(yaml: Document.Parsed, source: string): unknown {
  try {
    return yaml.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (cause) {
    // An alias without an anchor, or aliases that multiply without end.
    const problem = cause instanceof Error ? cause.message : String(cause);
    const remedy = 'write the values out instead of using aliases';
    throw new ConfigError(source, [{ code: 'syntax', path: '', problem, remedy, line: 1, column: 1 }], {
      cause,
    });
  }
}

/** `metrics[0].query` */
export function printPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
}

/** Offset of the key when the path ends in one, else of the nearest parent that exists. */
function offsetOf(yaml: Document.Parsed, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown = length === 1 ? yaml.contents : yaml.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === last);
      if (pair !== undefined && isScalar(pair.key)) return pair.key.range?.[0] ?? 0;
    }
    const node: unknown = yaml.getIn(path.slice(0, length), true);
    if (hasRange(node)) return node.range[0];
  }
  return 0;
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && Array.isArray((node as { range?: unknown }).range);
}

interface Fault {
  readonly code: ConfigErrorCode;
  readonly path: Path;
  readonly problem: string;
  readonly remedy?: string;
}

function toIssues(issue: z.core.$ZodIssue, root: unknown): Fault[] {
  const { path } = issue;
  const got = valueAt(root, path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  if (issue.code === 'invalid_union') return [closestBranch(issue, root)];
  if (got === undefined)
    return [{ code: 'missing-key', path, problem: `missing; expected ${expected(issue)}` }];
  const code =
    issue.code === 'invalid_type' || issue.code === 'invalid_value' ? 'wrong-type' : 'out-of-range';
  return [{ code, path, problem: `expected ${expected(issue)}, got ${print(got)}` }];
}

function unknownKey(path: Path, key: string): Fault {
  const parent = path.findLast((step) => typeof step === 'string' && Object.hasOwn(knownKeys, step)) ?? '';
  const known = knownKeys[String(parent)] ?? [];
  const near = nearestName(key, known);
  const remedy = near === undefined ? `known keys: ${known.join(', ')}` : `did you mean "${near}"?`;
  return { code: 'unknown-key', path: [...path, key], problem: `unknown key "${key}"`, remedy };
}

/** Of the alternatives of a union, a fault further inside one of them says more than "none fits". */
function closestBranch(issue: z.core.$ZodIssueInvalidUnion, root: unknown): Fault {
  const inner = issue.errors.flat().find(({ path }) => path.length > 0);
  const keys = issue.errors.flat().find(({ code }) => code === 'unrecognized_keys');
  const deeper = inner ?? keys;
  if (deeper !== undefined) {
    const [fault] = toIssues({ ...deeper, path: [...issue.path, ...deeper.path] }, root);
    if (fault !== undefined) return fault;
  }
  const choices = [...new Set(issue.errors.flat().map(expected))].join(' or ');
  const got = valueAt(root, issue.path);
  return { code: 'wrong-type', path: issue.path, problem: `expected ${choices}, got ${print(got)}` };
}

function expected(issue: z.core.$ZodIssue): string {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the other codes carry their own words
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'object' || issue.expected === 'record') return 'a mapping';
      if (issue.expected === 'array') return 'a list';
      if (issue.expected === 'int') return 'a whole number';
      return `${/^[aeio]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' or ');
    case 'too_small':
      if (issue.origin === 'array') return 'at least one entry';
      if (issue.origin === 'string') return 'a text that is not empty';
      return `a number ${issue.inclusive === false ? 'above' : 'of at least'} ${issue.minimum}`;
    case 'invalid_format':
      return issue.message.startsWith('Invalid') ? 'three capital letters such as CNY' : issue.message;
    default:
      return issue.message;
  }
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    root,
  );
}

function print(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  // An address may hold a password.
  const text = (JSON.stringify(value) ?? String(value)).replace(/\/\/[^/@]*@/, '//…@');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
