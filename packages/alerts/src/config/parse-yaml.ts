import { ConfigError, nearestName, type ConfigErrorCode, type ConfigIssue } from '@tidewatch/core';
import { isMap, isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import type { Source } from './read-source.ts';

export interface ParseYamlOptions {
  /** Keys that the original program knows and this one does not yet: they get an error of their own. */
  readonly notSupportedYet?: ReadonlySet<string>;
}

/** More faults than this are not listed: the first ones are mended first. */
const MAX_ISSUES = 20;
/** Bounds what aliases may expand to, against a "billion laughs" file. */
const MAX_ALIASES = 100;

/**
 * Reads YAML strictly: unknown keys and wrong types are faults with line, column and the nearest known key.
 *
 * All scalars reach the schema as the text the user wrote, as Prometheus reads them: `severity: 1` is "1".
 *
 * @throws {@link ConfigError} with every fault found, in the order of the document.
 */
export function parseYaml<T>(source: Source, schema: z.ZodType<T>, options: ParseYamlOptions = {}): T {
  const lines = new LineCounter();
  const document = parseDocument(source.text, {
    schema: 'failsafe',
    lineCounter: lines,
    prettyErrors: false,
  });
  const faults = document.errors.map(({ message, pos }): ConfigIssue => {
    const { line, col } = lines.linePos(pos[0]);
    return {
      code: 'syntax',
      path: '',
      problem: message.split('\n')[0] ?? 'not valid YAML',
      line,
      column: col,
    };
  });
  throwIfAny(source, faults);
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    throwIfAny(source, [{ code: 'syntax', path: '', problem: `more than ${MAX_ALIASES} aliases` }]);
  }
  const result = schema.safeParse(content === null ? undefined : content);
  if (result.success) return result.data;
  const issues = result.error.issues
    .flatMap((issue) => describe(issue, { schema, document, lines, options }))
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  throwIfAny(source, issues);
  throw result.error;
}

interface Context {
  readonly schema: z.ZodType;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly options: ParseYamlOptions;
}

type Path = readonly PropertyKey[];

function describe(issue: z.core.$ZodIssue, context: Context): ConfigIssue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, issue.path, context));
  }
  const isMissing = issue.code === 'invalid_type' && !has(context.document, issue.path);
  if (isMissing) {
    const key = String(issue.path.at(-1) ?? 'the document');
    const place = placeOf(issue.path.slice(0, -1), context);
    return [{ code: 'missing-key', path: print(issue.path), problem: `${key} is missing`, ...place }];
  }
  const code = codeOf(issue);
  return [
    { code, path: print(issue.path), problem: problemOf(issue, context), ...placeOf(issue.path, context) },
  ];
}

function codeOf(issue: z.core.$ZodIssue): ConfigErrorCode {
  if (issue.code === 'invalid_type') return 'wrong-type';
  if (issue.code !== 'custom') return 'out-of-range';
  return (issue.params?.['code'] as ConfigErrorCode | undefined) ?? 'wrong-type';
}

function problemOf(issue: z.core.$ZodIssue, { document }: Context): string {
  if (issue.code !== 'invalid_type') return issue.message;
  const node = document.getIn(issue.path, true);
  const got = isMap(node) ? 'a map' : isNode(node) && 'items' in node ? 'a list' : 'a text';
  const names: Record<string, string> = {
    string: 'a text',
    array: 'a list',
    object: 'a map',
    record: 'a map',
  };
  return `expected ${names[issue.expected] ?? issue.expected}, got ${got}`;
}

function unknownKey(key: string, parent: Path, context: Context): ConfigIssue {
  const place = placeOf([...parent, key], context);
  const path = print([...parent, key]);
  if (context.options.notSupportedYet?.has(key) === true) {
    const problem = `${JSON.stringify(key)} is a key of Alertmanager that is not supported yet`;
    return { code: 'unknown-key', path, problem, remedy: 'remove it', ...place };
  }
  const known = knownKeys(context.schema, parent);
  const nearest = nearestName(key, known);
  const remedy = nearest === undefined ? `known keys: ${known.join(', ')}` : `did you mean "${nearest}"?`;
  return { code: 'unknown-key', path, problem: `unknown key ${JSON.stringify(key)}`, remedy, ...place };
}

function has(document: Document, path: Path): boolean {
  return path.length === 0 ? document.contents !== null : document.hasIn(path);
}

/** The place of the key in a map, of the item in a list; of the nearest parent when it is not there. */
function placeOf(path: Path, context: Context): { line?: number; column?: number } {
  const { document, lines } = context;
  const parent = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isNode(key) && String(key) === String(path.at(-1)))
    : undefined;
  const node = isNode(pair?.key) ? pair.key : document.getIn(path, true);
  if (!isNode(node) || node.range === undefined || node.range === null) {
    return path.length === 0 ? {} : placeOf(path.slice(0, -1), context);
  }
  const { line, col } = lines.linePos(node.range[0]);
  return { line, column: col };
}

/** The keys that the schema has at a path, looked up through arrays, defaults and transforms. */
function knownKeys(schema: z.ZodType, path: Path): string[] {
  let current: unknown = schema;
  for (const step of [...path, undefined]) {
    while (!(current instanceof z.ZodObject) && !(current instanceof z.ZodArray)) {
      const def = (
        current as { def?: { innerType?: unknown; in?: unknown; getter?: () => unknown } } | undefined
      )?.def;
      const inner = def?.innerType ?? def?.in ?? def?.getter?.();
      if (inner === undefined) return [];
      current = inner;
    }
    if (step === undefined) break;
    current =
      current instanceof z.ZodArray ? current.element : (current.shape as Record<PropertyKey, unknown>)[step];
  }
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

function print(path: Path): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`,
    )
    .join('');
}

function throwIfAny(source: Source, issues: readonly ConfigIssue[]): void {
  const [first, ...rest] = issues;
  if (first !== undefined) throw new ConfigError(source.name, [first, ...rest.slice(0, MAX_ISSUES - 1)]);
}
