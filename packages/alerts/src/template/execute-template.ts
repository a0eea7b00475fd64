import type { FunctionTable, TemplateFunction } from './function-table.ts';
import { lineOf } from './lex.ts';
import type { BranchNode, Command, Node, Operand, ParsedTemplate, Pipeline } from './node.ts';
import { TemplateError } from './template-error.ts';
import { Fields, isList, isMap, isTrue, printValue, QueryResult, typeName, type Value } from './value.ts';

/** A template that takes more steps, or writes more characters, is stopped: it runs inside the host's process. */
const MAX_STEPS = 10_000;
/** What calling a function is worth, besides the length of what it reads. */
const STEPS_A_CALL = 4;
const MAX_OUTPUT = 262_144;
const MAX_TEMPLATE_DEPTH = 20;
/** Of what functions read, counted as one step. */
const CHARACTERS_A_STEP = 256;

interface Binding {
  readonly name: string;
  value: Value;
}

class LoopSignal extends Error {
  readonly kind: 'break' | 'continue';

  constructor(kind: 'break' | 'continue') {
    super(kind);
    this.kind = kind;
  }
}

/**
 * Executes a parsed template over its data. Pure but for what the functions of the table do.
 *
 * @throws {@link TemplateError} with Go's wording, place and expression included.
 */
export function executeTemplate(template: ParsedTemplate, data: Value, functions: FunctionTable): string {
  const execution = new Execution(template, functions);
  execution.run(template.nodes, data);
  return execution.output();
}

class Execution {
  readonly #template: ParsedTemplate;
  readonly #functions: FunctionTable;
  #bindings: Binding[] = [];
  /** Put together at the end: a text that grows piece by piece keeps all its pieces in memory. */
  readonly #written: string[] = [];
  #writtenLength = 0;
  #steps = 0;
  #depth = 0;

  constructor(template: ParsedTemplate, functions: FunctionTable) {
    this.#template = template;
    this.#functions = functions;
  }

  output(): string {
    return this.#written.join('');
  }

  run(nodes: readonly Node[], dot: Value): void {
    this.#bindings = [{ name: '$', value: dot }];
    this.#walkAll(nodes, dot);
  }

  #walkAll(nodes: readonly Node[], dot: Value): void {
    for (const node of nodes) this.#walk(node, dot);
  }

  #walk(node: Node, dot: Value): void {
    if (++this.#steps > MAX_STEPS) throw this.#error('exceeded maximum number of steps');
    switch (node.kind) {
      case 'text':
        return this.#write(node.text);
      case 'print': {
        const value = this.#pipeline(node.pipeline, dot);
        if (node.pipeline.variables.length === 0) this.#write(printValue(value));
        return undefined;
      }
      case 'if':
      case 'with':
        return this.#scoped(() => {
          const value = this.#pipeline(node.pipeline, dot);
          const inner = node.kind === 'with' && isTrue(value) ? value : dot;
          this.#walkAll(isTrue(value) ? node.body : node.otherwise, inner);
        });
      case 'range':
        return this.#scoped(() => this.#range(node, dot));
      case 'template':
        return this.#call(node, dot);
      case 'break':
      case 'continue':
        throw new LoopSignal(node.kind);
    }
  }

  #range(node: BranchNode, dot: Value): void {
    const { commands, variables } = node.pipeline;
    const over = this.#pipeline({ ...node.pipeline, variables: [], commands }, dot);
    const entries = this.#entriesOf(over, node.pipeline);
    if (entries.length === 0) return this.#walkAll(node.otherwise, dot);
    for (const [key, value] of entries) {
      const [first, second] = variables;
      const mark = this.#bindings.length;
      if (second !== undefined)
        this.#bindings.push({ name: first ?? '', value: key }, { name: second, value });
      else if (first !== undefined) this.#bindings.push({ name: first, value });
      try {
        this.#walkAll(node.body, value);
      } catch (signal) {
        if (!(signal instanceof LoopSignal)) throw signal;
        if (signal.kind === 'break') return undefined;
      } finally {
        this.#bindings.length = mark;
      }
    }
    return undefined;
  }

  #entriesOf(over: Value, pipeline: Pipeline): (readonly [Value, Value])[] {
    if (over === undefined) return [];
    if (isList(over)) return over.map((value, index) => [BigInt(index), value] as const);
    if (typeof over === 'bigint' && over <= BigInt(MAX_STEPS))
      return Array.from(
        { length: Math.max(0, Number(over)) },
        (_, index) => [BigInt(index), BigInt(index)] as const,
      );
    if (typeof over === 'bigint') throw this.#error('exceeded maximum number of steps', pipeline.commands[0]);
    if (isMap(over)) return [...over].sort(([a], [b]) => (a < b ? -1 : 1));
    throw this.#error(`range can't iterate over ${printValue(over)}`, pipeline.commands[0]);
  }

  #call(node: Extract<Node, { kind: 'template' }>, dot: Value): void {
    const body = this.#template.definitions.get(node.name);
    if (body === undefined) throw this.#error(`template ${JSON.stringify(node.name)} not defined`);
    if (++this.#depth > MAX_TEMPLATE_DEPTH) throw this.#error('exceeded maximum template depth');
    const argument = node.pipeline === undefined ? undefined : this.#pipeline(node.pipeline, dot);
    const bindings = this.#bindings;
    this.run(body, argument);
    this.#bindings = bindings;
    this.#depth--;
  }

  #scoped(body: () => void): void {
    const mark = this.#bindings.length;
    try {
      body();
    } finally {
      this.#bindings.length = mark;
    }
  }

  #pipeline(pipeline: Pipeline, dot: Value): Value {
    let value: Value;
    let hasFinal = false;
    for (const command of pipeline.commands) {
      value = this.#command(command, dot, hasFinal ? [value] : []);
      hasFinal = true;
    }
    for (const name of pipeline.variables) {
      const known = pipeline.assigns
        ? this.#bindings.findLast((binding) => binding.name === name)
        : undefined;
      if (known === undefined) this.#bindings.push({ name, value });
      else known.value = value;
    }
    return value;
  }

  #command(command: Command, dot: Value, final: readonly Value[]): Value {
    if (++this.#steps > MAX_STEPS) throw this.#error('exceeded maximum number of steps', command);
    const [first, ...rest] = command.operands;
    if (first.kind === 'function') return this.#invoke(first.name, rest, dot, final, command);
    if (first.kind === 'literal' && first.value === undefined) {
      throw this.#error('nil is not a command', command);
    }
    if (rest.length > 0 || final.length > 0) {
      throw this.#error(`can't give argument to non-function ${first.text}`, command);
    }
    return this.#operand(first, dot, command);
  }

  #invoke(
    name: string,
    operands: readonly Operand[],
    dot: Value,
    final: readonly Value[],
    command: Command,
  ): Value {
    const known = this.#functions.get(name);
    if (known === undefined) throw this.#error(`${JSON.stringify(name)} is not a defined function`, command);
    this.#checkArity(name, known, operands.length + final.length, command);
    // `and` and `or` stop at the first operand that decides.
    if (name === 'and' || name === 'or') return this.#shortCircuit(name, operands, dot, final, command);
    const values = operands.map((operand) => {
      const value = this.#operand(operand, dot, command);
      if (known.isTextual === true) this.#checkText(value, operand, command);
      return value;
    });
    if (known.isTextual === true) for (const value of final) this.#checkText(value, undefined, command);
    values.push(...final);
    this.#charge(known.cost?.(...values) ?? lengthOf(values), command);
    try {
      const result = known.call(...values);
      if (typeof result === 'string' && result.length > MAX_OUTPUT) fail();
      return result;
    } catch (error) {
      if (error instanceof TemplateError) throw error;
      throw this.#error(`error calling ${name}: ${(error as Error).message}`, command);
    }
  }

  /** A literal of another type is found by Go as it stands, any other value by what it turned out to be. */
  #checkText(value: Value, operand: Operand | undefined, command: Command): void {
    if (typeof value === 'string') return;
    const place = operand === undefined ? command : { ...command, at: operand.at, text: operand.text };
    if (operand?.kind === 'literal') throw this.#error(`expected string; found ${operand.text}`, place);
    throw this.#error(`wrong type for value; expected string; got ${typeName(value)}`, place);
  }

  /** Long texts are work as well: a function takes a step for every so many characters. */
  #charge(characters: number, command: Command): void {
    this.#steps += STEPS_A_CALL + Math.floor(characters / CHARACTERS_A_STEP);
    if (this.#steps > MAX_STEPS) throw this.#error('exceeded maximum number of steps', command);
  }

  #checkArity(name: string, { min, max }: TemplateFunction, count: number, command: Command): void {
    if (count >= min && count <= max) return;
    const wanted = max === min ? String(min) : `at least ${min}`;
    throw this.#error(`wrong number of args for ${name}: want ${wanted} got ${count}`, command);
  }

  #shortCircuit(
    name: 'and' | 'or',
    operands: readonly Operand[],
    dot: Value,
    final: readonly Value[],
    command: Command,
  ): Value {
    let value: Value;
    for (const operand of operands) {
      value = this.#operand(operand, dot, command);
      if (isTrue(value) === (name === 'or')) return value;
    }
    return final.length > 0 ? final[0] : value;
  }

  #operand(operand: Operand, dot: Value, command: Command): Value {
    switch (operand.kind) {
      case 'literal':
        return operand.value;
      case 'dot':
        return dot;
      case 'variable':
        return this.#bindings.findLast(({ name }) => name === operand.name)?.value;
      case 'function':
        return this.#invoke(operand.name, [], dot, [], {
          operands: [operand],
          at: operand.at,
          text: operand.text,
        });
      case 'pipeline':
        return this.#pipeline(operand.pipeline, dot);
      case 'fields':
      default: {
        let value = this.#operand(operand.base, dot, command);
        for (const name of operand.names) value = this.#field(value, name, operand, command);
        return value;
      }
    }
  }

  #field(value: Value, name: string, operand: Operand, command: Command): Value {
    // The option missingkey=zero: an absent label is the empty string.
    if (isMap(value)) return value.get(name) ?? '';
    if (value instanceof Fields && value.fields.has(name)) return value.fields.get(name);
    if (value instanceof QueryResult && name === 'Labels') return value.labels;
    if (value instanceof QueryResult && name === 'Value') return value.value;
    const place = { ...command, at: operand.at, text: operand.text };
    if (value === undefined) throw this.#error(`nil data; no entry for key ${JSON.stringify(name)}`, place);
    throw this.#error(`can't evaluate field ${name} in type ${typeName(value)}`, place);
  }

  #write(text: string): void {
    this.#written.push(text);
    this.#writtenLength += text.length;
    if (this.#writtenLength > MAX_OUTPUT) throw this.#error(`output exceeds ${MAX_OUTPUT} characters`);
  }

  #error(problem: string, place?: { readonly at: number; readonly text: string }): TemplateError {
    const { name, source } = this.#template;
    if (place === undefined) return new TemplateError(`template: ${name}: ${problem}`);
    const before = source.slice(0, place.at);
    const column = Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1));
    const where = `${name}:${lineOf(source, place.at)}:${column}`;
    return new TemplateError(
      `template: ${where}: executing ${JSON.stringify(name)} at <${place.text}>: ${problem}`,
    );
  }
}

function fail(): never {
  throw new Error(`a text of more than ${MAX_OUTPUT} characters`);
}

function lengthOf(values: readonly Value[]): number {
  return values.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0);
}
